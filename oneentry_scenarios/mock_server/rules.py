"""The whole shop without HTTP: people, forms, orders and payments, with one clock and one lock."""

from collections.abc import Callable
from datetime import timedelta
from random import Random, SystemRandom
from threading import RLock

from oneentry_scenarios.mock_server.answers import Answers
from oneentry_scenarios.mock_server.clock import Clock, fixed_clock
from oneentry_scenarios.mock_server.forms import Forms
from oneentry_scenarios.mock_server.orders import Orders
from oneentry_scenarios.mock_server.payments import Payments
from oneentry_scenarios.mock_server.people import People
from oneentry_scenarios.mock_server.world import DEFAULT, Era, World


class ShopRules:
    """The rules of a fresh shop. Callers in several threads must hold `lock` during a call."""

    def __init__(self, world: World = DEFAULT, era: Era = Era.CURRENT, clock: Clock | None = None) -> None:
        self.world = world
        self.era = era
        self.clock = clock or fixed_clock()
        self.lock = RLock()
        #: Names of operations that the user group may not use.
        self.not_granted: set[str] = set()
        chance = Random(2025) if self.clock.start else SystemRandom()  # noqa: S311 - must repeat
        answer = Answers(world, era)
        self.people = People(world, answer, self.clock, chance)
        self.forms = Forms(world, answer)
        self.orders = Orders(world, answer, self.clock)
        self.payments = Payments(world, answer, self.clock, chance, self.orders)


class ServerControls:
    """Changes, without a request, the shop that `shop` returns at that moment: controls stay valid after a reset."""

    def __init__(self, shop: Callable[[], ShopRules]) -> None:
        self._shop = shop

    def move_clock(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._change(lambda shop: shop.clock.move(by))

    def take_away(self, operation: str) -> None:
        """Take the permission for an operation such as `orders.create_order` away from the user group."""
        self._change(lambda shop: shop.not_granted.add(operation))

    def disconnect(self, account: str) -> None:
        """Cut a payment account off: no payment session can be opened by it any more."""
        self._change(lambda shop: shop.payments.disconnected.add(account))

    def settle_payment(self, order_id: int, status: str) -> None:
        """End an order's payment: "completed", "canceled" or "expired". Raises `LookupError` if no session waits."""
        self._change(lambda shop: shop.payments.settle(order_id, status))

    def _change(self, change: Callable[[ShopRules], None]) -> None:
        shop = self._shop()
        with shop.lock:
            change(shop)
