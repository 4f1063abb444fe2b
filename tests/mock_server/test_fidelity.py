"""The fidelity table is complete, and the server answers each refusal as the table says."""

from pathlib import Path
from typing import Any

import pytest

import oneentry_scenarios.mock_server
from oneentry_scenarios.mock_server import Server, ServerControls
from oneentry_scenarios.mock_server.fidelity import FidelityLine
from oneentry_scenarios.mock_server.refusals import Refusal
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs

from .caller import ORDERS, Caller
from .provoked import PROVOKED, Scene

README = Path(oneentry_scenarios.mock_server.__file__).with_name("README.md")
MARKS = {"documented", "observed", "inferred", "our choice"}
OPERATION_NAMES = {operation.name for operation in OPERATIONS}
CONTROLS = {f"controls.{name}" for name in vars(ServerControls) if not name.startswith("_")}
SCOPES = {"any", "needs.id", *(f"needs.{need.name.lower()}" for need in Needs if need.name)}
#: Status and message of each refusal, with the values of the provoked one; ": " at the end leaves the rest open.
REFUSALS = {
    "app_token_refused": (403, "Resource is closed"),
    "permission_missing": (403, "Permission data not found. Provide the permission for requested url"),
    "path_unknown": (404, "Cannot GET /api/content/auth/logout?a=1"),
    "access_token_missing": (
        401,
        'Unauthorized, send the header Authorization with "Bearer" and an access token',
    ),
    "access_token_unknown": (401, "Unauthorized: this access token was not given out here"),
    "access_token_expired": (401, "Unauthorized: the access token has expired, refresh it or sign in again"),
    "access_token_closed": (401, "Unauthorized: the session of this access token is closed, sign in again"),
    "device_missing": (400, "Missing x-device-metadata header"),
    "device_malformed": (400, "Invalid x-device-metadata format"),
    "language_malformed": (400, "langCode must match /^[a-zA-Z_]{2,5}$/"),
    "page_malformed": (400, "limit must be an integer number that is not negative"),
    "id_malformed": (400, "Validation failed (numeric string is expected)"),
    "body_not_json": (400, "The body is not JSON: "),
    "body_not_declared_json": (400, "Send the body as JSON, with the header Content-Type: application/json"),
    "field_missing": (400, '"authData" is required'),
    "provider_not_found": (404, "Auth provider 'nope' not found"),
    "provider_unknown": (400, "auth provider not defined"),
    "provider_without_form": (400, "form is not defined"),
    "credentials_missed": (400, "Login or password values are missed"),
    "credentials_wrong": (401, "Wrong password"),
    "user_not_activated": (401, "User is not activated"),
    "refresh_token_dead": (
        400,
        "The refresh token is unknown, used, expired or of a closed session: sign in again",
    ),
    "refresh_token_of_other_device": (
        400,
        "The refresh token belongs to another device: send its x-device-metadata",
    ),
    "storage_not_found": (404, "Order storage 'nope' not found"),
    "order_not_found": (404, "Order not found"),
    "form_unknown": (400, "Incorrect formIdentifier for provided config"),
    "form_data_flat": (400, '"formData" must be of type object'),
    "form_data_empty": (400, "empty form data section"),
    "form_language_unknown": (400, "formData's language 'fr_FR' must be one of [en_US]"),
    "form_key_missing": (400, "formData's marker 'undefined' marker is required"),
    "form_marker_unknown": (
        400,
        "form includes an attribute's marker that is not presented in corresponding form's attributes sets",
    ),
    "form_type_unknown": (
        400,
        "formData's marker 'name' type must be one of [string, integer, float, text, list, radioButton, date, "
        "timeInterval, entity]",
    ),
    "form_type_wrong": (400, "wrong form's attribute type"),
    "form_value_not_a_list": (400, "formData's marker 'shipping_interval' value must be an array"),
    "form_field_missing": (400, "required values are missing or incorrect: name"),
    "account_unknown": (400, "There is no payment account 'nope': this order storage has [cash, stripe, bank]"),
    "account_not_connected": (400, "Your payment account is not connected."),
    "product_line_malformed": (400, "products.0.productId must be a number conforming to the specified constraints"),
    "product_not_found": (404, "Product 9171 not found; Product 9172 not found"),
    "out_of_stock": (400, "Product 5 is out of stock"),
    "coupon_unknown": (400, "There is no coupon 'SUMMER2026'"),
    "status_unknown": (
        400,
        "There is no order status 'nope': this order storage has [inProgress, paid_for, canceled, expired]",
    ),
    "order_without_payment": (400, "Order must have a payment"),
    "order_may_be_paid": (
        400,
        "Can't update the order. Payment sessions 46 could not be canceled — the order may have been paid.",
    ),
    "order_already_paid": (400, "The order is already paid"),
    "total_fractional": (500, "invalid input syntax for type integer"),
    "session_not_found": (404, "Payment session not found"),
    "account_not_found": (404, "Payment account not found"),
}
#: Refusals whose message depends on the operation.
REFUSALS_BY_OPERATION = {
    ("needs.body", "field_malformed"): (400, '"value" must be of type object'),
    ("payments.create_session", "field_malformed"): (400, '"type" must be one of [session, intent]'),
    ("auth_provider.auth", "field_not_allowed"): (400, '"authData[0].type" is not allowed'),
    ("auth_provider.refresh", "field_not_allowed"): (400, '"langCode" is not allowed'),
    ("auth_provider.logout", "field_not_allowed"): (400, '"langCode" is not allowed'),
}


def table() -> list[FidelityLine]:
    _, _, text = README.read_text("utf-8").partition("| operation | outcome |")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [FidelityLine(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def refusal_rows() -> list[tuple[str, str]]:
    return sorted({(row.operation, row.outcome) for row in table() if row.outcome != "answered"})


def test_every_line_is_of_the_known_form() -> None:
    for row in table():
        assert row.answer, row
        assert row.mark in MARKS, row
        assert row.source or row.mark in ("our choice", "inferred"), row


def test_every_operation_and_control_has_a_line_and_every_line_one_of_them() -> None:
    answered = {row.operation for row in table() if row.outcome == "answered"}
    assert answered >= OPERATION_NAMES | CONTROLS
    assert {row.operation for row in table()} <= OPERATION_NAMES | CONTROLS | SCOPES


def test_every_refusal_has_a_line_and_every_line_one_of_them() -> None:
    outcomes = {row.outcome for row in table()} - {"answered"}
    assert outcomes == {refusal.name.lower() for refusal in Refusal}


def test_every_refusal_line_is_provoked() -> None:
    assert set(refusal_rows()) == PROVOKED.keys()


@pytest.fixture
def scene(buyer: Caller, other_buyer: Caller, server: Server) -> Scene:
    return Scene(buyer, other_buyer, server)


@pytest.mark.parametrize(("operation", "outcome"), refusal_rows())
def test_a_refusal_has_its_status_and_words(operation: str, outcome: str, scene: Scene) -> None:
    status, message = REFUSALS_BY_OPERATION.get((operation, outcome)) or REFUSALS[outcome]
    assert status == Refusal[outcome.upper()].status
    answered, body = PROVOKED[operation, outcome](scene)
    assert answered == status, body
    assert body.keys() == {"statusCode", "message"}
    assert body["statusCode"] == status
    assert body["message"].startswith(message) if message.endswith(": ") else body["message"] == message


def test_without_the_app_token_even_an_unknown_path_is_closed(buyer: Caller) -> None:
    assert buyer.get("/nowhere", x_app_token=None) == (403, {"statusCode": 403, "message": "Resource is closed"})


def test_a_method_that_is_not_served_is_an_unknown_path(buyer: Caller) -> None:
    answer: Any = buyer.call("DELETE", f"{ORDERS}/89")
    assert answer == (404, {"statusCode": 404, "message": f"Cannot DELETE {ORDERS}/89"})
