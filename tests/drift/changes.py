"""Changes of recorded responses, and what a comparison finds then."""

import json
from collections.abc import Callable
from typing import Any

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import Finding, compare
from tests.conftest import ROOT

#: A change of one answer, made in place: the whole `response` of a cassette.
Change = Callable[[dict[str, Any]], object]


CHECKOUT = "cassettes/paying/a-card-is-paid-on-a-checkout-page.json"
HISTORY = "cassettes/ordering/an-order-is-in-its-buyer-s-history.json"
CHANGED = "cassettes/ordering/an-order-can-be-changed.json"
PREVIEW = "cassettes/ordering/the-price-is-known-before-ordering.json"
FOUND = "cassettes/paying/a-payment-session-by-account-is-found-by-its-number-and-by-its-order--cash.json"
IN_THE_LIST = "cassettes/paying/a-payment-session-is-found-in-the-list.json"
STATUSES = "cassettes/ordering/a-new-order-begins-where-the-shop-s-orders-begin.json"
UNKNOWN_STORAGE = "cassettes/ordering/orders-are-kept-only-in-storages-that-exist.json"
STORAGE = "cassettes/paying/the-shop-offers-payment-in-cash-and-by-card.json"
BUYER = "cassettes/order_payment/an-order-is-confirmed-in-the-name-of-whoever-buys.json"
#: Calls of the story.
AUTH, ORDER, SESSION, ACCOUNTS, BY_ORDER, ORDERS, SESSIONS = range(7)


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
