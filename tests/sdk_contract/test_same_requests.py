"""Our client and the official one send the same requests for the same calls."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from oneentry_scenarios.api.client import define_one_entry
from oneentry_scenarios.mock_server import Era, Server
from oneentry_scenarios.mock_server.routes import OPERATIONS

from .conftest import Node
from .request_log import Received, RequestLog
from .test_every_method import AUTH, HAPPY, Calls, camel_case, order

#: Headers that only name the library or describe the message; all others must agree.
OF_THE_LIBRARY = frozenset(
    {
        "host",
        "connection",
        "user-agent",
        "accept",
        "accept-encoding",
        "accept-language",
        "sec-fetch-mode",
        "content-length",
    }
)
#: Our name for each method of the official client.
OURS = {camel_case(operation.name): operation.name for operation in OPERATIONS}
STORY: Calls = [
    AUTH,
    order(products=[{"productId": 1, "quantity": 1}]),
    ["Payments.createSession", 89, "session"],
    ["Payments.getSessionByOrderId", 89],
]


@pytest.mark.parametrize(("script", "calls"), [("story.mjs", STORY), ("calls.mjs", HAPPY)], ids=["the story", "all"])
def test_the_same_calls_send_the_same_requests(
    script: str, calls: Calls, node: Node, serve: Callable[[Era], Server], request_log: RequestLog
) -> None:
    node(script, serve(Era.CURRENT).url, "oneentry", "{}", given=calls)
    official = [_comparable(each) for each in request_log]
    assert len(official) == len(calls)
    request_log.clear()
    results: list[Any] = []
    with define_one_entry(serve(Era.CURRENT).url, "your-app-token") as ours:
        for name, *arguments in calls:
            group, method = OURS[name].split(".")
            results.append(getattr(getattr(ours, group), method)(*(_ours(each, results) for each in arguments)))
    for theirs, mine in zip(official, request_log, strict=True):
        assert _comparable(mine) == theirs


def _ours(argument: Any, results: list[Any]) -> Any:
    """An argument of the official client as ours takes it."""
    match argument:
        case {"$": [int(index), "refreshToken"]}:
            return results[index].refresh_token
        case {"authData": value} | {"products": value} if len(argument) == 1:
            return value
    return argument


def _comparable(received: Received) -> dict[str, Any]:
    headers = {name: value for name, value in received.headers.items() if name not in OF_THE_LIBRARY}
    if "x-device-metadata" in headers:
        headers["x-device-metadata"] = _shape(json.loads(headers["x-device-metadata"]))
    if "authorization" in headers:
        # Both are the first sign-in of a fresh mock server; the token differs in the name of the library inside.
        headers["authorization"] = headers["authorization"].partition(" ")[0]
    return {
        "method": received.method,
        "path": received.path,
        "query": received.query,
        "headers": headers,
        "body": _without_tokens(received.json),
    }


def _without_tokens(body: Any) -> Any:
    return {**body, "refreshToken": "a token"} if isinstance(body, dict) and "refreshToken" in body else body


def _shape(value: object) -> Any:
    """Keys and types."""
    return {key: _shape(item) for key, item in value.items()} if isinstance(value, dict) else type(value).__name__
