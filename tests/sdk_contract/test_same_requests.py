"""Our client and the official one send the same requests for the same calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry, define_one_entry
from oneentry_scenarios.api.models import SignIn
from oneentry_scenarios.api.orders import NewOrder
from oneentry_scenarios.mock_server import Era, Server

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


AUTH_DATA: list[AuthField] = [
    {"marker": "email_reg", "value": "your-user@email.com"},
    {"marker": "password_reg", "value": "123456"},
]
Both = tuple[list[Any], Callable[[OneEntry, SignIn], object]]
#: The official client's calls, and ours beside them. {"$": [0, "refreshToken"]} is a field of an earlier answer.
CALLS: list[Both] = [
    (
        ["AuthProvider.auth", "email", {"authData": AUTH_DATA}],
        lambda ours, _: ours.auth_provider.auth("email", AUTH_DATA),
    ),
    (["AuthProvider.getAuthProviders"], lambda ours, _: ours.auth_provider.get_auth_providers()),
    (
        ["AuthProvider.getAuthProviderByMarker", "email"],
        lambda ours, _: ours.auth_provider.get_auth_provider_by_marker("email"),
    ),
    (
        ["AuthProvider.getActiveSessionsByMarker", "email"],
        lambda ours, _: ours.auth_provider.get_active_sessions_by_marker("email"),
    ),
    (["Users.getUser"], lambda ours, _: ours.users.get_user()),
    (["Orders.getAllOrdersStorage"], lambda ours, _: ours.orders.get_all_orders_storage()),
    (["Orders.getOrdersStorageByMarker", "orders"], lambda ours, _: ours.orders.get_orders_storage_by_marker("orders")),
    (
        ["Orders.getAllStatusesByStorageMarker", "orders"],
        lambda ours, _: ours.orders.get_all_statuses_by_storage_marker("orders"),
    ),
    (
        ["Orders.previewOrder", {"products": [{"productId": 1, "quantity": 2}]}],
        lambda ours, _: ours.orders.preview_order([{"productId": 1, "quantity": 2}]),
    ),
    (["Orders.createOrder", "orders", NEW_ORDER], lambda ours, _: ours.orders.create_order("orders", NEW_ORDER)),
    (["Orders.getAllOrdersByMarker", "orders"], lambda ours, _: ours.orders.get_all_orders_by_marker("orders")),
    (
        ["Orders.getOrderByMarkerAndId", "orders", 89],
        lambda ours, _: ours.orders.get_order_by_marker_and_id("orders", 89),
    ),
    (
        ["Orders.updateOrderByMarkerAndId", "orders", 89, NEW_ORDER],
        lambda ours, _: ours.orders.update_order_by_marker_and_id("orders", 89, NEW_ORDER),
    ),
    (["Payments.createSession", 89, "session"], lambda ours, _: ours.payments.create_session(89, "session")),
    (["Payments.getSessionByOrderId", 89], lambda ours, _: ours.payments.get_session_by_order_id(89)),
    (["Payments.getSessionById", 46], lambda ours, _: ours.payments.get_session_by_id(46)),
    (["Payments.getSessions"], lambda ours, _: ours.payments.get_sessions()),
    (["Payments.getAccounts"], lambda ours, _: ours.payments.get_accounts()),
    (["Payments.getAccountById", 1], lambda ours, _: ours.payments.get_account_by_id(1)),
    (
        ["AuthProvider.refresh", "email", {"$": [0, "refreshToken"]}],
        lambda ours, first: ours.auth_provider.refresh("email", first.refresh_token),
    ),
    (["AuthProvider.logoutAll", "email"], lambda ours, _: ours.auth_provider.logout_all("email")),
    (
        ["AuthProvider.auth", "email", {"authData": AUTH_DATA}],
        lambda ours, _: ours.auth_provider.auth("email", AUTH_DATA),
    ),
]
SIGNING_OUT: list[Both] = [
    CALLS[0],
    (
        ["AuthProvider.logout", "email", {"$": [0, "refreshToken"]}],
        lambda ours, first: ours.auth_provider.logout("email", first.refresh_token),
    ),
    CALLS[0],
]


def test_the_seeds_story_goes_over_the_wire_alike(
    node: Node, serve: Callable[[Era], Server], request_log: RequestLog
) -> None:
    node("story.mjs", serve(Era.CURRENT).url, "oneentry", "{}")
    official = list(request_log)
    request_log.clear()
    with define_one_entry(serve(Era.CURRENT).url, "your-app-token") as ours:
        ours.auth_provider.auth("email", AUTH_DATA)
        order = ours.orders.create_order("orders", NEW_ORDER)
        ours.payments.create_session(order.id, "session")
        ours.payments.get_session_by_order_id(order.id)
    assert [_comparable(each) for each in request_log] == [_comparable(each) for each in official]
    assert len(official) == 4


@pytest.mark.parametrize("calls", [CALLS, SIGNING_OUT], ids=["all but signing out", "signing out"])
def test_every_operation_goes_over_the_wire_alike(
    calls: list[Both], node: Node, serve: Callable[[Era], Server], request_log: RequestLog
) -> None:
    node("calls.mjs", serve(Era.CURRENT).url, "oneentry", "{}", given=[call for call, _ in calls])
    official = list(request_log)
    request_log.clear()
    with define_one_entry(serve(Era.CURRENT).url, "your-app-token") as ours:
        first = ours.auth_provider.auth("email", AUTH_DATA)
        request_log.clear()
        for _, call in calls[1:]:
            call(ours, first)
    pairs = zip(official[1:], request_log, strict=True)
    for theirs, mine in pairs:
        assert _comparable(mine) == _comparable(theirs)


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
