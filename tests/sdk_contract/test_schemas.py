"""Each raw answer validated by the official client's own schemas, and the known disagreements."""

import json
from typing import Any

import httpx
import pytest

from oneentry_scenarios.mock_server import Server
from tests.seed import AUTH_DATA, NEW_ORDER

from .conftest import Node

DEVICE = json.dumps({"fingerprint": "schemas", "deviceInfo": {}})
ORDER = NEW_ORDER | {"paymentAccountIdentifier": "stripe"}


@pytest.fixture
def answers(server: Server) -> dict[str, Any]:
    """One raw answer of each kind."""
    headers = {"x-app-token": "your-app-token", "x-device-metadata": DEVICE}
    with httpx.Client(base_url=f"{server.url}/api/content", headers=headers, trust_env=False) as client:
        providers, storages, payments = "users-auth-providers", "orders-storage", "payments"
        users, orders = f"{providers}/marker/email/users", f"{storages}/marker/orders/orders"
        tokens = client.post(f"{users}/auth", json={"authData": AUTH_DATA}).json()
        client.headers["authorization"] = f"Bearer {tokens['accessToken']}"
        collected = {
            "tokens": tokens,
            "created order": client.post(orders, json=ORDER).json(),
            "updated order": client.put(f"{orders}/89", json=ORDER).json(),
            "created session": client.post(f"{payments}/sessions", json={"orderId": 89, "type": "session"}).json(),
            "provider": client.get(f"{providers}/marker/email").json(),
            "providers": client.get(providers).json(),
            "active sessions": client.get(f"{users}/sessions").json(),
            "user": client.get("users/me").json(),
            "storages": client.get(storages).json(),
            "storage": client.get(f"{storages}/marker/orders").json(),
            "orders": client.get(orders).json(),
            "order": client.get(f"{orders}/89").json(),
            "sessions": client.get(f"{payments}/sessions/").json(),
            "session": client.get(f"{payments}/sessions/46").json(),
            "sessions of an order": client.get(f"{payments}/sessions/order/89").json(),
            "accounts": client.get(f"{payments}/accounts").json(),
            "account": client.get(f"{payments}/accounts/2").json(),
            "error": client.get(f"{payments}/accounts/99").json(),
            "signed out": client.post(f"{users}/logout", json={"refreshToken": tokens["refreshToken"]}).json(),
        }
    return collected


AGREED = {
    "tokens": ("base/validation", "AuthEntitySchema"),
    "provider": ("auth-provider/authProviderSchemas", "AuthProviderEntitySchema"),
    "providers": ("auth-provider/authProviderSchemas", "AuthProvidersResponseSchema"),
    "active sessions": ("auth-provider/authProviderSchemas", "ActiveSessionsResponseSchema"),
    "user": ("base/validation", "UserEntitySchema"),
    "created order": ("orders/ordersSchemas", "CreateOrderResponseSchema"),
    "updated order": ("orders/ordersSchemas", "UpdateOrderResponseSchema"),
    "storages": ("orders/ordersSchemas", "OrdersStorageResponseSchema"),
    "storage": ("orders/ordersSchemas", "OrderStorageSchema"),
    "orders": ("orders/ordersSchemas", "OrdersResponseSchema"),
    "order": ("orders/ordersSchemas", "OrderEntitySchema"),
    "created session": ("payments/paymentsSchemas", "PaymentSessionSchema"),
    "sessions": ("payments/paymentsSchemas", "PaymentSessionsResponseSchema"),
    "session": ("payments/paymentsSchemas", "PaymentSessionSchema"),
    "sessions of an order": ("payments/paymentsSchemas", "SinglePaymentSessionSchema"),
    "accounts": ("payments/paymentsSchemas", "PaymentAccountsResponseSchema"),
    "account": ("payments/paymentsSchemas", "PaymentAccountSchema"),
    "error": ("base/validation", "ErrorSchema"),
}


def test_every_answer_fits_the_schema_of_todays_client(answers: dict[str, Any], node: Node) -> None:
    given = [[*schema, answers[kind]] for kind, schema in AGREED.items()]
    verdicts = dict(zip(AGREED, node("schemas.mjs", "oneentry", given=given), strict=True))
    assert verdicts == {kind: [] for kind in AGREED}


# Where a schema contradicts what the vendor documents elsewhere; the mock server's README gives the reasons.
DISAGREED = [
    ("oneentry", "auth-provider/authProviderSchemas", "LogoutResponseSchema", ["signed out"], [""]),
    ("oneentry", "orders/ordersSchemas", "OrderItemSchema", ["order", "products", 0], ["productId", "total"]),
    (
        "oneentry-1.0.137",
        "payments/paymentsSchemas",
        "CreateSessionResponseSchema",
        ["created session"],
        ["id", "amount", "currency", "createdAt"],
    ),
]


@pytest.mark.parametrize(("client", "file", "schema", "answer", "wrong"), DISAGREED, ids=lambda value: str(value))
def test_a_known_disagreement_still_stands(
    client: str, file: str, schema: str, answer: list[Any], wrong: list[str], answers: dict[str, Any], node: Node
) -> None:
    value: Any = answers
    for key in answer:
        value = value[key]
    assert node("schemas.mjs", client, given=[[file, schema, value]]) == [wrong]
