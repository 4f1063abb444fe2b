"""A wire without a network: it answers each request with the next response, and keeps what was sent."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.api.transport import ClientConfig
from tests import seed
from tests.seed import AUTH_DATA

SIGN_IN = {
    "userIdentifier": "your-user@email.com",
    "authProviderIdentifier": "email",
    "accessToken": "an-access-token-of-the-user",
    "refreshToken": "a-refresh-token-of-the-user",
}
#: As the client takes it, which wraps the form by language.
NEW_ORDER: Any = seed.NEW_ORDER | {"formData": [seed.NAME]}

Answer = httpx.Response | Exception


class Wire:
    """Answers each request with the next of `answers` and keeps what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []
        self.exchanges: list[Exchange] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> OneEntry:
        transport = httpx.MockTransport(self.answer)
        return OneEntry(
            ClientConfig(
                "https://shop.example", "the-app-token", http_transport=transport, on_exchange=self.exchanges.append
            )
        )


JSON = {"content-type": "application/json; charset=utf-8"}


def answered(body: object, status: int = 201) -> httpx.Response:
    return httpx.Response(status, text=json.dumps(body), headers=JSON)


def sign_in(client: OneEntry) -> object:
    return client.auth_provider.auth("email", AUTH_DATA)


def create_order(client: OneEntry) -> object:
    return client.orders.create_order("orders", NEW_ORDER)


def create_session(client: OneEntry) -> object:
    return client.payments.create_session(89, "session")


Call = Callable[[OneEntry], object]


@contextmanager
def sending(beginning: bytes, piece: bytes, limit: float = 6) -> Iterator[str]:
    """The address of a server that answers one request with `beginning`, then a `piece` every 20 ms, for some time."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):  # the client may hang up
            connection.recv(100_000)
            connection.sendall(beginning)
            stop = time.monotonic() + limit
            while time.monotonic() < stop:
                connection.sendall(piece)
                time.sleep(0.02)
                if is_over:
                    return

    is_over: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as threads:
        threads.submit(serve)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        is_over.append(True)
