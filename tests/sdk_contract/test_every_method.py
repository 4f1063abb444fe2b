"""Today's official client, in strict mode, calls every operation of the mock server, with success and with refusals."""

import json
import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any
from unittest.mock import ANY

import pytest

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.answers import REFUSALS
from oneentry_scenarios.mock_server.routes import OPERATIONS
from oneentry_scenarios.problem import read_toml
from tests.mock_server.caller import Caller
from tests.order_pay import AUTH_DATA, NAME, NEW_ORDER

from .conftest import Node
from .test_story import STRICT

# By default the client renews its tokens after a 401; with these options it returns the refusal.
NO_RENEWAL = json.dumps({"validation": {"enabled": True, "strictMode": True}, "auth": {"customAuth": True}})

Calls = list[list[Any]]

AUTH: list[Any] = ["AuthProvider.auth", "email", {"authData": AUTH_DATA}]


def body(**changes: object) -> dict[str, Any]:
    return NEW_ORDER | {"formData": [NAME]} | changes


def calls_of(table: list[Any]) -> Calls:
    """The calls of a table in `calls.toml`."""

    def filled(argument: Any) -> Any:
        return body(**argument["order"]) if isinstance(argument, dict) and "order" in argument else argument

    return [AUTH if call == "sign in" else [filled(argument) for argument in call] for call in table]


TABLES = read_toml(__file__, "calls.toml")
HAPPY, HAPPY_WHEN_PAID = calls_of(TABLES["answered"]), calls_of(TABLES["answered_when_paid"])
NOT_OURS = calls_of(TABLES["answered_not_ours"])
REFUSED = [(REFUSALS[name.lower()], calls_of(calls)) for name, *calls in TABLES["refused"]]


@pytest.fixture
def official(node: Node, server: Server) -> Callable[..., Any]:
    """Makes calls with the strict client and returns their results."""
    return lambda calls, options=STRICT: node("calls.mjs", server.url, "oneentry", options, given=calls)


def camel_case(operation: str) -> str:
    group, method = ("".join(word.title() for word in part.split("_")) for part in operation.split("."))
    return f"{group}.{method[0].lower()}{method[1:]}"


def test_every_operation_is_called() -> None:
    assert {call[0] for call in (*HAPPY, *HAPPY_WHEN_PAID, *NOT_OURS)} == {
        camel_case(operation.name) for operation in OPERATIONS
    }


def test_the_strict_client_accepts_every_answer(official: Callable[..., Any]) -> None:
    calls = [*HAPPY, *NOT_OURS]
    results = official(calls)
    failures = [
        (call[0], result)
        for call, result in zip(calls, results, strict=True)
        if isinstance(result, dict) and "statusCode" in result
    ]
    assert failures == []
    answer = dict(zip((call[0].split(".")[1] for call in calls), results, strict=True))
    assert answer["updateOrderByMarkerAndId"] == answer["createOrder"] | {"paymentAccountIdentifier": "stripe"}
    by_order = answer["getSessionByOrderId"]
    assert [(each["id"], each["status"]) for each in by_order] == [(47, "waiting"), (46, "canceled")]
    assert answer["getSessions"] == {"items": by_order[::-1], "total": 2}
    assert answer["getSessionById"] == by_order[0] == answer["createSession"]
    assert answer["getAllOrdersByMarker"] == {"items": [answer["getOrderByMarkerAndId"]], "total": 1}


def test_the_strict_client_asks_for_a_refund_and_takes_it_back(official: Callable[..., Any], server: Server) -> None:
    with Caller(server.url) as buyer:
        buyer.sign_in().order()
        buyer.paid_order(server)
    _, requested, refunds, canceled, after = official(HAPPY_WHEN_PAID)
    assert (requested, canceled) == (True, True)
    [refund] = refunds
    # The client has no schema for it: these are the fields and types of its IRefundRequest.
    assert refund.pop("createdDate").startswith("2025-04-30T20:15:")
    assert refund == {
        "id": 1,
        "status": "requested",
        "amount": 340,
        "note": "too small",
        "products": {"14": {"quantity": 1}},
        "orderId": 90,
        "orderStorageId": 1,
        "userId": 16,
        "orderStorage": None,
        "user": None,
    }
    assert [each["status"] for each in after] == ["canceled"]


def test_the_strict_client_returns_every_refusal(official: Callable[..., Any]) -> None:
    """One process makes all the calls; the last result of each group is its refusal."""
    results = official([call for _, calls in REFUSED for call in calls], NO_RENEWAL)
    ends = accumulate(len(calls) for _, calls in REFUSED)
    for (refusal, _), result in zip(REFUSED, (results[end - 1] for end in ends), strict=True):
        assert isinstance(result, dict), refusal
        assert result.keys() == {"statusCode", "message"}, (refusal, result)
        assert result["statusCode"] == refusal.status, (refusal, result)
        pattern = ".+".join(re.escape(part.format()) for part in re.split(r"(?<!{){\w+}(?!})", refusal.template))
        assert re.fullmatch(pattern, result["message"]), (refusal, result)


RENEWED: Calls = [AUTH, ["AuthProvider.setAccessToken", "stale"]]


def test_the_client_renews_its_tokens_after_a_401_on_the_device_that_signed_in(official: Callable[..., Any]) -> None:
    assert official([*RENEWED, ["AuthProvider.getActiveSessionsByMarker", "email"]])[-1] == [
        {"deviceInfo": {"os": "Node.js", "browser": ANY, "location": "en-US"}}
    ]


def test_in_node_each_group_of_the_client_is_a_device_of_its_own_so_others_cannot_renew(
    official: Callable[..., Any],
) -> None:
    assert official([*RENEWED, ["Users.getUser"]])[-1]["statusCode"] == 401
