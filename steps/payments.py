"""Steps about payment sessions and accounts."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import OrderStorage
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.checks import payments as payment_checks
from oneentry_scenarios.shop.checks.payments import LINK_OR_SECRET
from oneentry_scenarios.shop.domain import NO_SUCH_ID, Line, OpenedSession, PlacedOrder, owned
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import FIRST_ACCOUNT, Profile
from oneentry_scenarios.shop.simulator import Simulator
from steps.words import phrase


@given(phrase("{person:Person} has opened a payment session for the order"), target_fixture="opened")
@given(phrase("{person:Person} has opened another payment session for the order"), target_fixture="opened")
@when(phrase("{person:Person} opens a payment session for the order"), target_fixture="opened")
@when(phrase("{person:Person} opens a payment session for the newest order"), target_fixture="opened")
def opens_a_session(people: Personas, person: str, placed: PlacedOrder) -> OpenedSession:
    return people[person].open_session(placed.order.id)


@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product} and opened a payment session"),
    target_fixture="opened",
)
@given(
    phrase(
        "{person:Person} has ordered {quantity:Number} {product:Product} with {account:Account} "
        "and opened a payment session"
    ),
    target_fixture="opened",
)
def has_ordered_and_opened_a_session(
    people: Personas, person: str, quantity: int, product: str, account: str = FIRST_ACCOUNT
) -> OpenedSession:
    return people[person].open_session(people[person].place(account, Line(product, quantity)).order.id)


@given(phrase("{person:Person} has opened a payment intent for the order"), target_fixture="opened")
@when(phrase("{person:Person} opens a payment intent for the order"), target_fixture="opened")
@when(phrase("{person:Person} opens a payment intent for the newest order"), target_fixture="opened")
def opens_an_intent(people: Personas, person: str, placed: PlacedOrder) -> OpenedSession:
    return people[person].open_session(placed.order.id, "intent")


@given(phrase("the payment provider has reported the payment as {outcome:Outcome}"))
@when(phrase("the payment provider reports the payment as {outcome:Outcome}"))
@when(phrase("the payment provider reports {owner:Person}'s payment as {outcome:Outcome}"))
def payment_is_settled(
    people: Personas, simulator: Simulator, opened: OpenedSession, outcome: str, owner: str = ""
) -> None:
    simulator.settle_payment(owned(opened, owner).order_id, outcome)
    people.expected.note_payment_outcome(opened.order_id, outcome)


@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product} with {account:Account} and paid for it"),
    target_fixture="placed",
)
@given(
    phrase(
        "{person:Person} has ordered {quantity:Number} {product:Product} with {account:Account} "
        "but the payment was {outcome:Outcome}"
    ),
    target_fixture="placed",
)
def has_ordered_and_tried_to_pay(
    people: Personas,
    simulator: Simulator,
    person: str,
    quantity: int,
    product: str,
    account: str,
    outcome: str = "completed",
) -> PlacedOrder:
    return people.place_and_settle(simulator, person, account, Line(product, quantity), outcome)


@given(phrase("{person:Person} has changed the order's payment method to {account:Account}"), target_fixture="placed")
def has_changed_the_account(people: Personas, person: str, placed: PlacedOrder, account: str) -> PlacedOrder:
    return people[person].change(placed, account=account)


@given(phrase("the shop has disconnected the payment account of {account:Account}"))
def has_disconnected(simulator: Simulator, profile: Profile, account: str) -> None:
    simulator.disconnect(profile.account(account))


@when(phrase("{person:Person} tries to open another payment session for the order"))
def tries_to_open_another(people: Personas, person: str, placed: PlacedOrder) -> None:
    people.opened_or_refused(person, placed.order.id)


@then("the order has a payment session that is waiting for payment")
def can_still_be_paid(people: Personas, placed: PlacedOrder) -> None:
    payment_checks.one_waits(people[placed.owner].sessions_of(placed.order.id))


@when(phrase("{person:Person} tries to open a payment session for the order"), target_fixture="refusal")
@when(phrase("{person:Person} tries to open a payment session for {owner:Person}'s order"), target_fixture="refusal")
def tries_to_open(people: Personas, person: str, placed: PlacedOrder, owner: str = "") -> Refused:
    return people.refusal_of(person, lambda: people[person].open_session(owned(placed, owner).order.id).session)


@when(
    phrase("{person:Person} tries to open a payment session for an order that does not exist"), target_fixture="refusal"
)
def tries_to_open_for_unknown_order(people: Personas, person: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].open_session(NO_SUCH_ID).session)


@when(
    phrase("{person:Person} tries to open a payment session of an unknown type for the newest order"),
    target_fixture="refusal",
)
def tries_to_open_unknown_type(people: Personas, person: str, placed: PlacedOrder) -> Refused:
    return people.refusal_of(person, lambda: people[person].open_session(placed.order.id, "cheque").session)


@when(phrase("{person:Person} tries to view the payment session of {owner:Person}'s order"), target_fixture="refusal")
def tries_to_view(people: Personas, person: str, placed: PlacedOrder, owner: str) -> Refused | None:
    return people.refusal_or_nothing(person, lambda: people[person].sessions_of(owned(placed, owner).order.id))


@when(phrase("{person:Person} tries to look up {owner:Person}'s payment session by its ID"), target_fixture="refusal")
def tries_to_look_up_by_id(people: Personas, person: str, opened: OpenedSession, owner: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].read_session(owned(opened, owner).session.id))


@given(phrase("{person:Person} has viewed the payment session"))
def looks_at_the_session(people: Personas, person: str, opened: OpenedSession) -> None:
    # Both also compare the session with the expected state.
    people[person].read_session(opened.session.id)
    people[person].sessions_of(opened.order_id)


@then(phrase("the payment {kind:Kind} is waiting for a {account:Account} payment and {shown:LinkOrSecret}"))
def session_waits(
    people: Personas, profile: Profile, opened: OpenedSession, kind: str, account: str, shown: str
) -> None:
    payment_checks.session_waits(opened, kind, LINK_OR_SECRET[shown], profile.account(account), people[opened.owner])


@then(phrase("the payment {kind:Kind} is waiting for payment, as its payment method requires"))
def session_waits_as_its_account(
    people: Personas, profile: Profile, opened: OpenedSession, placed: PlacedOrder, kind: str
) -> None:
    account = profile.account(placed.purchase.account)
    payment_checks.session_waits(opened, kind, None, account, people[opened.owner])


@then(phrase("{person:Person} finds the payment session by its order"))
@then(phrase("{person:Person} finds the newest payment session by its order"))
@then(phrase("{person:Person} finds the newest payment intent by its order"))
def session_is_found_by_order(people: Personas, person: str, opened: OpenedSession) -> None:
    payment_checks.session_of_order(opened.session, people[person].sessions_of(opened.order_id))


@then(phrase("{person:Person} finds the first payment session by its order"))
def first_session_is_found_by_order(people: Personas, person: str) -> None:
    first = next(iter(people.expected.sessions.values())).confirmed
    payment_checks.session_of_order(first.session, people[person].sessions_of(first.order_id))


@then(phrase("{person:Person} finds the payment session by its ID"))
def session_is_found_by_id(people: Personas, person: str, opened: OpenedSession) -> None:
    people[person].read_session(opened.session.id)  # compares the session with the expected state


@then("the order has the same checkout link")
def order_has_the_same_link(people: Personas, opened: OpenedSession, placed: PlacedOrder) -> None:
    order_checks.has_checkout_link_of(opened.session, people[placed.owner].read_order(placed.order.id))


@then("the order has no payment session")
def order_has_no_session(people: Personas, placed: PlacedOrder) -> None:
    payment_checks.no_session(lambda: people[placed.owner].sessions_of(placed.order.id))


@then(phrase("the payment session's status is {outcome:Outcome}"))
def session_is(people: Personas, opened: OpenedSession, outcome: str) -> None:
    payment_checks.session_became(outcome, people[opened.owner].read_session(opened.session.id))


@then(phrase("the order's status shows that the payment is {outcome:Outcome}"))
def has_status_for(people: Personas, profile: Profile, placed: PlacedOrder, outcome: str) -> None:
    order_checks.has_status_for(outcome, profile, people[placed.owner].read_order(placed.order.id))


@when(phrase("{person:Person} views the payment methods"), target_fixture="payment_methods")
def views_the_payment_methods(people: Personas, profile: Profile, person: str) -> OrderStorage:
    return people[person].client.orders.get_orders_storage_by_marker(profile.orders.storage)


@then(phrase("the payment methods include {first:Account} and {second:Account}"))
def payment_methods_include(profile: Profile, payment_methods: OrderStorage, first: str, second: str) -> None:
    payment_checks.offered({profile.account(first), profile.account(second)}, profile.orders, payment_methods)
