"""The rules of paying."""

from collections.abc import Callable
from contextlib import closing

import pytest

from oneentry_scenarios.mock_server import Server, ServerControls
from oneentry_scenarios.mock_server.refusals import Refusal

from .caller import SESSIONS, Caller, refused


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
    account: str, kind: str, link: str | None, secret: str | None, buyer: Caller
) -> None:
    _, session = buyer.pay(buyer.order(account)["id"], kind)
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
    end: Callable[[ServerControls, int], None],
    session_status: str,
    order_status: str,
    is_completed: bool,
    buyer: Caller,
    server: Server,
) -> None:
    created = buyer.order("stripe")
    _, session = buyer.pay(created["id"])
    buyer.user()  # time passes
    end(server.controls, created["id"])
    _, now = buyer.get(f"{SESSIONS}/{session['id']}")
    assert now["status"] == session_status
    assert now["createdDate"] == session["createdDate"] < now["updatedDate"]
    assert buyer.read(created["id"])["statusIdentifier"] == order_status
    assert buyer.read(created["id"])["isCompleted"] is is_completed


def test_a_new_session_cancels_the_one_that_waits(buyer: Caller) -> None:
    created = buyer.order("stripe")
    (_, first), (_, second) = buyer.pay(created["id"]), buyer.pay(created["id"])
    canceled = first | {"status": "canceled", "updatedDate": second["createdDate"]}
    assert buyer.get(f"{SESSIONS}/order/{created['id']}") == (200, [second, canceled])
    assert buyer.read(created["id"])["statusIdentifier"] == "inProgress"
    assert buyer.read(created["id"])["paymentUrl"] == second["paymentUrl"]


def test_after_a_canceled_payment_the_buyer_may_try_again(buyer: Caller, server: Server) -> None:
    created = buyer.order("stripe")
    buyer.pay(created["id"])
    server.controls.cancel_payment(created["id"])
    buyer.pay(created["id"])
    assert buyer.read(created["id"])["statusIdentifier"] == "inProgress"


def test_only_stripe_refuses_a_fractional_total(buyer: Caller) -> None:
    fraction, two_halves = ((2, 1),), ((2, 2),)
    assert buyer.pay(buyer.order("cash", fraction)["id"])[0] == 201
    assert buyer.pay(buyer.order("stripe", fraction)["id"]) == refused(Refusal.TOTAL_FRACTIONAL)
    assert buyer.pay(buyer.order("stripe", two_halves)["id"])[0] == 201


def test_the_test_settings_of_stripe_say_where_a_buyer_returns(buyer: Caller) -> None:
    _, accounts = buyer.get("/api/content/payments/accounts")
    settings = {account["identifier"]: account["testSettings"].keys() for account in accounts if account["testMode"]}
    assert settings["stripe"] == {"status", "successUrl", "cancelUrl"}
    assert settings["cash"] == {"status"}


def test_a_control_without_a_waiting_session_says_what_to_do(buyer: Caller, server: Server) -> None:
    created = buyer.order()
    with pytest.raises(LookupError, match="order 89 has no waiting payment session: create one first"):
        server.controls.complete_payment(created["id"])


def test_in_2025_the_session_of_an_order_is_one_object_or_null(old_server: Server) -> None:
    with closing(Caller(old_server.url)) as buyer:
        order_id = buyer.sign_in().order()["id"]
        assert buyer.get(f"{SESSIONS}/order/{order_id}") == (200, None)
        buyer.pay(order_id)
        _, newest = buyer.pay(order_id)
        assert "amount" not in newest
        assert buyer.get(f"{SESSIONS}/order/{order_id}") == (200, newest)
