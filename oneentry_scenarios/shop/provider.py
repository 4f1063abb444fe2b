"""What only a clock or a payment provider can do: the mock server simulates it, a cassette has it recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

#: Longer than any access token of the mock server lives, shorter than its refresh tokens.
LONGER_THAN_A_SIGN_IN = timedelta(hours=2)
#: What a customer takes to pay, or not to.
A_WHILE = timedelta(seconds=30)


class Simulation(Protocol):
    """A server whose clock can be moved and whose payments can be settled."""

    def move_clock(self, by: timedelta) -> None: ...  # noqa: D102
    def complete_payment(self, order_id: int) -> None: ...  # noqa: D102
    def cancel_payment(self, order_id: int) -> None: ...  # noqa: D102
    def expire_payment(self, order_id: int) -> None: ...  # noqa: D102


class ProviderSimulator:
    """Plays the payment provider and the clock. In replay there is nothing to do: the responses are recorded."""

    def __init__(self, simulation: Simulation | None) -> None:
        self._simulation = simulation

    def let_sign_ins_expire(self) -> None:
        """Let more time pass than an access token lives."""
        if self._simulation is not None:
            self._simulation.move_clock(LONGER_THAN_A_SIGN_IN)

    def settle_payment(self, order_id: int, outcome: str) -> None:
        """Let the payment of an order be "completed", "canceled" or "expired", as its provider would report."""
        if self._simulation is not None:
            self._simulation.move_clock(A_WHILE)
            {
                "completed": self._simulation.complete_payment,
                "canceled": self._simulation.cancel_payment,
                "expired": self._simulation.expire_payment,
            }[outcome](order_id)
