"""The rules of payments: accounts, payment sessions, and their effect on orders."""

from random import Random
from typing import Any

from oneentry_scenarios.mock_server.answers import Answers, RequestRefused, find_or_refuse
from oneentry_scenarios.mock_server.checks import Call
from oneentry_scenarios.mock_server.clock import Clock, random_text
from oneentry_scenarios.mock_server.orders import Orders, PaymentSession
from oneentry_scenarios.mock_server.shop_data import Account, ShopData, Version


class Payments:
    """The shop's payment accounts and the payment sessions of its orders."""

    def __init__(self, shop_data: ShopData, answer: Answers, clock: Clock, chance: Random, orders: Orders) -> None:
        self._shop_data, self._answer, self._clock, self._chance = shop_data, answer, clock, chance
        self._orders = orders
        self._sessions: list[PaymentSession] = []
        #: Identifiers of the accounts that a control disconnected.
        self.disconnected: set[str] = set()

    def accounts(self, _: Call) -> list[dict[str, Any]]:
        """Return all payment accounts."""
        return [self._show_account(account) for account in self._shop_data.accounts]

    def account(self, call: Call) -> dict[str, Any]:
        """Return one payment account."""
        return self._show_account(find_or_refuse(self._shop_data.accounts, "account_not_found", id=call.id))

    def create(self, call: Call) -> dict[str, Any]:
        """Open a payment session for an order, and cancel its waiting one."""
        body = call.body
        kind = body.text("type")
        if kind not in ("session", "intent"):
            body.malformed("type", "one of [session, intent]")
        if not isinstance(body.fields.get("automaticTaxEnabled", False), bool):
            body.malformed("automaticTaxEnabled", "a boolean")
        order = self._orders.of_buyer(call.user, body.integer("orderId"))
        if order.is_paid:
            raise RequestRefused("order_already_paid")
        if order.account.identifier in self.disconnected:
            raise RequestRefused("account_not_connected")
        is_stripe = order.account.type == "stripe"
        if is_stripe and order.total != order.total.to_integral_value():
            raise RequestRefused("total_fractional")
        now = self._clock.now()
        order.end_waiting("canceled", now)
        number = self._shop_data.first_session + len(self._sessions)
        session = PaymentSession(number, now, now, kind, "waiting", order.account, order)
        if is_stripe and kind == "session":
            session.payment_url = f"https://checkout.stripe.com/c/pay/cs_{random_text(self._chance, 58)}"
        elif is_stripe:
            session.client_secret = f"pi_{random_text(self._chance, 24)}_secret_{random_text(self._chance, 25)}"
        self._sessions.append(session)
        order.sessions.append(session)
        order.status = order.storage.payment_statuses.get(session.status, order.status)
        return self._show(session)

    def sessions(self, call: Call) -> dict[str, Any]:
        """Return the payment sessions of all the buyer's orders, oldest first."""
        mine = [self._show(session) for session in self._sessions if session.order.buyer == call.user]
        return {"items": mine[call.page], "total": len(mine)}

    def session(self, call: Call) -> dict[str, Any]:
        """Return one payment session of the buyer."""
        mine = (session for session in self._sessions if session.order.buyer == call.user)
        return self._show(find_or_refuse(mine, "session_not_found", id=call.id))

    def by_order(self, call: Call) -> list[dict[str, Any]] | dict[str, Any] | None:
        """Return the payment sessions of an order, newest first; in the API of 2025, only the newest."""
        shown = [self._show(session) for session in reversed(self._orders.of_buyer(call.user, call.id).sessions)]
        return shown if self._answer.version is Version.CURRENT else next(iter(shown), None)

    def settle(self, order_id: int, status: str) -> None:
        """End an order's waiting payment session like its payment provider; raises LookupError if none waits."""
        order = next((session.order for session in self._sessions if session.order.id == order_id), None)
        if order is None or not order.end_waiting(status, self._clock.now()):
            raise LookupError(f"order {order_id} has no waiting payment session. Open one first")
        order.status = order.storage.payment_statuses.get(status, order.status)

    def _show(self, session: PaymentSession) -> dict[str, Any]:
        secret = {"clientSecret": session.client_secret} if session.client_secret else {}
        return self._answer("payment session", session=session) | secret

    def _show_account(self, account: Account) -> dict[str, Any]:
        settings = {"status": "connected" if account.is_connected else "not_connected"}
        more = self._answer("where stripe returns to") if account.type == "stripe" else {}
        return self._answer("payment account", account=account, settings=settings, test_settings=settings | more)
