"""Effects of time and of payment providers: simulated by the mock server, recorded in cassettes."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # replay does not import the mock server
    from oneentry_scenarios.mock_server.rules import ServerControls

#: Longer than the lifetime of the mock server's access tokens, shorter than that of its refresh tokens.
LONGER_THAN_A_SIGN_IN = timedelta(hours=2)
#: Time that a customer takes to pay.
TIME_TO_PAY = timedelta(seconds=30)


class Simulator:
    """Simulates the passing of time and the payment provider in the mock server; without `controls`, does nothing."""

    def __init__(self, controls: "ServerControls | None") -> None:
        self._controls = controls

    def let_sign_ins_expire(self) -> None:
        """Move the clock beyond the lifetime of access tokens."""
        if self._controls is not None:
            self._controls.move_clock(LONGER_THAN_A_SIGN_IN)

    def disconnect(self, account: str) -> None:
        """Disconnect a payment account from its payment provider."""
        if self._controls is not None:
            self._controls.disconnect(account)

    def settle_payment(self, order_id: int, outcome: str) -> None:
        """End the payment of an order with the outcome "completed", "canceled" or "expired"."""
        if self._controls is not None:
            self._controls.move_clock(TIME_TO_PAY)
            self._controls.settle_payment(order_id, outcome)
