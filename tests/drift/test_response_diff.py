"""Two responses: what differs is found and named, and what differs each time is quiet."""

import json
import re
from typing import Any

import pytest

from oneentry_scenarios.drift.response_diff import Impact, What
from oneentry_scenarios.redaction.placeholders import Kind as Secret
from oneentry_scenarios.redaction.placeholders import make_token
from tests.conftest import STORY_CASSETTE
from tests.drift.changes import (
    ACCOUNTS,
    AUTH,
    BY_ORDER,
    CHANGED,
    CHECKOUT,
    HISTORY,
    IN_THE_LIST,
    ORDER,
    PREVIEW,
    SESSION,
    STATUSES,
    STORAGE,
    UNKNOWN_STORAGE,
    Change,
    body,
    findings,
    put,
    refused,
    renamed,
)

NOT_FOUND = "\"Order storage 'no-such-marker' not found\""
#: Where a value changes (`[]` is the first of a list), in which cassette and call -> the new value, and what is found.
VALUES = [
    (STORY_CASSETTE, ORDER, ".isGift", "a secret, perhaps", What.NEW, "", "text"),
    (STORY_CASSETTE, ORDER, ".totalSum", "340.00", What.TYPE, "number", "text"),
    (STORY_CASSETTE, ORDER, ".id", {"number": 89}, What.TYPE, "number", "object"),
    (STORY_CASSETTE, ORDER, ".createdDate", "30.04.2025", What.TYPE, "date", "text"),
    (HISTORY, 3, ".items[].totalSum", 340, What.TYPE, "text", "number"),
    (CHECKOUT, SESSION, ".paymentUrl", None, What.NULL, "text", "null"),
    (PREVIEW, 2, ".discountConfig.settings.allowStacking", None, What.NULL, "boolean", "null"),
    (STORY_CASSETTE, SESSION, ".amount", 340, What.FILLED, "null", "number"),
    (STORY_CASSETTE, SESSION, ".status", "pending", What.VALUE, '"waiting"', '"pending"'),
    (STORY_CASSETTE, BY_ORDER, "[].status", "pending", What.VALUE, '"waiting"', '"pending"'),
    (STORY_CASSETTE, ACCOUNTS, "[].settings.status", "off", What.VALUE, '"connected"', '"off"'),
    (STATUSES, 2, "[].isDefault", False, What.VALUE, "true", "false"),
    (STORY_CASSETTE, ORDER, ".totalSum", 341, What.VALUE, "340", "341"),
    (CHANGED, 3, ".totalSum", "21.0", What.VALUE, '"21"', '"21.0"'),
    (STORY_CASSETTE, ORDER, ".paymentAccountIdentifier", "stripe", What.VALUE, '"cash"', '"stripe"'),
    (UNKNOWN_STORAGE, 2, ".message", "No storage", What.VALUE, NOT_FOUND, '"No storage"'),
    (CHANGED, 3, ".products[0].title", "Candle", What.FREE_FORM, '"Product 2"', '"Candle"'),
]


@pytest.mark.parametrize(("path", "call", "where", "value", "what", "was", "now"), VALUES)
def test_another_value_is_found_and_nothing_else(
    path: str, call: int, where: str, value: object, what: What, was: str, now: str
) -> None:
    keys = [name or int(index or 0) for name, index in re.findall(r"(\w+)|\[(\d*)\]", where)]
    [found] = findings(path, call, put(*keys, value=value))
    assert (found.where, found.what, found.was, found.now) == (f"response.body{where}", what, was, now)
    assert found.call == call + 1


#: Of another token than the recorded one: later, and of another user.
CLAIMS = {"id": 5, "authProviderIdentifier": "email", "userIdentifier": "person-3@redacted.invalid"}
CLAIMS |= {"userAgent": "other", "iat": 1}
DRIFTS: dict[str, tuple[str, int, Change, list[tuple[str, What, str, str]]]] = {
    "field removed": (
        *(STORY_CASSETTE, ORDER, body(lambda order: order.pop("totalSum"))),
        [("response.body.totalSum", What.GONE, "number", "")],
    ),
    "field renamed": (
        *(STORY_CASSETTE, SESSION, renamed("paymentUrl", "checkoutUrl")),
        [
            ("response.body.paymentUrl", What.GONE, "null", ""),
            ("response.body.checkoutUrl", What.NEW, "", "null"),
        ],
    ),
    "list becomes object": (
        *(STORY_CASSETTE, BY_ORDER, lambda response: response["body"].update(json=response["body"]["json"][0])),
        [("response.body", What.TYPE, "list", "object")],
    ),
    "body goes away": (
        *(STORY_CASSETTE, ORDER, lambda response: response.update(body=None)),
        [("response.body", What.NULL, "object", "null")],
    ),
    "claim of a token gone": (
        *(STORY_CASSETTE, AUTH, put("accessToken", value=make_token(Secret.ACCESS_TOKEN, 1, CLAIMS))),
        [("response.body.accessToken.claims.exp", What.GONE, "number", "")],
    ),
    "status": (
        *(STORY_CASSETTE, ORDER, lambda response: response.update(status=200)),
        [("response.status", What.STATUS, "201", "200")],
    ),
    "new refusal": (
        *(STORY_CASSETTE, SESSION, refused(403, "Resource is closed")),
        [("response.status", What.REFUSED, "201", '403 "Resource is closed"')],
    ),
    "refusal gone": (
        *(UNKNOWN_STORAGE, 2, lambda response: response.update(status=201, body={"json": {"id": 1}})),
        [("response.status", What.NOT_REFUSED, f"404 {NOT_FOUND}", "201")],
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
        *(HISTORY, 3, body(lambda page: [order.pop("isCompleted", None) for order in page["items"]])),
        [("response.body.items[].isCompleted", What.GONE, "null", "")],
    ),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_each_class_of_drift_is_found_and_nothing_else(drift: str) -> None:
    path, call, change, expected = DRIFTS[drift]
    found = findings(path, call, change)
    assert [(each.where, each.what, each.was, each.now) for each in found] == expected
    assert {each.call for each in found} == {call + 1}


def test_additions_are_not_breaking() -> None:
    assert {what for what in What if what.impact is Impact.ADDITIVE} == {
        *(What.NEW, What.NEW_ITEM, What.FILLED, What.FREE_FORM, What.UNKNOWN_CALL, What.MISSING_CALL)
    }


def with_keys_reversed(response: dict[str, Any]) -> None:
    response["body"]["json"] = dict(reversed(response["body"]["json"].items()))


def with_decimals(response: dict[str, Any]) -> None:
    response["body"] = {"text": json.dumps(response["body"]["json"]).replace("340", "340.00")}


#: What differs each time -> cassette, call, change.
VOLATILE: dict[str, tuple[str, int, Change]] = {
    "id": (STORY_CASSETTE, ORDER, put("id", value=4711)),
    "id of something else": (STORY_CASSETTE, SESSION, put("paymentAccountId", value=7)),
    "date": (STORY_CASSETTE, ORDER, put("createdDate", value="2026-11-23T08:00:01Z")),
    "tokens": (STORY_CASSETTE, AUTH, put("accessToken", value=make_token(Secret.ACCESS_TOKEN, 7, CLAIMS | {"exp": 2}))),
    "placeholder with another number": (
        *(STORY_CASSETTE, AUTH, put("refreshToken", value="0000000000000-00000000-0000-4000-8000-000000000009")),
    ),
    "user name that is no e-mail": (STORY_CASSETTE, AUTH, put("userIdentifier", value="redacted-login-1")),
    "checkout link": (CHECKOUT, SESSION, put("paymentUrl", value="https://checkout.redacted.invalid/4")),
    "length of a history": (HISTORY, 3, body(lambda page: page.update(total=40, items=page["items"] * 10))),
    "order of a history": (
        *(HISTORY, 3, body(lambda page: page["items"].insert(0, page["items"][0] | {"id": 7, "totalSum": "9.99"}))),
    ),
    "other orders in a history": (
        *(HISTORY, 3, body(lambda page: page["items"].append(page["items"][0] | {"id": 7, "isCompleted": True}))),
    ),
    "only other orders, of another kind, in a history": (
        *(HISTORY, 3, body(lambda page: page["items"][0].update(id=7, isCompleted=False))),
    ),
    "a session of another kind in a list": (
        *(IN_THE_LIST, 4, body(lambda page: page["items"].append(page["items"][0] | {"id": 7, "clientSecret": "x"}))),
    ),
    "empty history": (HISTORY, 3, body(lambda page: page.update(items=[], total=0))),
    "order of keys": (STORY_CASSETTE, ORDER, with_keys_reversed),
    "an amount written at more length": (STORY_CASSETTE, ORDER, with_decimals),
    "number in a message": (
        *("cassettes/ordering/nobody-orders-what-does-not-exist.json", 2, put("message", value="Product 1 not found")),
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
