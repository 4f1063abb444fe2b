"""Drift: each way in which an API can change is found, what differs every time is not, and no cassette changes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import Finding, compare
from oneentry_scenarios.drift.response_diff import Kind, What
from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.world import DEFAULT, OTHER, World
from oneentry_scenarios.redaction.placeholders import Kind as Secret
from oneentry_scenarios.redaction.placeholders import make_token
from tests.conftest import ROOT, SOAK, STORY, STORY_CASSETTE, Outcome, Project

#: A change of one answer, made in place: the whole `response` of a cassette.
Change = Callable[[dict[str, Any]], object]
CHECKOUT = "cassettes/paying/a-card-is-paid-on-a-checkout-page.json"
HISTORY = "cassettes/ordering/an-order-is-in-its-buyer-s-history.json"
CHANGED = "cassettes/ordering/an-order-can-be-changed.json"
PREVIEW = "cassettes/ordering/the-price-is-known-before-ordering.json"
FOUND = "cassettes/paying/a-payment-session-is-found-by-its-number-by-its-order-and-in-the-list.json"
STATUSES = "cassettes/ordering/a-new-order-begins-where-the-shop-s-orders-begin.json"
UNKNOWN_STORAGE = "cassettes/ordering/orders-are-kept-only-in-storages-that-exist.json"
STORAGE = "cassettes/paying/the-shop-offers-payment-in-cash-and-by-card.json"
BUYER = "cassettes/order_payment/an-order-is-confirmed-in-the-name-of-whoever-buys.json"
#: Calls of the story.
AUTH, ORDER, SESSION, ACCOUNTS, BY_ORDER = range(5)


def body(change: Callable[[Any], object]) -> Change:
    """A change of the JSON of an answer's body."""
    return lambda response: change(response["body"]["json"])


def renamed(old: str, new: str) -> Change:
    return body(lambda content: content.update({new: content.pop(old)}))


def refused(status: int, message: str) -> Change:
    refusal = {"statusCode": status, "message": message}
    return lambda response: response.update(status=status, body={"json": refusal})


def put(*path: str | int, value: Any) -> Change:
    """A change of one value."""

    def change(response: dict[str, Any]) -> None:
        content = response["body"]["json"]
        for name in path[:-1]:
            content = content[name]
        content[path[-1]] = value

    return change


def changed(cassette: Cassette, call: int, change: Change) -> Cassette:
    document = cassette.model_dump(mode="json")
    change(document["interactions"][call]["response"])
    return Cassette.model_validate_json(json.dumps(document))


def findings(path: str, call: int, change: Change) -> list[Finding]:
    before = Cassette.read(ROOT / path)
    return compare(before, changed(before, call, change), has_passed=True)


#: What happens -> cassette, call, change; place, what it is, what was, what is now.
DRIFTS: dict[str, tuple[str, int, Change, list[tuple[str, What, str, str]]]] = {
    "field removed": (
        *(STORY_CASSETTE, ORDER, body(lambda order: order.pop("totalSum"))),
        [("response.body.totalSum", What.GONE, "number", "")],
    ),
    "field added": (
        *(STORY_CASSETTE, ORDER, put("isGift", value="a secret, perhaps")),
        [("response.body.isGift", What.NEW, "", "text")],
    ),
    "field renamed": (
        *(STORY_CASSETTE, SESSION, renamed("paymentUrl", "checkoutUrl")),
        [
            ("response.body.paymentUrl", What.GONE, "null", ""),
            ("response.body.checkoutUrl", What.NEW, "", "null"),
        ],
    ),
    "number becomes text": (
        *(STORY_CASSETTE, ORDER, put("totalSum", value="340.00")),
        [("response.body.totalSum", What.TYPE, "number", "text")],
    ),
    "id becomes text": (
        *(STORY_CASSETTE, ORDER, put("id", value="89")),
        [("response.body.id", What.TYPE, "number", "text")],
    ),
    "id becomes an object": (
        *(STORY_CASSETTE, ORDER, put("id", value={"number": 89})),
        [("response.body.id", What.TYPE, "number", "object")],
    ),
    "list becomes object": (
        *(STORY_CASSETTE, BY_ORDER, lambda response: response["body"].update(json=response["body"]["json"][0])),
        [("response.body", What.TYPE, "list", "object")],
    ),
    "date becomes another text": (
        *(STORY_CASSETTE, ORDER, put("createdDate", value="30.04.2025")),
        [("response.body.createdDate", What.TYPE, "date", "text")],
    ),
    "link goes away": (
        *(CHECKOUT, SESSION, put("paymentUrl", value=None)),
        [("response.body.paymentUrl", What.NULL, "text", "null")],
    ),
    "body goes away": (
        *(STORY_CASSETTE, ORDER, lambda response: response.update(body=None)),
        [("response.body", What.NULL, "object", "null")],
    ),
    "null where nobody expects it": (
        *(CHANGED, 3, put("statusIdentifier", value=None)),
        [("response.body.statusIdentifier", What.NULL, "text", "null")],
    ),
    "optional amount is filled": (
        *(STORY_CASSETTE, SESSION, put("amount", value=340)),
        [("response.body.amount", What.FILLED, "null", "number")],
    ),
    "enum value": (
        *(STORY_CASSETTE, SESSION, put("status", value="pending")),
        [("response.body.status", What.VALUE, '"waiting"', '"pending"')],
    ),
    "enum value in a list, of the scenario's own session": (
        *(STORY_CASSETTE, BY_ORDER, put(0, "status", value="pending")),
        [("response.body[].status", What.VALUE, '"waiting"', '"pending"')],
    ),
    "enum value in a list, of a thing with a marker": (
        *(STORY_CASSETTE, ACCOUNTS, put(0, "settings", "status", value="off")),
        [("response.body[].settings.status", What.VALUE, '"connected"', '"off"')],
    ),
    "claim of a token gone": (
        *(STORY_CASSETTE, AUTH, put("accessToken", value=make_token(Secret.ACCESS_TOKEN, 1, {"id": 16}))),
        [
            (f"response.body.accessToken.claims.{claim}", What.GONE, kind, "")
            for claim, kind in (
                *(("authProviderIdentifier", "text"), ("userIdentifier", "text"), ("userAgent", "text")),
                *(("iat", "number"), ("exp", "number")),
            )
        ],
    ),
    "price": (
        *(STORY_CASSETTE, ORDER, put("totalSum", value=341)),
        [("response.body.totalSum", What.VALUE, "340", "341")],
    ),
    "price as text": (
        *(CHANGED, 3, put("totalSum", value="21.0")),
        [("response.body.totalSum", What.VALUE, '"21.00"', '"21.0"')],
    ),
    "currency": (
        *(STORY_CASSETTE, ORDER, put("currency", value="EUR")),
        [("response.body.currency", What.VALUE, '"USD"', '"EUR"')],
    ),
    "an echo that is none": (
        *(STORY_CASSETTE, ORDER, put("paymentAccountIdentifier", value="stripe")),
        [("response.body.paymentAccountIdentifier", What.VALUE, '"cash"', '"stripe"')],
    ),
    "true becomes false": (
        *(STORY_CASSETTE, ACCOUNTS, put(0, "isUsed", value=False)),
        [("response.body[].isUsed", What.VALUE, "true", "false")],
    ),
    "flag of a thing with a marker that no profile knows": (
        *(STATUSES, 2, put(0, "isDefault", value=False)),
        [("response.body[].isDefault", What.VALUE, "true", "false")],
    ),
    "what the shop's people typed": (
        *(CHANGED, 3, put("products", 0, "title", value="Candle")),
        [("response.body.products[0].title", What.FREE_FORM, '"Product 2"', '"Candle"')],
    ),
    "message": (
        *(UNKNOWN_STORAGE, 1, put("message", value="No storage 'no-such-marker'")),
        [
            (
                "response.body.message",
                What.VALUE,
                "\"Order storage 'no-such-marker' not found\"",
                "\"No storage 'no-such-marker'\"",
            )
        ],
    ),
    "status": (
        *(STORY_CASSETTE, ORDER, lambda response: response.update(status=200)),
        [("response.status", What.STATUS, "201", "200")],
    ),
    "status of a refusal": (
        *(UNKNOWN_STORAGE, 1, lambda response: response.update(status=422)),
        [("response.status", What.STATUS, "404", "422")],
    ),
    "new refusal": (
        *(STORY_CASSETTE, SESSION, refused(403, "Resource is closed")),
        [("response.status", What.REFUSED, "201", '403 "Resource is closed"')],
    ),
    "refusal gone": (
        *(UNKNOWN_STORAGE, 1, lambda response: response.update(status=201, body={"json": {"id": 1}})),
        [("response.status", What.NOT_REFUSED, "404 \"Order storage 'no-such-marker' not found\"", "201")],
    ),
    "content type": (
        *(STORY_CASSETTE, ORDER, lambda response: response["headers"].update({"content-type": "text/json"})),
        [("response.headers.content-type", What.CONTENT_TYPE, "application/json", "text/json")],
    ),
    "item of a list gone": (
        *(CHANGED, 3, body(lambda order: order["products"].clear())),
        [("response.body.products[0]", What.ITEM_GONE, "object", "")],
    ),
    "item of a list added": (
        *(STORAGE, 1, body(lambda storage: storage["paymentAccountIdentifiers"].append({"identifier": "paypal"}))),
        [("response.body.paymentAccountIdentifiers[3]", What.NEW_ITEM, "", "object")],
    ),
    "field of all items of a history gone": (
        *(HISTORY, 2, body(lambda page: [order.pop("isCompleted", None) for order in page["items"]])),
        [("response.body.items[].isCompleted", What.GONE, "null", "")],
    ),
    "type inside a history": (
        *(HISTORY, 2, put("items", 0, "totalSum", value=340)),
        [("response.body.items[].totalSum", What.TYPE, "text", "number")],
    ),
    "null inside a deep object": (
        *(PREVIEW, 1, put("discountConfig", "settings", "allowStacking", value=None)),
        [("response.body.discountConfig.settings.allowStacking", What.NULL, "boolean", "null")],
    ),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_each_class_of_drift_is_found_and_nothing_else(drift: str) -> None:
    path, call, change, expected = DRIFTS[drift]
    found = findings(path, call, change)
    assert [(each.where, each.what, each.was, each.now) for each in found] == expected
    assert {each.call for each in found} == {call + 1}


def test_what_is_added_breaks_nobody() -> None:
    assert {what for what in What if what.kind is Kind.ADDITIVE} == {
        *(What.NEW, What.NEW_ITEM, What.FILLED, What.FREE_FORM, What.UNKNOWN_CALL, What.MISSING_CALL)
    }


#: Another token than the recorded one: later, and of another user.
TOKEN = make_token(
    Secret.ACCESS_TOKEN,
    7,
    {
        "id": 5,
        "authProviderIdentifier": "email",
        "userIdentifier": "person-3@redacted.invalid",
        "userAgent": "other",
        "iat": 1,
        "exp": 2,
    },
)
#: What differs each time -> cassette, call, change.
VOLATILE: dict[str, tuple[str, int, Change]] = {
    "id": (STORY_CASSETTE, ORDER, put("id", value=4711)),
    "id of something else": (STORY_CASSETTE, SESSION, put("paymentAccountId", value=7)),
    "date": (STORY_CASSETTE, ORDER, put("createdDate", value="2026-11-23T08:00:01Z")),
    "tokens": (STORY_CASSETTE, AUTH, put("accessToken", value=TOKEN)),
    "placeholder with another number": (
        *(STORY_CASSETTE, AUTH, put("refreshToken", value="0000000000000-00000000-0000-4000-8000-000000000009")),
    ),
    "user name that is no e-mail": (STORY_CASSETTE, AUTH, put("userIdentifier", value="redacted-login-1")),
    "checkout link": (CHECKOUT, SESSION, put("paymentUrl", value="https://checkout.redacted.invalid/4")),
    "length of a history": (HISTORY, 2, body(lambda page: page.update(total=40, items=page["items"] * 10))),
    "order of a history": (
        *(HISTORY, 2, body(lambda page: page["items"].insert(0, page["items"][0] | {"id": 7, "totalSum": "9.99"}))),
    ),
    "other orders in a history": (
        *(HISTORY, 2, body(lambda page: page["items"].append(page["items"][0] | {"id": 7, "isCompleted": True}))),
    ),
    "only other orders, of another kind, in a history": (
        *(HISTORY, 2, body(lambda page: page["items"][0].update(id=7, isCompleted=False))),
    ),
    "a session of another kind in a list": (
        *(FOUND, 5, body(lambda page: page["items"].append(page["items"][0] | {"id": 7, "clientSecret": "x"}))),
    ),
    "empty history": (HISTORY, 2, body(lambda page: page.update(items=[], total=0))),
    "order of keys": (
        *(
            STORY_CASSETTE,
            ORDER,
            lambda response: response["body"].update(json=dict(reversed(response["body"]["json"].items()))),
        ),
    ),
    "an amount written at more length": (
        *(
            STORY_CASSETTE,
            ORDER,
            lambda response: response.update(
                body={"text": json.dumps(response["body"]["json"]).replace("340", "340.00")}
            ),
        ),
    ),
    "number in a message": (
        *("cassettes/ordering/nobody-orders-what-does-not-exist.json", 1, put("message", value="Product 1 not found")),
    ),
    "another language": (STORY_CASSETTE, ACCOUNTS, put(0, "localizeInfos", "fr_FR", value={"title": "Comptant"})),
    "charset": (
        *(STORY_CASSETTE, ORDER, lambda response: response["headers"].update({"content-type": "application/json"})),
    ),
}


@pytest.mark.parametrize("volatile", VOLATILE)
def test_what_differs_each_time_is_quiet(volatile: str) -> None:
    path, call, change = VOLATILE[volatile]
    assert findings(path, call, change) == []


def test_generated_data_and_what_was_sent_is_quiet_where_it_comes_back() -> None:
    before = Cassette.read(ROOT / BUYER)
    [name] = before.data.values()
    text = json.dumps(before.model_dump(mode="json"))
    now = Cassette.model_validate_json(text.replace(json.dumps(name), '"Ben"'))
    assert compare(before, now, has_passed=True) == []
    only_answered = changed(before, 1, put("formData", "en_US", 0, "value", value="Ben"))
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


@pytest.mark.parametrize("path", [STORY_CASSETTE, CHANGED, HISTORY, BUYER])
def test_another_shop_is_no_drift(path: str) -> None:
    before = Cassette.read(ROOT / path)
    now = in_another_shop(before)
    assert now != before
    assert compare(before, now, has_passed=True) == []
    astray = changed(now, ORDER, put("paymentAccountIdentifier", value="stripe"))
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


#: Which calls are made now -> what is found of them.
CALLS: dict[tuple[int, ...], list[tuple[What, str]]] = {
    (0, 1, 2, 4): [(What.MISSING_CALL, "payments.get_accounts")],
    (0, 3, 1, 2, 4): [],
    (0, 1, 2, 2, 3, 4): [(What.UNKNOWN_CALL, "payments.create_session")],
    (0, 1): [(What.MISSING_CALL, name) for name in ("create_session", "get_accounts", "get_session_by_order_id")],
}


@pytest.mark.parametrize("calls", CALLS)
def test_calls_that_are_dropped_added_or_moved_do_not_confuse_the_others(calls: tuple[int, ...]) -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    found = compare(before, rearranged(before, *calls), has_passed=True)
    expected = [(what, f"payments.{name.removeprefix('payments.')}") for what, name in CALLS[calls]]
    assert [(each.what, each.operation) for each in found] == expected


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
    assert compare(before, rearranged(before, 0, 1, 2, 2, 2), has_passed=True) == []
    assert compare(rearranged(before, 0, 1, 2, 2, 2), before, has_passed=True) == []
    page = changed(before, 2, put("items", 0, "totalSum", value=1)).interactions[2]
    now = before.model_copy(update={"interactions": [*before.interactions, page]})
    assert [each.what for each in compare(before, now, has_passed=True)] == [What.TYPE]


def test_a_call_that_the_stand_in_does_not_know_is_named_without_its_ids() -> None:
    before = Cassette.read(ROOT / STORY_CASSETTE)
    document = before.interactions[BY_ORDER].model_dump(mode="json")
    document["request"]["url"] = "http://project.redacted.invalid/api/content/refunds/77"
    now = before.model_copy(update={"interactions": [*before.interactions, type(before.interactions[0])(**document)]})
    [found] = compare(before, now, has_passed=True)
    assert (found.operation, found.what) == ("GET /api/content/refunds/{id}", What.UNKNOWN_CALL)


#: Change of a cassette from the mock server -> what the line of the fidelity table must say.
LINES: dict[str, tuple[str, int, Change, str]] = {
    "a field that a line speaks of": (
        *(STORY_CASSETTE, SESSION, put("amount", value=340)),
        "payments.create_session | answered | the whole session, `waiting`, its order and account; `amount` null",
    ),
    "a field that the third line of an operation speaks of": (
        *(HISTORY, 2, put("items", 0, "isCompleted", value=True)),
        "orders.get_all_orders_by_marker | answered | `isCompleted`: cash null",
    ),
    "any other": (STORY_CASSETTE, BY_ORDER, put(0, "status", value="?"), "payments.get_session_by_order_id | answered"),
    "a refusal": (UNKNOWN_STORAGE, 1, put("message", value="?"), "orders.create_order | storage_not_found | as at one"),
    "a refusal of every operation": (
        *("cassettes/signing_in/an-application-that-the-shop-does-not-know-is-shut-out.json", 0),
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


class DriftingServer(Server):
    """A project whose answers to some requests are changed on their way out: `drifts` is method and path -> change."""

    def __init__(self, world: World = DEFAULT) -> None:
        super().__init__(world=world)
        self.drifts: dict[str, Change] = {}
        config = self._uvicorn.config
        config.app = self._drifting(config.app)

    def _drifting(self, app: Any) -> ASGIApp:
        async def drifting(scope: Scope, receive: Receive, send: Send) -> None:
            change = self.drifts.get(f"{scope['method']} {scope['path'].removeprefix('/api/content')}")
            start: dict[str, Any] = {}

            async def send_changed(message: Message) -> None:
                if change is None:
                    await send(message)
                elif message["type"] == "http.response.start":
                    start.update(message)
                else:
                    response = {"status": start["status"], "body": {"json": json.loads(message["body"])}}
                    change(response)
                    content = json.dumps(response["body"]["json"]).encode()
                    start["headers"] = [
                        *((name, value) for name, value in start["headers"] if name != b"content-length"),
                        (b"content-length", str(len(content)).encode()),
                    ]
                    await send({**start, "status": response["status"]})
                    await send({**message, "body": content})

            await app(scope, receive, send_changed)

        return drifting


CREATE_ORDER = "POST /orders-storage/marker/orders/orders"
CREATE_SESSION = "POST /payments/sessions"


@contextmanager
def serving(server: DriftingServer) -> Iterator[DriftingServer]:
    with server:
        yield server


@pytest.fixture(scope="module")
def running() -> Iterator[DriftingServer]:
    with serving(DriftingServer()) as server:
        yield server


@pytest.fixture
def server(running: DriftingServer) -> DriftingServer:
    running.reset()
    running.drifts = {}
    return running


def drift(project: Project, server: DriftingServer, *arguments: str) -> Outcome:
    """Compare what `server` says with the cassettes, as somebody would whose project it is."""
    user, other = server.world.users[:2]
    before = project.cassettes()
    outcome = project.run(
        "--api=live",
        "--drift",
        *arguments,
        COLUMNS="250",
        ONEENTRY_PROJECT_URL=server.url,
        ONEENTRY_APP_TOKEN=server.world.app_token,
        ONEENTRY_USER=user.identifier,
        ONEENTRY_PASSWORD=user.password,
        ONEENTRY_OTHER_USER=other.identifier,
        ONEENTRY_OTHER_PASSWORD=other.password,
        ONEENTRY_ALLOW_ORDERS=server.url.removeprefix("http://"),
    )
    assert project.cassettes() == before, "drift changes no cassette"
    return outcome


def document_of(project: Project) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((project.root / "reports/drift.json").read_text(encoding="utf-8"))
    return document


def recorded_from_a_project(project: Project, path: str) -> None:
    project.edit(path, '"recorded_from": "mock server"', '"recorded_from": "project"')


def test_breaking_drift_is_red_and_told_everywhere(project: Project, server: DriftingServer) -> None:
    recorded_from_a_project(project, STORY_CASSETTE)
    server.drifts[CREATE_ORDER] = put("isGift", value=False)
    server.drifts[CREATE_SESSION] = lambda response: (
        renamed("updatedDate", "changedDate")(response),
        put("status", value="completed")(response),
    )
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "1 scenarios compared with their cassettes: 2 breaking and 2 additive findings" in outcome.output
    assert "Drift. The API no longer says what the cassettes say" in outcome.output
    assert "first contact" not in outcome.output.lower()
    line = 'breaking  payments.create_session  response.body.status       another value  "waiting"  "completed"'
    assert f"{line}  A payment session is opened for a new order\n" in outcome.output
    assert f"To record exactly the scenarios with findings:\n  pytest --api=live --record {STORY}\n" in outcome.output

    document = document_of(project)
    assert list(document) == [
        *("format", "breaking", "additive", "compared", "not_compared", "record_command", "findings")
    ]
    assert (document["breaking"], document["additive"], document["compared"]) == (2, 2, [STORY])
    assert document["record_command"] == f"pytest --api=live --record {STORY}"
    assert [(each["call"], each["where"], each["kind"]) for each in document["findings"]] == [
        (2, "response.body.isGift", "additive"),
        (3, "response.body.changedDate", "additive"),
        (3, "response.body.status", "breaking"),
        (3, "response.body.updatedDate", "breaking"),
    ]
    assert document["findings"][2] == {
        "scenario": "A payment session is opened for a new order",
        "node_id": STORY,
        "subject": "drift",
        "call": 3,
        "operation": "payments.create_session",
        "where": "response.body.status",
        "what": "another value",
        "was": '"waiting"',
        "now": '"completed"',
        "kind": "breaking",
        "fidelity": "",
    }
    [table] = (
        list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in (project.root / "reports/allure-results").glob("*/*-attachment.csv")
    )
    assert [row["where"] for row in table] == [
        *("response.body.isGift", "response.body.updatedDate", "response.body.status", "response.body.changedDate")
    ]


def test_additive_drift_is_green(project: Project, server: DriftingServer) -> None:
    recorded_from_a_project(project, STORY_CASSETTE)
    server.drifts[CREATE_ORDER] = put("isGift", value=False)
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert "0 breaking and 1 additive findings" in outcome.output
    assert document_of(project)["additive"] == 1


def test_first_contact_asks_whether_our_picture_is_right(project: Project, server: DriftingServer) -> None:
    server.drifts["GET /payments/accounts"] = put(0, "isUsed", value=False)
    outcome = drift(project, server, STORY)
    assert "1 scenarios: 1 passed" in outcome.output, "the scenario itself does not mind"
    assert outcome.code == 1, "the same exit rule"
    assert "First contact. These cassettes were recorded from the mock server" in outcome.output
    assert "is our picture of it right?" in outcome.output
    assert "\nDrift." not in outcome.output
    assert "    fidelity: payments.get_accounts | answered | all accounts; no user needed | doc" in outcome.output
    assert [each["subject"] for each in document_of(project)["findings"]] == ["first contact"]
    [result] = (project.root / "reports/allure-results").glob("*/*-result.json")
    assert "First contact" in [each["name"] for each in json.loads(result.read_text("utf-8"))["attachments"]]


def test_a_scenario_that_fails_of_a_refusal_is_compared_too(project: Project, server: DriftingServer) -> None:
    server.drifts[CREATE_SESSION] = refused(402, f"no plan for {DEFAULT.users[0].identifier} at {server.url}")
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "1 breaking and 0 additive findings" in outcome.output
    [found] = document_of(project)["findings"]
    assert found["what"] == "new refusal"
    assert found["now"] == '402 "no plan for person-1@redacted.invalid at http://project.re…', "redacted, and cut"


def test_another_shop_says_the_same_in_its_own_words(project: Project) -> None:
    with serving(DriftingServer(OTHER)) as server:
        outcome = drift(project, server, "--profile=oneentry_scenarios/mock_server/other.toml", STORY)
    assert outcome.code == 0, outcome.output
    assert "1 scenarios compared with their cassettes: no findings" in outcome.output


def test_a_scenario_without_a_cassette_is_named_and_no_error(project: Project, server: DriftingServer) -> None:
    (project.root / STORY_CASSETTE).unlink()
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert f"Without a cassette of their own, so not compared:\n  {STORY}\n" in outcome.output
    assert document_of(project)["not_compared"] == [STORY]


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--drift", "--api=mock"], "add --api=live"),
        (["--drift", "--api=live", "--record"], "drop --record, or record in a second run"),
    ],
)
def test_drift_needs_a_project_and_does_not_record(project: Project, options: list[str], advice: str) -> None:
    outcome = project.run(*options, STORY)
    assert outcome.code == 4
    assert advice in outcome.output


@pytest.mark.soak
def test_undrifted_runs_report_nothing(project: Project, server: DriftingServer) -> None:
    """On a shop that is in use: nothing is reset between the runs, so ids, dates and histories go on."""
    features = ["features/order_payment.feature", "features/paying.feature", "--all"] if SOAK else [STORY]
    for number in range(20 if SOAK else 3):
        outcome = drift(project, server, *features)
        assert "their cassettes: no findings" in outcome.output, f"run {number + 1}:\n{outcome.output}"
        assert Path(project.root / "reports/drift.json").is_file()
