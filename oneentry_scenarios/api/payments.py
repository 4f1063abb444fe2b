"""Payments: the operations of the official client's `Payments`."""

from oneentry_scenarios.api.models import Listing, Page, PaymentAccount, PaymentSession
from oneentry_scenarios.api.transport import OperationGroup


class Payments(OperationGroup):
    """Opens payment sessions for orders and reads them back."""

    group, base = "payments", "/api/content/payments"

    def create_session(self, order_id: int, type: str, *, automatic_tax_enabled: bool = False) -> PaymentSession:  # noqa: A002  (the official client's name)
        """Open a payment session for an order: `type` is "session" (a hosted page) or "intent"."""
        body = {"orderId": order_id, "type": type, "automaticTaxEnabled": automatic_tax_enabled}
        # Observed with cash, Stripe and others: 201 (oneentry-sdk-rules, orders.md).
        return self._call("create_session", "POST", "/sessions", body=body).require_created().into(PaymentSession)

    def get_session_by_order_id(self, order_id: int) -> Listing[PaymentSession]:
        """Return all payment sessions of an order (the official client's name says one)."""
        # Servers of 2025 return one object, newer ones a list (observed: oneentry-sdk-rules; typed as both in 1.0.149).
        reply = self._call("get_session_by_order_id", "GET", f"/sessions/order/{order_id}")
        if isinstance(reply.json, list):
            return reply.into_list(PaymentSession)
        return Listing.of([] if reply.json is None else [reply.into(PaymentSession)], reply.exchange.operation)

    def get_session_by_id(self, session_id: int) -> PaymentSession:
        """Return one payment session."""
        return self._call("get_session_by_id", "GET", f"/sessions/{session_id}").into(PaymentSession)

    def get_sessions(self, offset: int = 0, limit: int = 30) -> Page[PaymentSession]:
        """Return one page of the user's payment sessions."""
        # The official client sends this slash before the question mark.
        reply = self._call("get_sessions", "GET", "/sessions/", {"offset": offset, "limit": limit})
        return reply.into(Page[PaymentSession])

    def get_accounts(self) -> Listing[PaymentAccount]:
        """Return the project's payment accounts."""
        return self._call("get_accounts", "GET", "/accounts").into_list(PaymentAccount)
