"""The rules of paying: accounts, payment sessions, and the order that follows them."""

from random import Random
from typing import Any

from oneentry_scenarios.mock_server.checks import Call
from oneentry_scenarios.mock_server.clock import Clock, iso, word
from oneentry_scenarios.mock_server.order import PaymentSession
from oneentry_scenarios.mock_server.orders import Orders
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused, first_or_refuse
from oneentry_scenarios.mock_server.world import ALWAYS, Account, Era, World


class Payments:
    """The shop's payment accounts and the sessions of its orders."""

    def __init__(self, world: World, era: Era, clock: Clock, chance: Random, orders: Orders) -> None:
        self._world = world
        self._clock = clock
        self._chance = chance
        self._orders = orders
        self._era = era
        self._sessions: list[PaymentSession] = []

    def accounts(self, _: Call) -> list[dict[str, Any]]:
        """All payment accounts."""
        return [self._show_account(account) for account in self._world.accounts]

    def account(self, call: Call) -> dict[str, Any]:
        """One payment account."""
        found = (account for account in self._world.accounts if account.id == call.id)
        return self._show_account(first_or_refuse(found, Refusal.ACCOUNT_NOT_FOUND))

    def create(self, call: Call) -> dict[str, Any]:
        """Open a payment session for an order. A session that still waits is cancelled."""
        body = call.body
        kind = body.text("type")
        if kind not in ("session", "intent"):
            body.malformed("type", "one of [session, intent]")
        if not isinstance(body.fields.get("automaticTaxEnabled", False), bool):
            body.malformed("automaticTaxEnabled", "a boolean")
        order = self._orders.of_buyer(call.user, body.integer("orderId"))
        if order.is_paid:
            raise RequestRefused(Refusal.ORDER_ALREADY_PAID)
        is_stripe = order.account.type == "stripe"
        if is_stripe and order.total != order.total.to_integral_value():
            raise RequestRefused(Refusal.TOTAL_FRACTIONAL)
        now = self._clock.now()
        order.end_waiting("canceled", now)
        number = self._world.first_session + len(self._sessions)
        session = PaymentSession(number, now, now, kind, "waiting", order.account, order)
        if is_stripe and kind == "session":
            session.payment_url = f"https://checkout.stripe.com/c/pay/cs_{word(self._chance, 58)}"
        elif is_stripe:
            session.client_secret = f"pi_{word(self._chance, 24)}_secret_{word(self._chance, 25)}"
        self._sessions.append(session)
        order.sessions.append(session)
        order.status = order.storage.payment_statuses.get(session.status, order.status)
        return self._show(session)

    def sessions(self, call: Call) -> dict[str, Any]:
        """The sessions of all the buyer's orders, oldest first."""
        mine = [self._show(session) for session in self._sessions if session.order.buyer == call.user]
        return {"items": mine[call.page], "total": len(mine)}

    def session(self, call: Call) -> dict[str, Any]:
        """One session of the buyer's."""
        wanted = call.id
        found = (session for session in self._sessions if (session.id, session.order.buyer) == (wanted, call.user))
        return self._show(first_or_refuse(found, Refusal.SESSION_NOT_FOUND))

    def by_order(self, call: Call) -> list[dict[str, Any]] | dict[str, Any] | None:
        """The sessions of an order, newest first; in the 2025 era only the newest."""
        shown = [self._show(session) for session in reversed(self._orders.of_buyer(call.user, call.id).sessions)]
        return shown if self._era is Era.CURRENT else next(iter(shown), None)

    def settle(self, order_id: int, status: str) -> None:
        """End an order's waiting session as its payment provider would. Raises `LookupError` if none waits."""
        order = next((session.order for session in self._sessions if session.order.id == order_id), None)
        if order is None or not order.end_waiting(status, self._clock.now()):
            raise LookupError(f"order {order_id} has no waiting payment session: create one first")
        order.status = order.storage.payment_statuses.get(status, order.status)

    def _show(self, session: PaymentSession) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": session.id,
            "createdDate": iso(session.created),
            "updatedDate": iso(session.updated),
            "type": session.type,
            "status": session.status,
            "paymentAccountId": session.account.id,
            "orderId": session.order.id,
            "paymentUrl": session.payment_url,
        }
        secret = {"clientSecret": session.client_secret} if session.client_secret else {}
        return shown | ({"amount": None} if self._era is Era.CURRENT else {}) | secret

    def _show_account(self, account: Account) -> dict[str, Any]:
        settings = {"status": "connected" if account.is_connected else "not_connected"}
        returns = {"successUrl": "https://my-shop.test/paid", "cancelUrl": "https://my-shop.test/cart"}
        return {
            "id": account.id,
            "localizeInfos": self._world.localized(account.title),
            "identifier": account.identifier,
            "type": account.type,
            **ALWAYS["account"],
            "settings": settings,
            "testSettings": settings | (returns if account.type == "stripe" else {}),
            "updatedDate": "2025-02-25T08:55:43.957Z",
        }
