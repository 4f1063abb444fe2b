"""For any input the mock server answers in its documented shapes: schemathesis generates requests from a fixed seed.

Whether a success has the documented shape is for the official client to judge, in `tests/sdk_contract`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.answers import REFUSALS
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs, Operation
from tests.order_pay import AUTH_DATA, NEW_ORDER

from .caller import Caller

TEXT: Any = {"type": "string"}
COUNT: Any = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


def record(**fields: Any) -> Any:
    """The schema of an object that has all of these fields and no others; a value that is no schema is the only one."""
    properties = {name: value if isinstance(value, dict) else {"enum": [value]} for name, value in fields.items()}
    return {"type": "object", "required": [*fields], "properties": properties, "additionalProperties": False}


PRODUCTS = {"type": "array", "items": record(productId={"enum": [2, 14]}, quantity=COUNT)}
NAMES = {"type": "array", "minItems": 1, "items": record(marker="name", type="string", value=TEXT | {"minLength": 1})}
ORDER = record(**NEW_ORDER | {"formData": record(en_US=NAMES), "products": PRODUCTS})
BODIES = {
    "auth_provider.auth": record(authData=AUTH_DATA),
    "auth_provider.refresh": record(refreshToken=TEXT),
    "auth_provider.logout": record(refreshToken=TEXT),
    "orders.create_order": ORDER,
    "orders.update_order_by_marker_and_id": ORDER,
    "orders.preview_order": record(products=PRODUCTS),
    "orders.create_refund_request": record(products=record(**{"14": record(quantity=1)}), note=TEXT),
    "payments.create_session": record(orderId={"enum": [89, 90]}, type={"enum": ["session", "intent"]}),
}
# A document cannot contain a valid refresh token.
UNKNOWABLE = {"auth_provider.refresh", "auth_provider.logout"}


def described(operation: Operation) -> Any:
    """The operation in OpenAPI 3.1, made from its line in the table of routes."""
    marker = {"orders": "orders", "forms": "order"}.get(operation.name.split(".")[0], "email")
    ids = {"PUT": [89], "DELETE": [92]}.get(operation.method, [91] if "refund" in operation.name else [2, 46, 89])
    in_path = {"marker": {"enum": [marker]}, "id": {"enum": ids}}
    in_query = {"langCode": TEXT | {"pattern": "^[a-zA-Z_]{2,5}$"}} if Needs.LANGUAGE in operation.needs else {}
    if Needs.PAGE in operation.needs:
        in_query |= {"offset": COUNT, "limit": COUNT}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in in_path.items()
        if f"{{{name}}}" in operation.path
    ] + [{"name": name, "in": "query", "schema": schema} for name, schema in in_query.items()]
    body = {"required": True, "content": {"application/json": {"schema": BODIES.get(operation.name)}}}
    has_body = {"requestBody": body} if Needs.BODY in operation.needs else {}
    return {"parameters": parameters, "responses": {"default": {"description": "JSON"}}} | has_body


DOCUMENT: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "mock server", "version": "1"}, "paths": {}}
for each in OPERATIONS:
    DOCUMENT["paths"].setdefault(each.path, {})[each.method.lower()] = described(each)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = {GenerationMode.POSITIVE: 12, GenerationMode.NEGATIVE: 16}


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
def test_any_input_gets_a_documented_answer(
    operation: Operation, mode: GenerationMode, server: Server, buyer: Caller, session: requests.Session
) -> None:
    if mode is GenerationMode.NEGATIVE and operation.name == "payments.get_accounts":
        return  # There is nothing in it to get wrong.
    for account in ("cash", "stripe"):
        buyer.pay(buyer.order(account)["id"])
    for _ in range(2):
        buyer.paid_order(server)
    buyer.post("/api/content/orders/92/refund", {"products": {"14": {"quantity": 1}}})
    headers = {name: buyer.http.headers[name] for name in ("x-app-token", "x-device-metadata", "authorization")}
    answered = set()

    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(SCHEMA[operation.path][operation.method].as_strategy(generation_mode=mode))
    def try_it(case: Case[Any]) -> None:
        response = case.call(base_url=server.url, headers=headers, session=session)
        status, answer = response.status_code, response.json()
        answered.add(status)
        assert response.headers["content-type"][0].startswith("application/json")
        if status >= 500:
            assert answer["message"] == REFUSALS["total_fractional"].template
            assert operation.name == "payments.create_session"
        if status != operation.status:
            assert status in {refusal.status for refusal in REFUSALS.values()}
            assert answer.keys() == {"statusCode", "message"}
            assert answer["statusCode"] == status
            assert isinstance(answer["message"], str)

    try_it()
    if mode is GenerationMode.POSITIVE and operation.name not in UNKNOWABLE:
        assert operation.status in answered, "no example was good enough to succeed"
