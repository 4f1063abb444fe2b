"""Steps about payment sessions."""

from pytest_bdd import then, when

from steps.words import phrase
from support import expectations
from support.api.models import PaymentSession
from support.shop import PlacedOrder, Shop


@when("a payment session is opened for the order", target_fixture="payment_session")
def session_is_opened(shop: Shop, placed: PlacedOrder) -> PaymentSession:
    return shop.open_session(placed.order)


@then(phrase("the payment session waits for payment by {account:Account} and has no checkout link"))
def session_waits(payment_session: PaymentSession, placed: PlacedOrder, shop: Shop, account: str) -> None:
    expectations.session_waits(payment_session, placed.order, shop.account(account))


@then("the order's payment session is the one that was opened")
def session_is_found(payment_session: PaymentSession, placed: PlacedOrder, shop: Shop) -> None:
    expectations.same_session(payment_session, shop.session_of(placed.order))
