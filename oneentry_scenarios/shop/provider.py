"""What only a clock or a payment provider can do: the mock server simulates it, cassettes have it recorded."""

from datetime import timedelta
from typing import Protocol

#: Longer than an access token of the mock server is valid, shorter than its refresh tokens.
LONGER_THAN_A_SIGN_IN = timedelta(hours=2)
#: How long a customer takes to pay.
TIME_TO_PAY = timedelta(seconds=30)


class MockServerControls(Protocol):
    """The part of the mock server's controls that scenarios need."""

    def move_clock(self, by: timedelta, /) -> None: ...  # noqa: D102
    def settle_payment(self, order_id: int, outcome: str, /) -> None: ...  # noqa: D102
    def disconnect(self, account: str, /) -> None: ...  # noqa: D102


class ProviderSimulator:
    """Lets time pass and settles payments in the mock server. Does nothing in replay, where there are no controls."""

    def __init__(self, controls: MockServerControls | None) -> None:
        self._controls = controls

    def let_sign_ins_expire(self) -> None:
        """Let more time pass than an access token is valid."""
        if self._controls is not None:
            self._controls.move_clock(LONGER_THAN_A_SIGN_IN)

    def disconnect(self, account: str) -> None:
        """Cut a payment account off from its payment provider."""
        if self._controls is not None:
            self._controls.disconnect(account)

    def settle_payment(self, order_id: int, outcome: str) -> None:
        """Settle the payment of an order: "completed", "canceled" or "expired"."""
        if self._controls is not None:
            self._controls.move_clock(TIME_TO_PAY)
            self._controls.settle_payment(order_id, outcome)
