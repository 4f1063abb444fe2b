"""Two responses: what differs is found and named, and what differs each time is quiet."""

import json
from typing import Any

import pytest

from oneentry_scenarios.drift.response_diff import What
from oneentry_scenarios.redaction.placeholders import Kind as Secret
from oneentry_scenarios.redaction.placeholders import make_token
from tests.drift.changes import ACCOUNTS, AUTH, BY_ORDER, DROPPED, ORDER, SESSION, STORY, body, findings, put, refused

NO_STORAGE = "only-in-storages-that-exist"
NOT_FOUND = "\"Order storage 'no-such-marker' not found\""
HISTORY, CHANGED, CHECKOUT = "is-in-its-buyer-s-history", "an-order-can-be-changed", "checkout-page"
ACCOUNTS_OF_STORAGE = "body.paymentAccountIdentifiers"
#: Of another token than the recorded one: later, and of another user.
CLAIMS = {"id": 5, "authProviderIdentifier": "email", "userIdentifier": "person-3@redacted.invalid"}
CLAIMS |= {"userAgent": "other", "iat": 1}
WITHOUT_EXPIRY = make_token(Secret.ACCESS_TOKEN, 1, CLAIMS)
#: In which cassette and call which place differs -> its new value, or a change, and what is found.
DRIFTS: list[tuple[str, int, str, Any, What, str, str]] = [
    (STORY, ORDER, "body.isGift", "a secret, perhaps", What.NEW, "", "text"),
    (STORY, ORDER, "body.totalSum", DROPPED, What.GONE, "number", ""),
    (STORY, ORDER, "body.totalSum", "340.00", What.TYPE, "number", "text"),
    (STORY, ORDER, "body.id", {"number": 89}, What.TYPE, "number", "object"),
    (STORY, ORDER, "body.createdDate", "30.04.2025", What.TYPE, "date", "text"),
    (
        STORY,
        BY_ORDER,
        "body",
        lambda each: each.update(body={"json": each["body"]["json"][0]}),
        What.TYPE,
        "list",
        "object",
    ),
    (STORY, ORDER, "body", None, What.NULL, "object", "null"),
    (HISTORY, 3, "body.items[].totalSum", 340, What.TYPE, "text", "number"),
    (CHECKOUT, SESSION, "body.paymentUrl", None, What.NULL, "text", "null"),
    ("known-before-ordering", 2, "body.discountConfig.settings.allowStacking", None, What.NULL, "boolean", "null"),
    (STORY, SESSION, "body.amount", 340, What.FILLED, "null", "number"),
    (STORY, SESSION, "body.status", "pending", What.VALUE, '"waiting"', '"pending"'),
    (STORY, BY_ORDER, "body[].status", "pending", What.VALUE, '"waiting"', '"pending"'),
    (STORY, ACCOUNTS, "body[].settings.status", "off", What.VALUE, '"connected"', '"off"'),
    ("where-the-shop-s-orders-begin", 2, "body[].isDefault", False, What.VALUE, "true", "false"),
    (STORY, ORDER, "body.totalSum", 341, What.VALUE, "340", "341"),
    (CHANGED, 3, "body.totalSum", "21.0", What.VALUE, '"21"', '"21.0"'),
    (STORY, ORDER, "body.paymentAccountIdentifier", "stripe", What.VALUE, '"cash"', '"stripe"'),
    (NO_STORAGE, 2, "body.message", "No storage", What.VALUE, NOT_FOUND, '"No storage"'),
    (CHANGED, 3, "body.products[0].title", "Candle", What.FREE_FORM, '"Product 2"', '"Candle"'),
    (CHANGED, 3, "body.products[0]", put("body.products", []), What.ITEM_GONE, "object", ""),
    (
        *("in-cash-and-by-card", 1, f"{ACCOUNTS_OF_STORAGE}[3]"),
        *(body(lambda storage: storage["paymentAccountIdentifiers"].append({"identifier": "paypal"})),),
        *(What.NEW_ITEM, "", "object"),
    ),
    (
        *(HISTORY, 3, "body.items[].isCompleted"),
        *(body(lambda page: [order.pop("isCompleted") for order in page["items"]]), What.GONE, "null", ""),
    ),
    (STORY, AUTH, "body.accessToken.claims.exp", put("body.accessToken", WITHOUT_EXPIRY), What.GONE, "number", ""),
    (STORY, ORDER, "status", 200, What.STATUS, "201", "200"),
    (STORY, SESSION, "status", refused(403, "Resource is closed"), What.REFUSED, "201", '403 "Resource is closed"'),
    (NO_STORAGE, 2, "status", 201, What.NOT_REFUSED, f"404 {NOT_FOUND}", "201"),
    (STORY, ORDER, "headers.content-type", "text/json", What.CONTENT_TYPE, "application/json", "text/json"),
]


@pytest.mark.parametrize(("cassette", "call", "where", "value", "what", "was", "now"), DRIFTS)
def test_each_kind_of_drift_is_found_and_nothing_else(
    cassette: str, call: int, where: str, value: Any, what: What, was: str, now: str
) -> None:
    [found] = findings(cassette, call, value if callable(value) else put(where, value))
    assert (found.where, found.what, found.was, found.now) == (f"response.{where}", what, was, now)
    assert found.call == call + 1


def test_additions_are_not_breaking() -> None:
    assert {what for what in What if what.impact == "additive"} == {
        *(What.NEW, What.NEW_ITEM, What.FILLED, What.FREE_FORM, What.UNKNOWN_CALL, What.MISSING_CALL)
    }


def with_another_item(**members: Any) -> Any:
    """A list under `items` that begins with another item than the recorded one."""
    return body(lambda page: page["items"].insert(0, page["items"][0] | {"id": 7} | members))


#: What differs each time -> cassette, call and change, which may be a place and its new value.
VOLATILE: dict[str, tuple[Any, ...]] = {
    "id": (STORY, ORDER, "body.id", 4711),
    "id of something else": (STORY, SESSION, "body.paymentAccountId", 7),
    "date": (STORY, ORDER, "body.createdDate", "2026-11-23T08:00:01Z"),
    "tokens": (STORY, AUTH, "body.accessToken", make_token(Secret.ACCESS_TOKEN, 7, CLAIMS | {"exp": 2})),
    "placeholder's number": (STORY, AUTH, "body.refreshToken", "0000000000000-00000000-0000-4000-8000-000000000009"),
    "user name that is no e-mail": (STORY, AUTH, "body.userIdentifier", "redacted-login-1"),
    "checkout link": (CHECKOUT, SESSION, "body.paymentUrl", "https://checkout.redacted.invalid/4"),
    "length of a history": (HISTORY, 3, body(lambda page: page.update(total=40, items=page["items"] * 10))),
    "order of a history": (HISTORY, 3, with_another_item(totalSum="9.99")),
    "other orders in a history": (HISTORY, 3, with_another_item(isCompleted=True)),
    "only other orders, of another kind": (
        *(HISTORY, 3, body(lambda page: page["items"][0].update(id=7, isCompleted=False))),
    ),
    "a session of another kind in a list": ("session-is-found-in-the-list", 4, with_another_item(clientSecret="x")),
    "empty history": (HISTORY, 3, body(lambda page: page.update(items=[], total=0))),
    "order of keys": (STORY, ORDER, body(lambda order: order.update({"id": order.pop("id")}))),
    "an amount written at more length": (
        *(STORY, ORDER),
        *(lambda each: each.update(body={"text": json.dumps(each["body"]["json"]).replace("340", "340.00")}),),
    ),
    "number in a message": ("nobody-orders-what-does-not-exist", 2, "body.message", "Product 1 not found"),
    "another language": (STORY, ACCOUNTS, "body[0].localizeInfos.fr_FR", {"title": "Comptant"}),
    "charset": (STORY, ORDER, "headers.content-type", "application/json"),
}


@pytest.mark.parametrize("volatile", VOLATILE)
def test_what_differs_each_time_is_quiet(volatile: str) -> None:
    cassette, call, *change = VOLATILE[volatile]
    assert findings(cassette, call, put(*change) if len(change) == 2 else change[0]) == []
