"""Two recordings of one scenario: calls, generated data, other shops and the evidence table."""

import json

import pytest

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import compare
from oneentry_scenarios.drift.response_diff import Diff
from oneentry_scenarios.mock_server.evidence import operation_of
from tests.conftest import example
from tests.drift.changes import BY_ORDER, ORDER, ORDERS, SESSION, SESSIONS, STORY, body, changed, findings, put, read

HISTORY, CHANGED, BUYER = (
    "appears-in-the-customer-s-order-history",
    "a-customer-can-change-the-products-of-an-unpaid-order",
    "shows-the-buyer-s-name",
)
ALL_ORDERS = "orders.get_all_orders_by_marker | answered"
NO_STORAGE = "storage-that-does-not-exist"


def diffs(before: Cassette, now: Cassette, *, has_passed: bool = True) -> list[Diff]:
    """What a comparison finds, without places and values."""
    return [each.what for each in compare(before, now, has_passed=has_passed)]


def replaced(before: Cassette, words: dict[str, str]) -> Cassette:
    """A cassette with other words."""
    text = json.dumps(before.model_dump(mode="json"))
    for word, other in words.items():
        text = text.replace(word, other)
    return Cassette.model_validate_json(text)


def test_generated_data_and_what_was_sent_is_quiet_where_it_comes_back() -> None:
    before = read(BUYER)
    [name] = before.data.values()
    assert diffs(before, replaced(before, {json.dumps(name): '"Ben"'})) == []
    only_answered = changed(before, 2, put("body.formData.en_US[0].value", "Ben"))
    assert diffs(before, only_answered) == [Diff.VALUE]
    before = read(STORY).model_copy(update={"data": {"word": "USD"}})
    now = changed(before, ORDER, put("body.currency", "EUR")).model_copy(update={"data": {"word": "EUR"}})
    assert diffs(before, now) == [], "wherever it stands"
    before = read(NO_STORAGE)
    assert diffs(before, replaced(before, {"no-such-marker": "nowhere"})) == [], "a message repeats the address"


#: Words of the default shop -> those of another.
OTHER_WORDS = {"en_US": "de_DE", '"cash"': '"rechnung"', "USD": "EUR", '"order"': '"bestellung"', "340": "49"}
OTHER_WORDS |= {"marker/orders": "marker/laden", '"storage": "orders"': '"storage": "laden"', "inProgress": "offen"}
OTHER_WORDS |= {"Product 2": "Kerze"}


@pytest.mark.parametrize(("name", "order"), [(STORY, 1), (CHANGED, 1), (HISTORY, 2), (BUYER, 2)])
def test_another_shop_is_no_drift(name: str, order: int) -> None:
    before = read(name)
    now = replaced(before, OTHER_WORDS)
    assert now != before
    assert diffs(before, now) == []
    astray = changed(now, order, put("body.paymentAccountIdentifier", "stripe"))
    assert diffs(before, astray) == [Diff.VALUE]


def test_a_field_of_the_form_that_only_this_shop_has_is_quiet() -> None:
    before = read(STORY)
    field = {"type": "string", "marker": "remark", "value": "Ben"}
    answered = changed(before, ORDER, body(lambda order: order["formData"]["en_US"].append(field)))
    assert diffs(before, answered) == [Diff.NEW_ITEM]
    document = answered.model_dump(mode="json")
    document["interactions"][ORDER]["request"]["body"]["json"]["formData"]["en_US"].append(field)
    assert diffs(before, Cassette.model_validate_json(json.dumps(document))) == []


def test_of_two_own_sessions_each_is_compared_with_itself() -> None:
    before = rearranged(read(STORY), 0, 1, 2, 2, 4)
    first = before.interactions[SESSION].response.body
    assert first is not None
    second = first.structure | {"id": 47, "status": "canceled"}
    before = changed(before, 3, put("body", {"json": second}))
    before = changed(before, 4, body(lambda sessions: sessions.append(second)))
    assert diffs(before, before) == []


def test_every_cassette_agrees_with_itself() -> None:
    for path in (example() / "cassettes").rglob("*.json"):
        assert diffs(recorded := Cassette.read(path), recorded) == [], path


def rearranged(before: Cassette, *calls: int) -> Cassette:
    return before.model_copy(update={"interactions": [before.interactions[call] for call in calls]})


#: Which calls are made now -> what is found of them, each by its place in the cassette.
CALLS: dict[tuple[int, ...], list[tuple[Diff, int]]] = {
    (0, 1, 2, 4, ORDERS, SESSIONS): [(Diff.MISSING_CALL, 3)],
    (0, 3, 1, 2, 4, ORDERS, SESSIONS): [],
    (0, 1, 2, 2, 3, 4, ORDERS, SESSIONS): [(Diff.UNKNOWN_CALL, SESSION)],
    (0, 1, 2, 3, 4, ORDERS): [(Diff.MISSING_CALL, SESSIONS)],
    (0, 1): [(Diff.MISSING_CALL, call) for call in range(SESSION, SESSIONS + 1)],
}


@pytest.mark.parametrize("calls", CALLS)
def test_calls_that_are_dropped_added_or_moved_do_not_confuse_the_others(calls: tuple[int, ...]) -> None:
    before = read(STORY)
    found = compare(before, rearranged(before, *calls), has_passed=True)
    assert len(before.interactions) == SESSIONS + 1
    requests = [each.request for each in before.interactions]
    expected = [(what, operation_of(requests[call].method, requests[call].url)) for what, call in CALLS[calls]]
    assert [(each.what, each.operation) for each in found] == expected
    unexpected = [what for what, _ in expected if what is not Diff.MISSING_CALL]
    assert diffs(before, rearranged(before, *calls), has_passed=False) == unexpected, "it did not come to the others"


@pytest.mark.parametrize("name", ["and-by-its-order--cash", CHANGED])
def test_an_object_that_one_side_asked_for_by_itself_is_no_news(name: str) -> None:
    before = read(name)
    without = rearranged(before, 0, 1, 2, *range(4, len(before.interactions)))
    assert diffs(before, without) == diffs(without, before) == []
    [found] = findings(name, 3, put("body.id", None))
    assert found.call == 4


def test_the_first_of_two_like_calls_can_be_dropped() -> None:
    before = rearranged(read(STORY), 0, 2, 1, 2)
    before = changed(before, 3, put("body.status", "canceled"))
    assert diffs(before, rearranged(before, 0, 2, 3)) == [Diff.MISSING_CALL]


def test_further_pages_of_a_history_are_compared_and_no_news() -> None:
    before = read(HISTORY)
    longer = rearranged(before, 0, 1, 2, 3, 3, 3, 4, 5)
    assert diffs(before, longer) == diffs(longer, before) == []
    page = changed(before, 3, put("body.items[].totalSum", 1)).interactions[3]
    now = before.model_copy(update={"interactions": [*before.interactions, page]})
    assert diffs(before, now) == [Diff.TYPE]


def test_a_call_that_the_mock_server_does_not_serve_is_named_without_its_ids() -> None:
    before = read(STORY)
    document = before.interactions[BY_ORDER].model_dump(mode="json")
    document["request"]["url"] = "http://project.redacted.invalid/api/content/refunds/77"
    now = before.model_copy(update={"interactions": [*before.interactions, type(before.interactions[0])(**document)]})
    [found] = compare(before, now, has_passed=True)
    assert (found.operation, found.what) == ("GET /api/content/refunds/{id}", Diff.UNKNOWN_CALL)


#: Cassette, call and a place in its answer -> what the row of the evidence table must say of another value there.
LINES = {
    "a field that a line mentions": (STORY, SESSION, "body.amount", "payments.create_session | answered | the whole "),
    "the third line of an operation": (HISTORY, 3, "body.items[].isCompleted", f"{ALL_ORDERS} | `isCompleted` is null"),
    "any other": (STORY, BY_ORDER, "body[].status", "payments.get_session_by_order_id | answered"),
    "a refusal": (NO_STORAGE, 2, "body.message", "orders.create_order | storage_not_found | as for one"),
    "a refusal of every operation": ("unknown-app-token-is-refused", 1, "body.message", "any | app_token_refused | "),
}


@pytest.mark.parametrize("case", LINES)
def test_a_mock_mismatch_names_its_row_of_the_evidence_table(case: str) -> None:
    name, call, where, expected = LINES[case]
    [found] = findings(name, call, put(where, 0))
    assert found.evidence.startswith(expected)
    assert found.evidence.count(" | ") == 4, "operation, outcome, response, level and source"


def test_drift_from_a_project_names_no_line() -> None:
    before = read(STORY).model_copy(update={"recorded_from": "project"})
    now = changed(before, ORDER, put("body.currency", "EUR"))
    assert [each.evidence for each in compare(before, now, has_passed=True)] == [""]
