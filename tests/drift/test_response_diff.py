"""Two responses: what differs is found and named, and what differs each time is quiet."""

import json
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.drift.response_diff import Diff
from oneentry_scenarios.redaction.placeholders import Kind as Secret
from oneentry_scenarios.redaction.placeholders import make_token
from tests.drift.changes import AUTH, BY_ORDER, DROPPED, ORDER, SESSION, STORY, body, findings, put, refused

HISTORY, CHANGED = "appears-in-the-customer-s-order-history", "a-customer-can-change-the-products-of-an-unpaid-order"
#: Of another token than the recorded one: later, and of another user.
CLAIMS = {"id": 5, "authProviderIdentifier": "email", "userIdentifier": "person-3@redacted.invalid"}
CLAIMS |= {"userAgent": "other", "iat": 1}
WITHOUT_EXPIRY = make_token(Secret.ACCESS_TOKEN, 1, CLAIMS)
FOUND, QUIET = json.loads(Path(__file__).with_name("drifts.json").read_text("utf-8")).values()


def only_the_first(response: dict[str, Any]) -> None:
    response["body"]["json"] = response["body"]["json"][0]


#: In which cassette and call which place differs -> its new value, or a change, and what is found.
DRIFTS: list[tuple[str, int, str, Any, Diff, str, str]] = [
    *((*place, value, Diff(what), was, now) for *place, value, what, was, now in FOUND),
    (STORY, ORDER, "body.totalSum", DROPPED, Diff.GONE, "number", ""),
    (STORY, BY_ORDER, "body", only_the_first, Diff.TYPE, "list", "object"),
    (CHANGED, 3, "body.products[0]", put("body.products", []), Diff.ITEM_GONE, "object", ""),
    (
        *("cash-and-card-as-payment-methods", 1, "body.paymentAccountIdentifiers[3]"),
        *(body(lambda storage: storage["paymentAccountIdentifiers"].append({"identifier": "paypal"})),),
        *(Diff.NEW_ITEM, "", "object"),
    ),
    (
        *(HISTORY, 3, "body.items[].isCompleted"),
        *(body(lambda page: [order.pop("isCompleted") for order in page["items"]]), Diff.GONE, "null", ""),
    ),
    (STORY, AUTH, "body.accessToken.claims.exp", put("body.accessToken", WITHOUT_EXPIRY), Diff.GONE, "number", ""),
    (STORY, SESSION, "status", refused(403, "Resource is closed"), Diff.REFUSED, "201", '403 "Resource is closed"'),
]


@pytest.mark.parametrize(("cassette", "call", "where", "value", "what", "was", "now"), DRIFTS)
def test_each_kind_of_drift_is_found_and_nothing_else(
    cassette: str, call: int, where: str, value: Any, what: Diff, was: str, now: str
) -> None:
    [found] = findings(cassette, call, value if callable(value) else put(where, value))
    assert (found.where, found.what, found.was, found.now) == (f"response.{where}", what, was, now)
    assert found.call == call + 1


def test_additions_are_not_breaking() -> None:
    assert {what for what in Diff if what.impact == "additive"} == {
        *(Diff.NEW, Diff.NEW_ITEM, Diff.FILLED, Diff.FREE_FORM, Diff.UNKNOWN_CALL, Diff.MISSING_CALL)
    }


def with_another_item(**members: Any) -> Any:
    """A list under `items` that begins with another item than the recorded one."""
    return body(lambda page: page["items"].insert(0, page["items"][0] | {"id": 7} | members))


#: What differs each time -> cassette, call and change, which may be a place and its new value.
VOLATILE: dict[str, tuple[Any, ...]] = {
    **QUIET,
    "tokens": (STORY, AUTH, "body.accessToken", make_token(Secret.ACCESS_TOKEN, 7, CLAIMS | {"exp": 2})),
    "length of a history": (HISTORY, 3, body(lambda page: page.update(total=40, items=page["items"] * 10))),
    "order of a history": (HISTORY, 3, with_another_item(totalSum="9.99")),
    "other orders in a history": (HISTORY, 3, with_another_item(isCompleted=True)),
    "only other orders, of another kind": (
        *(HISTORY, 3, body(lambda page: page["items"][0].update(id=7, isCompleted=False))),
    ),
    "a session of another kind in a list": (
        "appears-in-the-customer-s-list-of-payment-sessions",
        4,
        with_another_item(clientSecret="x"),
    ),
    "empty history": (HISTORY, 3, body(lambda page: page.update(items=[], total=0))),
    "order of keys": (STORY, ORDER, body(lambda order: order.update({"id": order.pop("id")}))),
    "an amount written at more length": (
        *(STORY, ORDER),
        *(lambda each: each.update(body={"text": json.dumps(each["body"]["json"]).replace("340", "340.00")}),),
    ),
}


@pytest.mark.parametrize("volatile", VOLATILE)
def test_what_differs_each_time_is_quiet(volatile: str) -> None:
    cassette, call, *change = VOLATILE[volatile]
    assert findings(cassette, call, put(*change) if len(change) == 2 else change[0]) == []
