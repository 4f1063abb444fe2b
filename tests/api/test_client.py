"""The client: what it puts on the wire, and what it makes of responses."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from oneentry_scenarios.api.errors import Unreadable, WrongUse
from tests.api.wire import JSON, NEW_ORDER, SIGN_IN, Call, Wire, answered, create_order, create_session, sign_in
from tests.order_pay import AUTH_DATA, NAME, ORDER, SESSION


@pytest.mark.parametrize("language", ["en_US", "de_DE"])
def test_ordering_wraps_the_form_by_language_and_unwraps_the_answer(language: str) -> None:
    wire = Wire(answered(ORDER | {"formData": {language: [NAME]}}))
    order = wire.client(language).orders.create_order("orders", NEW_ORDER)

    assert wire.sent[0].url.path == "/api/content/orders-storage/marker/orders/orders"
    assert wire.sent[0].url.query == b""
    assert json.loads(wire.sent[0].content) == {**NEW_ORDER, "formData": {language: NEW_ORDER["formData"]}}
    assert isinstance(NEW_ORDER["formData"], list), "the caller's body must stay as it was"
    assert [(field.marker, field.value) for field in order.form_data] == [("name", "Christina Thomas")]
    assert order.total_sum == Decimal(340)


def test_a_marker_cannot_change_the_path() -> None:
    wire = Wire(answered(ORDER))
    wire.client().orders.create_order("a/../b?c", NEW_ORDER)
    assert wire.sent[0].url.raw_path == b"/api/content/orders-storage/marker/a%2F..%2Fb%3Fc/orders"


def test_an_amount_stays_exact() -> None:
    text = json.dumps(ORDER).replace("340", "0.1")
    order = Wire(httpx.Response(201, text=text, headers=JSON)).client().orders.create_order("orders", NEW_ORDER)
    assert order.total_sum == Decimal("0.1")


def test_an_unknown_field_is_kept_and_visible() -> None:
    session = Wire(answered({**SESSION, "novelty": 7})).client().payments.create_session(89, "session")
    assert session.model_extra == {"novelty": 7}
    assert "novelty=7" in repr(session)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(SESSION, [46], id="one object"),
        pytest.param([], [], id="an empty list"),
        pytest.param(None, [], id="nothing at all"),
        pytest.param([SESSION, {**SESSION, "id": 48}, {**SESSION, "id": 47}], [46, 48, 47], id="a list of several"),
    ],
)
def test_sessions_of_an_order_come_as_one_or_as_a_list(body: object, expected: list[int]) -> None:
    payments = Wire(answered(body, 200)).client().payments
    assert [session.id for session in payments.get_session_by_order_id(89)] == expected


MISSING = "(missing)"
#: What a healthy server was seen, or is allowed, to leave out of a created order.
MAY_BE_MISSING = {(create_order, "paymentAccountIdentifier"), (create_order, "createdDate")}
ANSWERS = {sign_in: SIGN_IN, create_order: ORDER, create_session: SESSION}
WRONG_VALUES = json.loads(Path(__file__).with_name("wrong_values.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("call", "good", "field", "value"),
    [
        pytest.param(call, good, field, value, id=f"{call.__name__}-{field}-{value!r}")
        for call, good in ANSWERS.items()
        for field, values in WRONG_VALUES[call.__name__].items()
        for value in (values if (call, field) in MAY_BE_MISSING else [*values, MISSING])
    ],
)
def test_an_answer_of_another_shape_is_unreadable_and_names_the_field(
    call: Call, good: dict[str, Any], field: str, value: object
) -> None:
    body = {name: each for name, each in (good | {field: value}).items() if each is not MISSING}
    with pytest.raises(Unreadable) as error:
        call(Wire(answered(body)).client())
    assert any(problem.startswith(field) for problem in error.value.fields), error.value.fields
    assert field in str(error.value).splitlines()[1]


def test_an_unreadable_answer_names_all_fields_and_what_came_instead() -> None:
    with pytest.raises(Unreadable) as error:
        create_session(Wire(answered({**SESSION, "id": "46", "orderId": "89"})).client())
    assert error.value.fields == (
        "id: Input should be a valid integer, got '46'",
        "orderId: Input should be a valid integer, got '89'",
    )


@pytest.mark.parametrize(
    ("response", "is_done"),
    [
        (answered(True), True),
        (answered({"success": True}, 200), True),
        (answered({"message": "Logged out"}), True),
        (answered(None), True),
        (httpx.Response(201), True),
        (httpx.Response(204), True),
        (answered(False), False),
        (answered({"success": False}), False),
    ],
)
def test_any_success_signs_out_unless_it_says_no(response: httpx.Response, is_done: bool) -> None:
    wire = Wire(answered(SIGN_IN), response)
    client = wire.client()
    client.auth_provider.auth("email", AUTH_DATA)
    assert client.auth_provider.logout("email", "the-refresh-token") is is_done


def test_a_sign_out_that_cannot_be_read_is_no_success() -> None:
    with pytest.raises(Unreadable, match="not JSON"):
        Wire(httpx.Response(201, text="<html>")).client().auth_provider.logout_all("email")


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (httpx.Response(201, text="<html>"), "not JSON"),
        (httpx.Response(201, text='{"id": 46'), "not JSON"),
        (httpx.Response(201, content=b""), "it is empty"),
        (httpx.Response(201, content=b'"\xff"'), "not JSON"),
        (httpx.Response(201, text='{"id": 1, "id": 2}'), "duplicate key: id"),
        (httpx.Response(201, text="NaN"), "NaN is not valid in JSON"),
        (httpx.Response(201, text="[" * 100_000), "not JSON"),
        (httpx.Response(201, text="[]", headers=JSON), "the body: Input should be"),
        (httpx.Response(201, text="[]"), "content type should be application/json, but is text/plain"),
        (httpx.Response(200, text="[]", headers=JSON), "the status should be 201, but is 200"),
        (httpx.Response(204, text="[]", headers=JSON), "the status should be 200 or 201, but is 204"),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), "redirects to https://elsewhere"),
        (httpx.Response(304), "304 Not Modified is not a documented status"),
    ],
)
def test_an_answer_that_is_no_json_object_is_unreadable(response: httpx.Response, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem):
        create_session(Wire(response).client())


def test_a_form_is_by_language_where_it_is_written_and_a_list_where_it_is_read() -> None:
    with pytest.raises(Unreadable, match="formData: should be by language, but is a list"):
        create_order(Wire(answered({"formData": [NAME]})).client())
    with pytest.raises(Unreadable, match="formData: has no en_US, only de_DE"):
        create_order(Wire(answered({"formData": {"de_DE": [NAME]}})).client())
    with pytest.raises(Unreadable, match="formData: should be a list, but is by language"):
        Wire(answered({"formData": {"en_US": [NAME]}}, 200)).client().orders.get_order_by_marker_and_id("orders", 89)


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.auth_provider.auth("email", {"authData": AUTH_DATA}),
        lambda client: client.orders.create_order("orders", {**NEW_ORDER, "formData": {"en_US": []}}),
    ],
    ids=["sign-in data", "form data"],
)
def test_what_is_wrapped_already_is_refused_with_advice(call: Call) -> None:
    wire = Wire()
    with pytest.raises(WrongUse, match="must be a list of fields"):
        call(wire.client())
    assert wire.sent == []
