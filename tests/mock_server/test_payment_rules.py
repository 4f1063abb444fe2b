"""The rules of paying."""

import pytest

from oneentry_scenarios.mock_server import Server

from .caller import SESSIONS, Caller, refused


def test_after_a_canceled_payment_the_buyer_may_try_again(buyer: Caller, server: Server) -> None:
    created = buyer.order("stripe")
    buyer.pay(created["id"])
    server.controls.settle_payment(created["id"], "canceled")
    buyer.pay(created["id"])
    assert buyer.read(created["id"])["statusIdentifier"] == "inProgress"


def test_only_stripe_refuses_a_fractional_total(buyer: Caller) -> None:
    fraction, two_halves = ((2, 1),), ((2, 2),)
    assert buyer.pay(buyer.order("cash", fraction)["id"])[0] == 201
    assert buyer.pay(buyer.order("stripe", fraction)["id"]) == refused("total_fractional")
    assert buyer.pay(buyer.order("stripe", two_halves)["id"])[0] == 201


def test_a_control_without_a_waiting_session_says_what_to_do(buyer: Caller, server: Server) -> None:
    created = buyer.order()
    with pytest.raises(LookupError, match=r"order 89 has no waiting payment session\. Open one first"):
        server.controls.settle_payment(created["id"], "completed")


def test_in_2025_the_session_of_an_order_is_one_object_or_null(old_server: Server) -> None:
    with Caller(old_server.url) as buyer:
        order_id = buyer.sign_in().order()["id"]
        assert buyer.get(f"{SESSIONS}/order/{order_id}") == (200, None)
        buyer.pay(order_id)
        _, newest = buyer.pay(order_id)
        assert "amount" not in newest
        assert buyer.get(f"{SESSIONS}/order/{order_id}") == (200, newest)
