"""Steps about payment sessions and accounts."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import OrderStorage, PaymentSession
from oneentry_scenarios.shop import checks
from oneentry_scenarios.shop.people import Cast
from oneentry_scenarios.shop.provider import ProviderSimulator
from oneentry_scenarios.shop.shop import NO_SUCH_ID, PlacedOrder, refusal_of
from steps.words import phrase


@given("a payment session has been opened for the order", target_fixture="payment_session")
@when("a payment session is opened for the order", target_fixture="payment_session")
def session_is_opened(people: Cast, placed: PlacedOrder) -> PaymentSession:
    return people["Christina"].open_session(placed.order.id)


@when("a payment intent is opened for the order", target_fixture="payment_session")
def intent_is_opened(people: Cast, placed: PlacedOrder) -> PaymentSession:
    return people["Christina"].open_session(placed.order.id, "intent")


@given(phrase("the payment was {outcome:Outcome}"))
@when(phrase("the payment is {outcome:Outcome}"))
def payment_is_settled(provider: ProviderSimulator, placed: PlacedOrder, outcome: str) -> None:
    provider.settle_payment(placed.order.id, outcome)


@when(phrase("{person:Person} tries to open a payment session for the order"), target_fixture="refusal")
def tries_to_open(people: Cast, person: str, placed: PlacedOrder) -> Refused:
    return refusal_of(lambda: people[person].open_session(placed.order.id))


@when(
    phrase("{person:Person} tries to open a payment session for an order that does not exist"), target_fixture="refusal"
)
def tries_to_open_for_unknown_order(people: Cast, person: str) -> Refused:
    return refusal_of(lambda: people[person].open_session(NO_SUCH_ID))


@when(phrase("{person:Person} tries to open a payment session of a kind that does not exist"), target_fixture="refusal")
def tries_to_open_unknown_kind(people: Cast, person: str, placed: PlacedOrder) -> Refused:
    return refusal_of(lambda: people[person].open_session(placed.order.id, "cheque"))


@when(phrase("{person:Person} tries to see the order's payment session"), target_fixture="refusal")
def tries_to_see(people: Cast, person: str, placed: PlacedOrder) -> Refused:
    return refusal_of(lambda: people[person].session_of(placed.order.id))


@then(phrase("the payment session waits for payment by {account:Account} and has no checkout link"))
def session_waits(people: Cast, payment_session: PaymentSession, placed: PlacedOrder, account: str) -> None:
    checks.session_waits(payment_session, placed.order, people["Christina"].account(account))
    checks.has_no_link(payment_session)


@then(phrase("the payment session waits for payment by {account:Account} and leads to a checkout page"))
def session_leads_to_a_page(people: Cast, payment_session: PaymentSession, placed: PlacedOrder, account: str) -> None:
    checks.session_waits(payment_session, placed.order, people["Christina"].account(account))
    checks.has_checkout_link(payment_session)


@then(phrase("the payment intent waits for payment by {account:Account} and has a secret for the shop's own page"))
def intent_waits(people: Cast, payment_session: PaymentSession, placed: PlacedOrder, account: str) -> None:
    checks.session_waits(payment_session, placed.order, people["Christina"].account(account), "intent")
    checks.has_client_secret(payment_session)


@then("the order's payment session is the one that was opened")
def session_is_found_by_order(people: Cast, payment_session: PaymentSession, placed: PlacedOrder) -> None:
    checks.same_session(payment_session, people["Christina"].session_of(placed.order.id))


@then("the payment session with its number is the one that was opened")
def session_is_found_by_number(people: Cast, payment_session: PaymentSession) -> None:
    checks.same_session(payment_session, people["Christina"].session(payment_session.id))


@then("the list of payment sessions shows the one that was opened")
def session_is_listed(people: Cast, payment_session: PaymentSession) -> None:
    checks.session_listed(payment_session, people["Christina"].sessions(payment_session.id))


@then(phrase("the list of payment sessions of {person:Person} does not show it"))
def session_is_not_listed(people: Cast, person: str, payment_session: PaymentSession) -> None:
    checks.session_not_listed(payment_session, people[person].sessions())


@then("the order leads to the same checkout page")
def order_leads_there(people: Cast, payment_session: PaymentSession, placed: PlacedOrder) -> None:
    checks.order_leads_to(payment_session, people["Christina"].read(placed.order.id))


@then("the order has no payment session")
def order_has_no_session(people: Cast, placed: PlacedOrder) -> None:
    checks.no_session(people["Christina"].session_of(placed.order.id))


@then(phrase("the payment session is {outcome:Outcome}"))
def session_is(people: Cast, payment_session: PaymentSession, outcome: str) -> None:
    checks.session_became(outcome, payment_session, people["Christina"].session(payment_session.id))


@then(phrase("the order follows the {outcome:Outcome} payment"))
def order_follows(people: Cast, placed: PlacedOrder, outcome: str) -> None:
    shop = people["Christina"]
    checks.order_follows(outcome, shop.profile, shop.read(placed.order.id))


@when(phrase("{person:Person} looks at the ways to pay"), target_fixture="ways_to_pay")
def looks_at_the_ways_to_pay(people: Cast, person: str) -> OrderStorage:
    return people[person].storage()


@then(phrase("{first:Account} and {second:Account} are among them"))
def are_among_them(people: Cast, ways_to_pay: OrderStorage, first: str, second: str) -> None:
    profile = people["Christina"].profile
    checks.offered({profile.account(first), profile.account(second)}, profile.orders.storage, ways_to_pay)
