"""The rules of paying, without HTTP."""

from typing import Any

import pytest

from oneentry_scenarios.mock_server import Era, ServerControls, ShopRules
from oneentry_scenarios.mock_server.checks import Call
from oneentry_scenarios.mock_server.refusals import Refusal

from .caller import YOUR_USER
from .rule_calls import order, pay, read, refused


class TestPayments:
    @pytest.mark.parametrize(
        ("account", "kind", "link", "secret"),
        [
            ("cash", "session", None, None),
            ("cash", "intent", None, None),
            ("stripe", "session", "https://checkout.stripe.com/c/pay/cs_", None),
            ("stripe", "intent", None, "pi_"),
        ],
    )
    def test_only_stripe_has_a_link_or_a_secret(
        self, account: str, kind: str, link: str | None, secret: str | None, shop: ShopRules
    ) -> None:
        session = pay(shop, order(shop, account=account)["id"], kind)
        assert (session["paymentUrl"] or "").startswith(link or "")
        assert (session["paymentUrl"] is None) == (link is None)
        assert session.get("clientSecret", "").startswith(secret or "")
        assert ("clientSecret" in session) == (secret is not None)

    @pytest.mark.parametrize(
        ("end", "session_status", "order_status", "is_completed"),
        [
            (ServerControls.complete_payment, "completed", "paid_for", True),
            (ServerControls.cancel_payment, "canceled", "canceled", False),
            (ServerControls.expire_payment, "expired", "expired", False),
        ],
    )
    def test_the_order_follows_its_session(
        self,
        end: Any,
        session_status: str,
        order_status: str,
        is_completed: bool,
        shop: ShopRules,
        controls: ServerControls,
    ) -> None:
        created = order(shop, account="stripe")
        session = pay(shop, created["id"])
        shop.clock.tick()
        end(controls, created["id"])
        now = shop.payments.session(Call(path={"id": str(session["id"])}, user=YOUR_USER))
        assert now["status"] == session_status
        assert now["createdDate"] == session["createdDate"] < now["updatedDate"]
        assert read(shop, created["id"])["statusIdentifier"] == order_status
        assert read(shop, created["id"])["isCompleted"] is is_completed

    def test_a_new_session_cancels_the_one_that_waits(self, shop: ShopRules) -> None:
        created = order(shop, account="stripe")
        first, second = pay(shop, created["id"]), pay(shop, created["id"])
        sessions = shop.payments.by_order(Call(path={"id": str(created["id"])}, user=YOUR_USER))
        assert sessions == [first | {"status": "canceled"}, second]
        assert read(shop, created["id"])["statusIdentifier"] == "inProgress"
        assert read(shop, created["id"])["paymentUrl"] == second["paymentUrl"]

    def test_after_a_canceled_payment_the_buyer_may_try_again(self, shop: ShopRules, controls: ServerControls) -> None:
        created = order(shop, account="stripe")
        pay(shop, created["id"])
        controls.cancel_payment(created["id"])
        pay(shop, created["id"])
        assert read(shop, created["id"])["statusIdentifier"] == "inProgress"

    def test_a_fractional_total_is_only_stripes_trouble(self, shop: ShopRules) -> None:
        fraction = [{"productId": 2, "quantity": 1}]
        assert pay(shop, order(shop, products=fraction)["id"])["status"] == "waiting"
        with refused(Refusal.TOTAL_FRACTIONAL):
            pay(shop, order(shop, account="stripe", products=fraction)["id"])
        two_halves = [{"productId": 2, "quantity": 2}]
        assert pay(shop, order(shop, account="stripe", products=two_halves)["id"])["status"] == "waiting"

    def test_a_control_without_a_waiting_session_says_what_to_do(
        self, shop: ShopRules, controls: ServerControls
    ) -> None:
        created = order(shop)
        with pytest.raises(LookupError, match="order 89 has no waiting payment session: create one first"):
            controls.complete_payment(created["id"])

    def test_in_2025_the_session_of_an_order_is_one_object_or_null(self) -> None:
        shop = ShopRules(era=Era.Y2025)
        created = order(shop)
        call = Call(path={"id": str(created["id"])}, user=YOUR_USER)
        assert shop.payments.by_order(call) is None
        pay(shop, created["id"])
        newest = pay(shop, created["id"])
        assert "amount" not in newest
        assert shop.payments.by_order(call) == newest
