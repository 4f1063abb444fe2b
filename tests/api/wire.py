"""A wire without a network: it answers each request with the next response, and keeps what was sent."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.api.transport import ClientConfig
from tests import order_pay
from tests.order_pay import AUTH_DATA

SIGN_IN = {
    "userIdentifier": "your-user@email.com",
    "authProviderIdentifier": "email",
    "accessToken": "an-access-token-of-the-user",
    "refreshToken": "a-refresh-token-of-the-user",
}
#: As the client takes it, which wraps the form by language.
NEW_ORDER: Any = order_pay.NEW_ORDER | {"formData": [order_pay.NAME]}

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

    def client(self, language: str = "en_US") -> OneEntry:
        wired: Any = {"http_transport": httpx.MockTransport(self.answer), "on_exchange": self.exchanges.append}
        return OneEntry(ClientConfig("https://shop.example", "the-app-token", **wired), language)


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
