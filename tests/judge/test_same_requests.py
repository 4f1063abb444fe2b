"""Our client and the official one, side by side: for the same calls they send the same requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from support.api.client import define_one_entry
from support.api.orders import NewOrder
from support.standin import Era, Server

from .conftest import Node
from .request_log import Received, RequestLog

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
NEW_ORDER: NewOrder = {
    "formIdentifier": "order",
    "paymentAccountIdentifier": "cash",
    "formData": [{"type": "string", "marker": "name", "value": "Christina Thomas"}],
    "products": [{"productId": 1, "quantity": 1}],
}


@pytest.fixture
def both(node: Node, serve: Callable[[Era], Server], request_log: RequestLog) -> tuple[list[Received], list[Received]]:
    """What the official client sends for the seed's story, and what ours sends."""
    node("story.mjs", serve(Era.CURRENT).url, "oneentry", "{}")
    official = list(request_log)
    request_log.clear()
    with define_one_entry(serve(Era.CURRENT).url, "your-app-token") as client:
        client.auth_provider.auth(
            "email",
            [{"marker": "email_reg", "value": "your-user@email.com"}, {"marker": "password_reg", "value": "123456"}],
        )
        order = client.orders.create_order("orders", NEW_ORDER)
        client.payments.create_session(order.id, "session")
        client.payments.get_session_by_order_id(order.id)
    return official, list(request_log)


def test_the_story_goes_over_the_wire_alike(both: tuple[list[Received], list[Received]]) -> None:
    official, ours = both
    assert len(official) == len(ours) == 4
    for theirs, mine in zip(official, ours, strict=True):
        assert _comparable(mine) == _comparable(theirs)


def _comparable(received: Received) -> dict[str, Any]:
    headers = {name: value for name, value in received.headers.items() if name not in OF_THE_LIBRARY}
    if "x-device-metadata" in headers:
        headers["x-device-metadata"] = _shape(json.loads(headers["x-device-metadata"]))
    if "authorization" in headers:
        # Both are the first sign-in of a fresh stand-in; the token differs in the name of the library inside.
        headers["authorization"] = headers["authorization"].partition(" ")[0]
    return {
        "method": received.method,
        "path": received.path,
        "query": received.query,
        "headers": headers,
        "body": received.json,
    }


def _shape(value: object) -> Any:
    """Keys and types."""
    return {key: _shape(item) for key, item in value.items()} if isinstance(value, dict) else type(value).__name__
