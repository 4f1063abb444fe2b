"""Calls of the mock server's rules, without HTTP, for the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from oneentry_scenarios.mock_server import ShopRules
from oneentry_scenarios.mock_server.checks import Body, Call, Device
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused
from oneentry_scenarios.mock_server.world import User

from .caller import YOUR_USER, ordered

LAPTOP = Device("laptop", {"os": "Linux", "browser": "Firefox", "location": "en-US"})
PHONE = Device("phone", {"os": "Android"})


def sign_in(shop: ShopRules, user: User = YOUR_USER, device: Device = LAPTOP) -> dict[str, Any]:
    entries = [{"marker": "email_reg", "value": user.identifier}, {"marker": "password_reg", "value": user.password}]
    shop.clock.tick()
    return shop.people.auth(
        Call(path={"marker": "email"}, body=Body({"authData": entries}), device=device, user_agent="node")
    )


def refresh(shop: ShopRules, token: str, device: Device = LAPTOP) -> dict[str, Any]:
    return shop.people.refresh(Call(path={"marker": "email"}, body=Body({"refreshToken": token}), device=device))


def bearer(tokens: dict[str, Any]) -> str:
    return f"Bearer {tokens['accessToken']}"


def order(shop: ShopRules, buyer: User = YOUR_USER, account: str = "cash", **changes: object) -> dict[str, Any]:
    body = Body(ordered(paymentAccountIdentifier=account, **changes))
    return shop.orders.create(Call(path={"marker": "orders"}, user=buyer, body=body))


def pay(shop: ShopRules, order_id: int, kind: str = "session", buyer: User = YOUR_USER) -> dict[str, Any]:
    return shop.payments.create(Call(user=buyer, body=Body({"orderId": order_id, "type": kind})))


def read(shop: ShopRules, order_id: int, language: str = "en_US") -> dict[str, Any]:
    path = {"marker": "orders", "id": str(order_id)}
    return shop.orders.read(Call(path=path, user=YOUR_USER, language=language))


@contextmanager
def refused(refusal: Refusal) -> Iterator[None]:
    """The block must be refused in this way."""
    with pytest.raises(RequestRefused) as info:
        yield
    assert info.value.refusal is refusal
