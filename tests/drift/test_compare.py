"""Two recordings of one scenario: calls, generated data, other shops and the fidelity table."""

import json

import pytest

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import compare
from oneentry_scenarios.drift.response_diff import What
from oneentry_scenarios.mock_server.fidelity import operation_of
from tests.conftest import ROOT, STORY_CASSETTE
from tests.drift.changes import (
    BUYER,
    BY_ORDER,
    CHANGED,
    FOUND,
    HISTORY,
    ORDER,
    ORDERS,
    SESSION,
    SESSIONS,
    UNKNOWN_STORAGE,
    Change,
    body,
    changed,
    findings,
    put,
)


def test_generated_data_and_what_was_sent_is_quiet_where_it_comes_back() -> None:
    before = Cassette.read(ROOT / BUYER)
    [name] = before.data.values()
    text = json.dumps(before.model_dump(mode="json"))
    now = Cassette.model_validate_json(text.replace(json.dumps(name), '"Ben"'))
    assert compare(before, now, has_passed=True) == []
    only_answered = changed(before, 2, put("formData", "en_US", 0, "value", value="Ben"))
    assert [each.what for each in compare(before, only_answered, has_passed=True)] == [What.VALUE]


def test_generated_data_is_quiet_wherever_it_stands() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE).model_copy(update={"data": {"word": "USD"}})
    now = changed(before, ORDER, put("currency", value="EUR")).model_copy(update={"data": {"word": "EUR"}})
    assert compare(before, now, has_passed=True) == []


def test_a_marker_in_an_address_is_quiet_where_a_message_repeats_it() -> None:
    before = Cassette.read(ROOT / UNKNOWN_STORAGE)
    text = json.dumps(before.model_dump(mode="json")).replace("no-such-marker", "nowhere")
    assert compare(before, Cassette.model_validate_json(text), has_passed=True) == []


#: Words of the default shop -> those of another.
OTHER_WORDS = {"en_US": "de_DE", '"cash"': '"rechnung"', "USD": "EUR", '"order"': '"bestellung"', "340": "49"}
OTHER_WORDS |= {"marker/orders": "marker/laden", '"storage": "orders"': '"storage": "laden"', "Product 2": "Kerze"}


def in_another_shop(cassette: Cassette) -> Cassette:
    text = json.dumps(cassette.model_dump(mode="json"))
    for word, other in OTHER_WORDS.items():
        text = text.replace(word, other)
    return Cassette.model_validate_json(text.replace("inProgress", "offen"))


@pytest.mark.parametrize(("path", "order"), [(STORY_CASSETTE, 1), (CHANGED, 1), (HISTORY, 2), (BUYER, 2)])
def test_another_shop_is_no_drift(path: str, order: int) -> None:
    before = Cassette.read(ROOT / path)
    now = in_another_shop(before)
    assert now != before
    assert compare(before, now, has_passed=True) == []
    astray = changed(now, order, put("paymentAccountIdentifier", value="stripe"))
    assert [each.what for each in compare(before, astray, has_passed=True)] == [What.VALUE]


def test_a_field_of_the_form_that_only_this_shop_has_is_quiet() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    field = {"type": "string", "marker": "remark", "value": "Ben"}
    answered = changed(before, ORDER, body(lambda order: order["formData"]["en_US"].append(field)))
    assert [each.what for each in compare(before, answered, has_passed=True)] == [What.NEW_ITEM]
    document = answered.model_dump(mode="json")
    document["interactions"][ORDER]["request"]["body"]["json"]["formData"]["en_US"].append(field)
    assert compare(before, Cassette.model_validate_json(json.dumps(document)), has_passed=True) == []


def test_of_two_own_sessions_each_is_compared_with_itself() -> None:
    before = rearranged(Cassette.read(ROOT / STORY_CASSETTE), 0, 1, 2, 2, 4)
    first = before.interactions[SESSION].response.body
    assert first is not None
    second = first.structure | {"id": 47, "status": "canceled"}
    before = changed(before, 3, lambda response: response["body"].update(json=second))
    before = changed(before, 4, lambda response: response["body"]["json"].append(second))
    assert compare(before, before, has_passed=True) == []


def test_every_cassette_agrees_with_itself() -> None:
    for path in (ROOT / "cassettes").rglob("*.json"):
        cassette = Cassette.read(path)
        assert compare(cassette, cassette, has_passed=True) == [], path


def rearranged(cassette: Cassette, *calls: int) -> Cassette:
    return cassette.model_copy(update={"interactions": [cassette.interactions[call] for call in calls]})


#: Which calls are made now -> what is found of them, each by its place in the cassette.
CALLS: dict[tuple[int, ...], list[tuple[What, int]]] = {
    (0, 1, 2, 4, ORDERS, SESSIONS): [(What.MISSING_CALL, 3)],
    (0, 3, 1, 2, 4, ORDERS, SESSIONS): [],
    (0, 1, 2, 2, 3, 4, ORDERS, SESSIONS): [(What.UNKNOWN_CALL, SESSION)],
    (0, 1, 2, 3, 4, ORDERS): [(What.MISSING_CALL, SESSIONS)],
    (0, 1): [(What.MISSING_CALL, call) for call in range(SESSION, SESSIONS + 1)],
}


@pytest.mark.parametrize("calls", CALLS)
def test_calls_that_are_dropped_added_or_moved_do_not_confuse_the_others(calls: tuple[int, ...]) -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    found = compare(before, rearranged(before, *calls), has_passed=True)
    assert len(before.interactions) == SESSIONS + 1
    requests = [each.request for each in before.interactions]
    expected = [(what, operation_of(requests[call].method, requests[call].url)) for what, call in CALLS[calls]]
    assert [(each.what, each.operation) for each in found] == expected


@pytest.mark.parametrize("path", [FOUND, CHANGED])
def test_an_object_that_one_side_asked_for_by_itself_is_no_news(path: str) -> None:
    cassette = Cassette.read(ROOT / path)
    without = rearranged(cassette, 0, 1, 2, *range(4, len(cassette.interactions)))
    assert compare(cassette, without, has_passed=True) == []
    assert compare(without, cassette, has_passed=True) == []
    [found] = compare(cassette, changed(cassette, 3, put("id", value=None)), has_passed=True)
    assert found.call == 4


def test_the_first_of_two_like_calls_can_be_dropped() -> None:
    before = rearranged(Cassette.read(ROOT / STORY_CASSETTE), 0, 2, 1, 2)
    before = changed(before, 3, put("status", value="canceled"))
    found = compare(before, rearranged(before, 0, 2, 3), has_passed=True)
    assert [each.what for each in found] == [What.MISSING_CALL]


def test_a_scenario_that_failed_is_not_blamed_for_calls_that_it_did_not_come_to() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    assert compare(before, rearranged(before, 0, 1), has_passed=False) == []


def test_further_pages_of_a_history_are_compared_and_no_news() -> None:
    before = Cassette.read(ROOT / HISTORY)
    longer = rearranged(before, 0, 1, 2, 3, 3, 3, 4, 5)
    assert compare(before, longer, has_passed=True) == []
    assert compare(longer, before, has_passed=True) == []
    page = changed(before, 3, put("items", 0, "totalSum", value=1)).interactions[3]
    now = before.model_copy(update={"interactions": [*before.interactions, page]})
    assert [each.what for each in compare(before, now, has_passed=True)] == [What.TYPE]


def test_a_call_that_the_mock_server_does_not_serve_is_named_without_its_ids() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    document = before.interactions[BY_ORDER].model_dump(mode="json")
    document["request"]["url"] = "http://project.redacted.invalid/api/content/refunds/77"
    now = before.model_copy(update={"interactions": [*before.interactions, type(before.interactions[0])(**document)]})
    [found] = compare(before, now, has_passed=True)
    assert (found.operation, found.what) == ("GET /api/content/refunds/{id}", What.UNKNOWN_CALL)


#: Change of a cassette from the mock server -> what the line of the fidelity table must say.
LINES: dict[str, tuple[str, int, Change, str]] = {
    "a field that a line mentions": (
        *(STORY_CASSETTE, SESSION, put("amount", value=340)),
        "payments.create_session | answered | the whole session, `waiting`, its order and account; `amount` null",
    ),
    "a field that the third line of an operation mentions": (
        *(HISTORY, 3, put("items", 0, "isCompleted", value=True)),
        "orders.get_all_orders_by_marker | answered | `isCompleted`: cash null",
    ),
    "any other": (STORY_CASSETTE, BY_ORDER, put(0, "status", value="?"), "payments.get_session_by_order_id | answered"),
    "a refusal": (UNKNOWN_STORAGE, 2, put("message", value="?"), "orders.create_order | storage_not_found | as at one"),
    "a refusal of every operation": (
        *("cassettes/signing_in/an-application-that-the-shop-does-not-know-is-shut-out.json", 1),
        *(put("message", value="?"), "any | app_token_refused | "),
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_a_finding_of_first_contact_names_its_line_of_the_fidelity_table(case: str) -> None:
    path, call, change, expected = LINES[case]
    [found] = findings(path, call, change)
    assert found.fidelity.startswith(expected)
    assert found.fidelity.count(" | ") == 4, "operation, outcome, answer, mark and source"


def test_drift_from_a_project_names_no_line() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE).model_copy(update={"recorded_from": "project"})
    now = changed(before, ORDER, put("currency", value="EUR"))
    assert [each.fidelity for each in compare(before, now, has_passed=True)] == [""]
