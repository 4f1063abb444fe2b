"""Paying: the calls of the official client's `Payments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.api.models import PaymentAccount, PaymentSession

if TYPE_CHECKING:
    from support.api.transport import Transport

_BASE = "/api/content/payments"


class Payments:
    """Opens payment sessions for orders and reads them back."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_session(self, order_id: int, type: str, *, automatic_tax_enabled: bool = False) -> PaymentSession:  # noqa: A002  (the official client's name)
        """Open a payment session for an order: `type` is "session" (a hosted page) or "intent"."""
        reply = self._transport.call(
            "payments.create_session",
            "POST",
            f"{_BASE}/sessions",
            body={"orderId": order_id, "type": type, "automaticTaxEnabled": automatic_tax_enabled},
        )
        return reply.into(PaymentSession)

    def get_session_by_order_id(self, order_id: int) -> PaymentSession | None:
        """The session of an order: of several the newest, of none `None`."""
        return max(self.get_sessions_by_order_id(order_id), key=lambda session: session.id, default=None)

    def get_sessions_by_order_id(self, order_id: int) -> tuple[PaymentSession, ...]:
        """All sessions of an order.

        Servers of 2025 answer one object, newer ones a list (observed: oneentry-sdk-rules; typed as both in 1.0.149).
        """
        reply = self._transport.call("payments.get_session_by_order_id", "GET", f"{_BASE}/sessions/order/{order_id}")
        if isinstance(reply.json, list):
            return tuple(reply.into(list[PaymentSession]))
        return (reply.into(PaymentSession),)

    def get_accounts(self) -> tuple[PaymentAccount, ...]:
        """The ways to pay that the project has."""
        reply = self._transport.call("payments.get_accounts", "GET", f"{_BASE}/accounts")
        return tuple(reply.into(list[PaymentAccount]))
