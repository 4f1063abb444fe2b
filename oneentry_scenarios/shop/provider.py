"""What only a clock or a payment provider can do: the mock server does it in process, replay has it recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oneentry_scenarios.mock_server.server import Server

#: Longer than any access token of the mock server lives, shorter than its refresh tokens.
LONGER_THAN_A_SIGN_IN = timedelta(hours=2)
#: What a customer takes to pay, or not to.
A_WHILE = timedelta(seconds=30)


class Controls:
    """Moves the mock server where a scenario runs against it. In replay nothing is to do: the answers are recorded."""

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def let_sign_ins_expire(self) -> None:
        """Let more time pass than an access token lives."""
        if self._server is not None:
            self._server.controls.move_clock(LONGER_THAN_A_SIGN_IN)

    def settle_payment(self, order_id: int, outcome: str) -> None:
        """Let the payment of an order be "completed", "canceled" or "expired", as its provider would report."""
        if self._server is not None:
            controls = self._server.controls
            controls.move_clock(A_WHILE)
            {
                "completed": controls.complete_payment,
                "canceled": controls.cancel_payment,
                "expired": controls.expire_payment,
            }[outcome](order_id)
