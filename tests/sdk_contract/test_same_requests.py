"""Our client and the official one send the same requests for the same calls."""

import json
from collections.abc import Callable
from typing import Any

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.mock_server import Server, Version
from oneentry_scenarios.mock_server.routes import OPERATIONS
from tools.faults.messages import Request

from .conftest import Node
from .test_every_method import HAPPY, camel_case

#: Headers that only name the library or describe the message; all others must agree.
OF_THE_LIBRARY = {"host", "connection", "user-agent", "content-length", "sec-fetch-mode"}
OF_THE_LIBRARY |= {"accept", "accept-encoding", "accept-language"}
#: Our name for each method of the official client.
OURS = {camel_case(operation.name): operation.name for operation in OPERATIONS}


def test_the_same_calls_send_the_same_requests(
    node: Node, serve: Callable[[Version], Server], request_log: list[Request]
) -> None:
    node("calls.mjs", serve(Version.CURRENT).url, "oneentry", "{}", given=HAPPY)
    official = [_comparable(each) for each in request_log]
    assert len(official) == len(HAPPY)
    request_log.clear()
    results: list[Any] = []
    with OneEntry(ClientConfig(serve(Version.CURRENT).url, "your-app-token")) as ours:
        for name, *arguments in HAPPY:
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


def _comparable(request: Request) -> dict[str, Any]:
    headers = {name: value for name, value in request.headers.items() if name not in OF_THE_LIBRARY}
    if "x-device-metadata" in headers:
        headers["x-device-metadata"] = _shape(json.loads(headers["x-device-metadata"]))
    if "authorization" in headers:
        # Both are the first sign-in of a fresh mock server; the token differs in the name of the library inside.
        headers["authorization"] = headers["authorization"].partition(" ")[0]
    body = request.json if request.body else None
    if body and "refreshToken" in body:
        body["refreshToken"] = "a token"
    address = request.scope["raw_path"], request.scope["query_string"]
    return {"method": request.method, "address": address, "headers": headers, "body": body}


def _shape(value: object) -> Any:
    """Keys and types."""
    return {key: _shape(item) for key, item in value.items()} if isinstance(value, dict) else type(value).__name__
