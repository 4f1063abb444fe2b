"""The fidelity table is whole, and each refusal in it is what the server really answers."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import oneentry_scenarios.mock_server
from oneentry_scenarios.mock_server import Controls, Server
from oneentry_scenarios.mock_server.refusals import Refusal
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs, Operation

from .caller import AUTH, ORDERS, SESSIONS, Answer, Caller, ordered

README = Path(oneentry_scenarios.mock_server.__file__).with_name("README.md")
MARKS = {"documented", "observed", "inferred", "our choice"}
BY_NAME = {operation.name: operation for operation in OPERATIONS}
CONTROLS = {f"controls.{name}" for name in vars(Controls) if not name.startswith("_")}
SCOPES = {"any", "needs.id", *(f"needs.{need.name.lower()}" for need in Needs if need.name)}


class Row(NamedTuple):
    """A line of the table."""

    operation: str
    outcome: str
    what: str
    mark: str
    source: str


def table() -> list[Row]:
    _, _, text = README.read_text("utf-8").partition("| operation | outcome |")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def refusal_rows() -> list[tuple[str, str]]:
    return sorted({(row.operation, row.outcome) for row in table() if row.outcome != "answered"})


def test_every_line_is_of_the_known_form() -> None:
    for row in table():
        assert row.what, row
        assert row.mark in MARKS, row
        assert row.source or row.mark in ("our choice", "inferred"), row


def test_every_operation_and_control_has_a_line_and_every_line_one_of_them() -> None:
    answered = {row.operation for row in table() if row.outcome == "answered"}
    assert BY_NAME.keys() | CONTROLS <= answered
    assert {row.operation for row in table()} <= BY_NAME.keys() | CONTROLS | SCOPES


def test_every_refusal_has_a_line_and_every_line_one_of_them() -> None:
    outcomes = {row.outcome for row in table()} - {"answered"}
    assert outcomes == {refusal.name.lower() for refusal in Refusal}


def test_every_refusal_line_is_provoked_below() -> None:
    assert set(refusal_rows()) == PROVOKED.keys()


# --- How each refusal comes about ---------------------------------------------------------------------------------


class Scene(NamedTuple):
    """What a refusal is provoked with: a signed-in buyer, another one, and the server."""

    buyer: Caller
    other: Caller
    server: Server


Provoke = Callable[[Scene], Answer]


def path_of(operation: Operation) -> str:
    markers = {"auth_provider": "email", "orders": "orders"}
    return operation.path.replace("{marker}", markers.get(operation.name.split(".")[0], "")).replace("{id}", "89")


def all_with(need: Needs | None, ask: Callable[[Scene, Operation], Answer]) -> Provoke:
    """Ask of every operation that has this need; the answers must not differ."""

    def provoke(scene: Scene) -> Answer:
        answers = [ask(scene, operation) for operation in OPERATIONS if need is None or need in operation.needs]
        assert answers
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    return provoke


def every(need: Needs | None, query: str = "", body: object = None, **headers: str | None) -> Provoke:
    return all_with(need, lambda scene, op: scene.buyer.call(op.method, path_of(op) + query, body, **headers))


def every_with_id(scene: Scene) -> Answer:
    operations = [operation for operation in OPERATIONS if "{id}" in operation.path]
    answers = [scene.buyer.call(op.method, path_of(op).replace("89", "abc"), ordered()) for op in operations]
    assert all(answer == answers[0] for answer in answers), answers
    return answers[0]


def raw(content: bytes, content_type: str = "application/json") -> Provoke:
    def ask(scene: Scene, operation: Operation) -> Answer:
        response = scene.buyer.http.request(
            operation.method, path_of(operation), content=content, headers={"content-type": content_type}
        )
        return response.status_code, response.json()

    return all_with(Needs.BODY, ask)


def expired(scene: Scene) -> Answer:
    scene.server.controls.move_clock(timedelta(hours=1))
    return every(Needs.USER)(scene)


def closed(scene: Scene) -> Answer:
    scene.buyer.post(f"{AUTH}/logout-all")
    return every(Needs.USER)(scene)


def auth(entries: object, marker: str = "email", **more: object) -> Provoke:
    path = AUTH.replace("email", marker)
    return lambda scene: scene.buyer.post(f"{path}/auth", {"authData": entries} | more)


def entries(**values: str) -> list[dict[str, str]]:
    return [{"marker": marker, "value": value} for marker, value in values.items()]


def with_token(name: str, token: str = "", marker: str = "email", device: str | None = None, **more: object) -> Provoke:
    def provoke(scene: Scene) -> Answer:
        headers = {"x-device-metadata": device} if device else {}
        body = {"refreshToken": token or scene.buyer.refresh_token} | more
        return scene.buyer.post(f"{AUTH.replace('email', marker)}/{name}", body, **headers)

    return provoke


OTHER_DEVICE = '{"fingerprint": "another", "deviceInfo": {}}'


def creates(changes: dict[str, object], storage: str = "orders") -> Provoke:
    return lambda scene: scene.buyer.post(ORDERS.replace("/orders/orders", f"/{storage}/orders"), ordered(**changes))


def previews(changes: dict[str, object]) -> Provoke:
    return lambda scene: scene.buyer.post("/api/content/orders-storage/orders/preview", ordered(**changes))


def updates(changes: dict[str, object], storage: str = "orders") -> Provoke:
    def provoke(scene: Scene) -> Answer:
        path = f"{ORDERS}/{scene.buyer.order()['id']}".replace("/orders/orders", f"/{storage}/orders")
        return scene.buyer.call("PUT", path, ordered(**changes))

    return provoke


def form(*items: dict[str, object], language: str = "en_US") -> dict[str, object]:
    return {language: list(items)}


NAME: dict[str, object] = {"marker": "name", "type": "string", "value": "Christina Thomas"}

ORDER_REFUSALS: dict[str, tuple[dict[str, object], str]] = {
    "form_unknown": ({"formIdentifier": "nope"}, "Incorrect formIdentifier for provided config"),
    "form_data_flat": ({"formData": [NAME]}, '"formData" must be of type object'),
    "form_data_empty": ({"formData": form()}, "empty form data section"),
    "form_language_unknown": (
        {"formData": form(NAME, language="fr_FR")},
        "formData's language 'fr_FR' must be one of [en_US]",
    ),
    "form_key_missing": ({"formData": form(form(NAME))}, "formData's marker 'undefined' marker is required"),
    "form_marker_unknown": (
        {"formData": form(NAME | {"marker": "nope"})},
        "formData's marker 'nope' must be one of [name]",
    ),
    "form_type_unknown": (
        {"formData": form(NAME | {"type": "nope"})},
        "formData's marker 'name' type must be one of [string, integer, float, text, list, radioButton, date, "
        "timeInterval, entity]",
    ),
    "form_type_wrong": ({"formData": form(NAME | {"value": 5})}, "wrong form's attribute type"),
    "form_field_missing": ({"formData": form(NAME | {"value": ""})}, "formData's marker 'name' is required"),
    "account_unknown": (
        {"paymentAccountIdentifier": "nope"},
        "There is no payment account 'nope': this order storage has [cash, stripe, bank]",
    ),
    "account_not_connected": ({"paymentAccountIdentifier": "bank"}, "Your payment account is not connected."),
    "product_not_found": (
        {"products": [{"productId": 9171, "quantity": 1}, {"productId": 9172, "quantity": 1}]},
        "Product 9171 not found; Product 9172 not found",
    ),
    "out_of_stock": ({"products": [{"productId": 5, "quantity": 3}]}, "Product 5 is out of stock"),
    "coupon_unknown": ({"couponCode": "SUMMER2026"}, "There is no coupon 'SUMMER2026'"),
}


def paid_order_updated(scene: Scene) -> Answer:
    order = scene.buyer.order("stripe")
    scene.buyer.pay(order["id"])
    scene.server.controls.complete_payment(order["id"])
    return scene.buyer.call("PUT", f"{ORDERS}/{order['id']}", ordered())


def paid_order_paid(scene: Scene) -> Answer:
    order = scene.buyer.order()
    scene.buyer.pay(order["id"])
    scene.server.controls.complete_payment(order["id"])
    return scene.buyer.pay(order["id"])


def others(path: str) -> Provoke:
    """The buyer asks for what is another's: order 89, session 46."""

    def provoke(scene: Scene) -> Answer:
        scene.other.pay(scene.other.order()["id"])
        answer, absent = scene.buyer.get(path), scene.buyer.get(re.sub("89|46", "99", path))
        assert answer == absent, "another's must look as if it did not exist"
        return answer

    return provoke


def others_order(ask: Callable[[Caller, int], Answer]) -> Provoke:
    def provoke(scene: Scene) -> Answer:
        order = scene.other.order()
        assert ask(scene.buyer, order["id"]) == ask(scene.buyer, 99)
        return ask(scene.buyer, order["id"])

    return provoke


def gets(path: str) -> Provoke:
    return lambda scene: scene.buyer.get(f"/api/content/{path}")


UNAUTHORIZED = "Unauthorized: "
DEAD = "The refresh token is unknown, used, expired or of a closed session: sign in again"
ELSEWHERE = "The refresh token belongs to another device: send its x-device-metadata"
NO_STORAGE = "Order storage 'nope' not found"

PROVOKED: dict[tuple[str, str], tuple[Provoke, int, str]] = {
    ("any", "app_token_refused"): (every(None, x_app_token="another"), 403, "Resource is closed"),
    ("any", "path_unknown"): (gets("auth/logout?a=1"), 404, "Cannot GET /api/content/auth/logout?a=1"),
    ("needs.user", "access_token_missing"): (
        every(Needs.USER, authorization=None),
        401,
        'Unauthorized, send the header Authorization with "Bearer" and an access token',
    ),
    ("needs.user", "access_token_unknown"): (
        every(Needs.USER, authorization="Bearer eyJhbGciOiJIUzI1NiJ9.e30.nope"),
        401,
        UNAUTHORIZED + "this access token was not given out here",
    ),
    ("needs.user", "access_token_expired"): (
        expired,
        401,
        UNAUTHORIZED + "the access token has expired, refresh it or sign in again",
    ),
    ("needs.user", "access_token_closed"): (
        closed,
        401,
        UNAUTHORIZED + "the session of this access token is closed, sign in again",
    ),
    ("needs.device", "device_missing"): (
        every(Needs.DEVICE, x_device_metadata=None),
        400,
        "Missing x-device-metadata header",
    ),
    ("needs.device", "device_malformed"): (
        every(Needs.DEVICE, x_device_metadata='{"fingerprint": 1, "deviceInfo": {}}'),
        400,
        "Invalid x-device-metadata format",
    ),
    ("needs.language", "language_malformed"): (
        every(Needs.LANGUAGE, "?langCode=english"),
        400,
        "langCode must match /^[a-zA-Z_]{2,5}$/",
    ),
    ("needs.page", "page_malformed"): (
        every(Needs.PAGE, "?limit=-1"),
        400,
        "limit must be an integer number that is not negative",
    ),
    ("needs.id", "id_malformed"): (every_with_id, 400, "Validation failed (numeric string is expected)"),
    ("needs.body", "body_not_json"): (raw(b"{"), 400, "The body is not JSON: "),
    ("needs.body", "body_not_declared_json"): (
        raw(b"{}", "text/plain"),
        400,
        "Send the body as JSON, with the header Content-Type: application/json",
    ),
    ("needs.body", "field_missing"): (
        lambda scene: scene.buyer.post(f"{AUTH}/auth", {}),
        400,
        '"authData" is required',
    ),
    ("needs.body", "field_malformed"): (raw(b"[]"), 400, '"value" must be of type object'),
    ("auth_provider.get_auth_provider_by_marker", "provider_not_found"): (
        gets("users-auth-providers/marker/nope"),
        404,
        "Auth provider 'nope' not found",
    ),
    ("auth_provider.auth", "provider_unknown"): (auth([], marker="nope"), 400, "auth provider not defined"),
    ("auth_provider.auth", "provider_without_form"): (auth([], marker="phone"), 400, "form is not defined"),
    ("auth_provider.auth", "field_not_allowed"): (
        auth([{"marker": "email_reg", "type": "string", "value": "x"}]),
        400,
        '"authData[0].type" is not allowed',
    ),
    ("auth_provider.auth", "credentials_missed"): (
        auth(entries(email_reg="your-user@email.com", password_reg="")),
        400,
        "Login or password values are missed",
    ),
    ("auth_provider.auth", "credentials_wrong"): (
        auth(entries(email_reg="your-user@email.com", password_reg="654321")),
        401,
        "Wrong password",
    ),
    ("auth_provider.auth", "user_not_activated"): (
        auth(entries(email_reg="inactive-user@email.com", password_reg="111111")),
        401,
        "User is not activated",
    ),
    ("auth_provider.logout_all", "provider_unknown"): (
        lambda scene: scene.buyer.post(AUTH.replace("email", "nope") + "/logout-all"),
        400,
        "auth provider not defined",
    ),
    ("auth_provider.get_active_sessions_by_marker", "provider_unknown"): (
        gets("users-auth-providers/marker/nope/users/sessions"),
        400,
        "auth provider not defined",
    ),
    **{
        (f"auth_provider.{name}", outcome): expected
        for name in ("refresh", "logout")
        for outcome, expected in {
            "provider_unknown": (with_token(name, marker="nope"), 400, "auth provider not defined"),
            "field_not_allowed": (with_token(name, langCode="en_US"), 400, '"langCode" is not allowed'),
            "refresh_token_dead": (with_token(name, "1745494429101-nope"), 400, DEAD),
            "refresh_token_of_other_device": (with_token(name, device=OTHER_DEVICE), 400, ELSEWHERE),
        }.items()
    },
    ("orders.get_orders_storage_by_marker", "storage_not_found"): (gets("orders-storage/marker/nope"), 404, NO_STORAGE),
    ("orders.get_all_statuses_by_storage_marker", "storage_not_found"): (
        gets("orders-storage/marker/nope/order-statuses"),
        404,
        NO_STORAGE,
    ),
    ("orders.get_all_orders_by_marker", "storage_not_found"): (
        gets("orders-storage/marker/nope/orders"),
        404,
        NO_STORAGE,
    ),
    ("orders.get_order_by_marker_and_id", "storage_not_found"): (
        gets("orders-storage/marker/nope/orders/89"),
        404,
        NO_STORAGE,
    ),
    ("orders.create_order", "storage_not_found"): (creates({}, storage="nope"), 404, NO_STORAGE),
    ("orders.update_order_by_marker_and_id", "storage_not_found"): (updates({}, storage="nope"), 404, NO_STORAGE),
    **{
        (operation, outcome): (ask(changes), Refusal[outcome.upper()].status, message)
        for outcome, (changes, message) in ORDER_REFUSALS.items()
        for operation, ask in {
            "orders.create_order": creates,
            "orders.update_order_by_marker_and_id": updates,
        }.items()
    },
    **{
        ("orders.preview_order", outcome): (previews(changes), Refusal[outcome.upper()].status, message)
        for outcome, (changes, message) in ORDER_REFUSALS.items()
        if outcome in ("product_not_found", "out_of_stock", "coupon_unknown")
    },
    ("orders.get_order_by_marker_and_id", "order_not_found"): (others(f"{ORDERS}/89"), 404, "Order not found"),
    ("orders.update_order_by_marker_and_id", "order_not_found"): (
        others_order(lambda caller, order: caller.call("PUT", f"{ORDERS}/{order}", ordered())),
        404,
        "Order not found",
    ),
    ("orders.update_order_by_marker_and_id", "status_unknown"): (
        updates({"statusIdentifier": "nope"}),
        400,
        "There is no order status 'nope': this order storage has [inProgress, paid_for, canceled, expired]",
    ),
    ("orders.update_order_by_marker_and_id", "order_may_be_paid"): (
        paid_order_updated,
        400,
        "Can't update the order. Payment sessions 46 could not be canceled — the order may have been paid.",
    ),
    ("payments.create_session", "order_not_found"): (
        others_order(lambda caller, order: caller.pay(order)),
        404,
        "Order not found",
    ),
    ("payments.create_session", "order_already_paid"): (paid_order_paid, 400, "The order is already paid"),
    ("payments.create_session", "total_fractional"): (
        lambda scene: scene.buyer.pay(scene.buyer.order("stripe", ((2, 1),))["id"]),
        500,
        "Internal server error",
    ),
    ("payments.create_session", "field_malformed"): (
        lambda scene: scene.buyer.pay(scene.buyer.order()["id"], "cheque"),
        400,
        '"type" must be one of [session, intent]',
    ),
    ("payments.get_session_by_id", "session_not_found"): (others(f"{SESSIONS}/46"), 404, "Payment session not found"),
    ("payments.get_session_by_order_id", "order_not_found"): (others(f"{SESSIONS}/order/89"), 404, "Order not found"),
    ("payments.get_account_by_id", "account_not_found"): (
        gets("payments/accounts/99"),
        404,
        "Payment account not found",
    ),
}


@pytest.fixture
def scene(buyer: Caller, other_buyer: Caller, server: Server) -> Scene:
    return Scene(buyer, other_buyer, server)


@pytest.mark.parametrize(("operation", "outcome"), refusal_rows())
def test_a_refusal_has_its_status_and_words(operation: str, outcome: str, scene: Scene) -> None:
    provoke, status, message = PROVOKED[operation, outcome]
    assert status == Refusal[outcome.upper()].status
    answered, body = provoke(scene)
    assert answered == status, body
    assert body.keys() == {"statusCode", "message"}
    assert body["statusCode"] == status
    assert body["message"].startswith(message) if message.endswith(": ") else body["message"] == message


def test_without_the_app_token_even_an_unknown_path_is_closed(buyer: Caller) -> None:
    assert buyer.get("/nowhere", x_app_token=None) == (403, {"statusCode": 403, "message": "Resource is closed"})


def test_a_method_that_is_not_served_is_an_unknown_path(buyer: Caller) -> None:
    answer: Any = buyer.call("DELETE", f"{ORDERS}/89")
    assert answer == (404, {"statusCode": 404, "message": f"Cannot DELETE {ORDERS}/89"})
