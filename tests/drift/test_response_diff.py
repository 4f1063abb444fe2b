"""Two responses: what differs is found and named, and what differs each time is quiet."""

import json

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
    FOUND,
    HISTORY,
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
    "null where none is expected": (
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


def test_additions_are_not_breaking() -> None:
    assert {what for what in What if what.impact is Impact.ADDITIVE} == {
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
