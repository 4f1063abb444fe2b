"""The whole shop without HTTP: its people, orders and payments under one clock and one lock."""

from collections.abc import Callable
from datetime import timedelta
from threading import RLock

from oneentry_scenarios.mock_server.clock import Chance, Clock, FixedClock
from oneentry_scenarios.mock_server.orders import Orders
from oneentry_scenarios.mock_server.payments import Payments
from oneentry_scenarios.mock_server.people import People
from oneentry_scenarios.mock_server.world import DEFAULT, Era, World


class Shop:
    """A fresh shop. Whoever calls its rules from more than one thread holds `lock` while doing so."""

    def __init__(self, world: World = DEFAULT, era: Era = Era.CURRENT, clock: Clock | None = None) -> None:
        self.world = world
        self.era = era
        self.clock = clock or FixedClock()
        self.lock = RLock()
        chance = Chance(fixed=isinstance(self.clock, FixedClock))
        self.people = People(world, self.clock, chance)
        self.orders = Orders(world, era, self.clock)
        self.payments = Payments(world, era, self.clock, chance, self.orders)


class Controls:
    """What happens to a shop without any request: time passes, a payment provider reports. In process only.

    Of whichever shop `shop` returns at the moment, so that controls outlive a reset.
    """

    def __init__(self, shop: Callable[[], Shop]) -> None:
        self._shop = shop

    def move_clock(self, by: timedelta) -> None:
        """Let time pass."""
        shop = self._shop()
        with shop.lock:
            shop.clock.move(by)

    def complete_payment(self, order_id: int) -> None:
        """The buyer paid. `LookupError` where no payment session of the order waits; so for the other two."""
        self._settle(order_id, "completed")

    def cancel_payment(self, order_id: int) -> None:
        """The buyer turned back."""
        self._settle(order_id, "canceled")

    def expire_payment(self, order_id: int) -> None:
        """The buyer did not come."""
        self._settle(order_id, "expired")

    def _settle(self, order_id: int, status: str) -> None:
        shop = self._shop()
        with shop.lock:
            shop.payments.settle(order_id, status)
