"""The mock server over real HTTP: API versions, lists, odd input, repeatability."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.routes import OPERATIONS
from tests.order_pay import NAME, SESSION

from .caller import AUTH, JSON, ORDERS, SESSIONS, Caller, ordered


def test_in_2025_no_device_is_asked_for(old_server: Server) -> None:
    with Caller(old_server.url) as caller:
        del caller.http.headers["x-device-metadata"]
        caller.sign_in().order()
        assert caller.pay(89) == (201, SESSION)
        assert caller.get(f"{SESSIONS}/order/89") == (200, SESSION)
        assert caller.read(89).keys().isdisjoint({"totalSumRaw", "paymentStrategy", "paymentStatusIdentifier"})
        assert caller.read(89)["totalSum"] == "340.00"
        assert caller.read(89)["products"][0]["previewImage"] is None
        _, statuses = caller.get(ORDERS.replace("/orders/orders", "/orders/order-statuses"))
        assert [status["identifier"] for status in statuses if status["isDefault"]] == ["inProgress"]
        assert "axis" not in statuses[0]
        assert caller.refresh(caller.refresh_token)[0] == 201


def test_a_sent_device_counts_in_2025_too(old_server: Server) -> None:
    with Caller(old_server.url) as caller, Caller(old_server.url, "phone") as thief:
        caller.sign_in()
        assert thief.refresh(caller.refresh_token)[0] == 400
        assert caller.post(f"{AUTH}/auth", {}, x_device_metadata="nonsense")[1]["message"] == (
            "Invalid x-device-metadata format"
        )


@pytest.mark.parametrize(
    ("offset", "limit", "shown"),
    [
        (0, 30, range(100, 90, -1)),
        (0, 3, range(100, 97, -1)),
        (5, 50, range(95, 90, -1)),
        (9, 1, [91]),
        (10, 30, []),
        (0, 0, []),
    ],
)
def test_ten_records_are_shown_and_all_are_counted(
    offset: int, limit: int, shown: Iterable[int], buyer: Caller
) -> None:
    for _ in range(12):
        buyer.order()
    _, orders = buyer.get(f"{ORDERS}?offset={offset}&limit={limit}")
    assert ([each["id"] for each in orders["items"]], orders["total"]) == ([*shown], 12)


def test_the_list_of_sessions_answers_with_and_without_its_slash(buyer: Caller) -> None:
    assert buyer.get(f"{SESSIONS}/?offset=0&limit=30") == buyer.get(SESSIONS) == (200, {"items": [], "total": 0})


def test_a_reset_forgets_orders_tokens_and_time(buyer: Caller, server: Server) -> None:
    first = buyer.order()
    server.reset()
    assert buyer.user()[0] == 401
    server.reset()
    assert buyer.sign_in().order() == first


def test_controls_cannot_be_reached_over_http() -> None:
    assert not [operation for operation in OPERATIONS if "control" in operation.path or "reset" in operation.path]


ODD_BODIES = [
    b"",
    b"{",
    b"null",
    b"NaN",
    b"[" * 100_000,
    b"9" * 10_000,
    b'{"products": 1e99999999999999999999}',
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b'{"formIdentifier": "order", "formIdentifier": null}',
]


def odd_orders() -> Iterator[dict[str, Any]]:
    for value in ("\x00", "\ud800", "😀" * 1000, "ɇ\u202e", "{marker}", "%s%n"):
        yield ordered(formData={"en_US": [NAME | {"value": value}]})
        yield ordered(formData={"en_US": [NAME | {"marker": value}]})
        yield ordered(paymentAccountIdentifier=value)


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("path", [ORDERS, SESSIONS, f"{AUTH}/auth"])
def test_a_strange_body_is_refused(path: str, body: bytes, buyer: Caller) -> None:
    response = buyer.http.post(path, content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json().keys() == {"statusCode", "message"}


def test_a_strange_order_is_refused_or_kept_as_it_came(buyer: Caller) -> None:
    for body in odd_orders():
        # Not through httpx, which cannot write a lone surrogate.
        raw, headers = json.dumps(body), {"content-type": "application/json; charset=utf-8"}
        response = buyer.http.post(ORDERS, content=raw, headers=headers)
        status, answer = response.status_code, json.loads(response.content)
        assert status in (201, 400, 404), (body, answer)
        if status == 201:
            assert answer["formData"] == body["formData"]


@pytest.mark.parametrize("path", ["%00", "..%2f..", "%ff", "😀", "a b", "1e3", "٣", "9" * 5000, "-1", "99999999999"])
def test_a_strange_path_is_refused(path: str, buyer: Caller) -> None:
    for place in (
        f"{ORDERS}/{path}",
        f"{SESSIONS}/order/{path}",
        f"/api/content/users-auth-providers/marker/{path}",
    ):
        status, answer = buyer.get(place)
        assert status in (400, 404), answer
        assert answer.keys() == {"statusCode", "message"}


def test_of_a_field_that_comes_twice_the_last_counts(buyer: Caller) -> None:
    raw = json.dumps(ordered()).replace("{", '{"formIdentifier": "nope", ', 1)
    assert buyer.http.post(ORDERS, content=raw, headers=JSON).status_code == 201


def test_two_like_runs_get_the_same_bytes() -> None:
    def run() -> list[tuple[httpx.Headers, bytes]]:
        with Server() as server, Caller(server.url) as caller:
            answers = []
            caller.http.event_hooks["response"].append(lambda response: answers.append(response))
            caller.sign_in().order("stripe")
            caller.pay(89, "intent")
            caller.pay(89, "session")
            caller.get(f"{SESSIONS}/order/89")
            return [(answer.headers, answer.content) for answer in answers]

    first = run()
    assert first == run()
    assert not [headers for headers, _ in first if {"date", "server"} & headers.keys()], "these differ in time"


def test_stopping_frees_the_port() -> None:
    with Server() as server:
        port = int(server.url.rpartition(":")[2])
    with Server(port=port) as again:
        assert again.url == server.url
