"""The shop without HTTP: people, forms, orders and payments, with one clock and one lock."""

from collections.abc import Callable
from datetime import timedelta
from random import Random, SystemRandom
from threading import RLock

from oneentry_scenarios.mock_server.answers import Answers
from oneentry_scenarios.mock_server.clock import Clock
from oneentry_scenarios.mock_server.forms import Forms
from oneentry_scenarios.mock_server.orders import Orders
from oneentry_scenarios.mock_server.payments import Payments
from oneentry_scenarios.mock_server.people import People
from oneentry_scenarios.mock_server.shop_data import ShopData, Version


class ShopRules:
    """The rules and the data of a shop. With several threads, callers must hold `lock` during a call."""

    def __init__(self, shop_data: ShopData, version: Version, clock: Clock) -> None:
        self.shop_data, self.version, self.clock = shop_data, version, clock
        self.lock = RLock()
        #: Names of operations without a permission for the user group.
        self.not_granted: set[str] = set()
        chance = Random(2025) if self.clock.start else SystemRandom()  # noqa: S311 - must repeat
        answer = Answers(shop_data, version)
        self.people = People(shop_data, answer, self.clock, chance)
        self.forms = Forms(shop_data, answer)
        self.orders = Orders(shop_data, answer, self.clock)
        self.payments = Payments(shop_data, answer, self.clock, chance, self.orders)


class ServerControls:
    """Changes the shop without HTTP; `shop` returns the current one, so the controls stay valid after a reset."""

    def __init__(self, shop: Callable[[], ShopRules]) -> None:
        self._shop = shop

    def move_clock(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._change(lambda shop: shop.clock.move(by))

    def remove_permission(self, operation: str) -> None:
        """Remove the user group's permission for an operation such as `orders.create_order`."""
        self._change(lambda shop: shop.not_granted.add(operation))

    def disconnect(self, account: str) -> None:
        """Disconnect a payment account: no more payment sessions can be opened with it."""
        self._change(lambda shop: shop.payments.disconnected.add(account))

    def settle_payment(self, order_id: int, status: str) -> None:
        """End an order's payment: "completed", "canceled" or "expired"; raises LookupError if no session waits."""
        self._change(lambda shop: shop.payments.settle(order_id, status))

    def _change(self, change: Callable[[ShopRules], None]) -> None:
        shop = self._shop()
        with shop.lock:
            change(shop)
