"""A client of the mock server over HTTP, for the tests."""

import copy
import json
from typing import Any

import httpx

from oneentry_scenarios.mock_server import DEFAULT_SHOP, Server
from oneentry_scenarios.mock_server.answers import REFUSALS
from oneentry_scenarios.mock_server.shop_data import ShopData, User
from tests.order_pay import NEW_ORDER

AUTH = "/api/content/users-auth-providers/marker/email/users"
ORDERS = "/api/content/orders-storage/marker/orders/orders"
SESSIONS = "/api/content/payments/sessions"

OTHER_USER, INACTIVE_USER = DEFAULT_SHOP.users[1:]
DEVICES = {"laptop": {"os": "Linux", "browser": "Firefox", "location": "en-US"}, "phone": {"os": "Android"}}
JSON = {"content-type": "application/json"}

# Created once: creating it takes longer than a test.
TLS = httpx.create_ssl_context()

Answer = tuple[int, Any]


class Caller:
    """A device with the app token; signed in once `sign_in` was called. Answers are a status and the JSON."""

    def __init__(self, url: str, device: str = "laptop", shop_data: ShopData = DEFAULT_SHOP) -> None:
        self.shop_data = shop_data
        headers = {
            "x-app-token": shop_data.app_token,
            "x-device-metadata": json.dumps({"fingerprint": device, "deviceInfo": DEVICES[device]}),
        }
        self.http = httpx.Client(base_url=url, headers=headers, verify=TLS, trust_env=False)
        self.refresh_token = ""

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: object = None, **headers: str | None) -> Answer:
        """One request; a header given as `None` is left out."""
        request = self.http.build_request(method, path, json=body)
        for name, value in headers.items():
            request.headers.pop(name.replace("_", "-"), None)
            if value is not None:
                request.headers[name.replace("_", "-")] = value
        response = self.http.send(request)
        return response.status_code, response.json()

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str | None) -> Answer:
        return self.call("POST", path, body, **headers)

    def auth(self, user: User | None = None) -> Answer:
        """Sign in without using the tokens; without a user, as the first of the shop."""
        user, provider = user or self.shop_data.users[0], self.shop_data.providers[0]
        fields = [(provider.login_field, user.identifier), (provider.password_field, user.password)]
        return self.post(
            f"{AUTH.replace('email', provider.identifier)}/auth",
            {"authData": [{"marker": marker, "value": value} for marker, value in fields]},
        )

    def sign_in(self, user: User | None = None) -> "Caller":
        status, tokens = self.auth(user)
        assert status == 201, tokens
        self.http.headers["authorization"] = f"Bearer {tokens['accessToken']}"
        self.refresh_token = tokens["refreshToken"]
        return self

    def refresh(self, token: str) -> Answer:
        return self.post(f"{AUTH}/refresh", {"refreshToken": token})

    def user(self) -> Answer:
        return self.get("/api/content/users/me")

    def order(self, account: str = "cash", products: tuple[tuple[int, int], ...] = ((14, 1),)) -> dict[str, Any]:
        """A new order; products as pairs of id and quantity."""
        body = ordered(paymentAccountIdentifier=account)
        body["products"] = [{"productId": product, "quantity": quantity} for product, quantity in products]
        status, order = self.post(ORDERS, body)
        assert status == 201, order
        assert isinstance(order, dict)
        return order

    def pay(self, order_id: int, kind: str = "session") -> Answer:
        return self.post(SESSIONS, {"orderId": order_id, "type": kind, "automaticTaxEnabled": False})

    def paid_order(self, server: Server) -> int:
        """The number of a new order that was paid."""
        number: int = self.order("stripe")["id"]
        self.pay(number)
        server.controls.settle_payment(number, "completed")
        return number

    def read(self, order_id: int, language: str = "en_US") -> dict[str, Any]:
        status, order = self.get(f"{ORDERS}/{order_id}?langCode={language}")
        assert status == 200, order
        assert isinstance(order, dict)
        return order


def ordered(**changes: object) -> dict[str, Any]:
    """The body of an order with some of it changed."""
    return copy.deepcopy(NEW_ORDER) | changes


def refused(name: str, **details: object) -> Answer:
    """The answer of a refusal; `details` fill its message."""
    refusal = REFUSALS[name]
    return refusal.status, {"statusCode": refusal.status, "message": refusal.template.format(**details)}
