"""Steps about refund requests."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import Listing, Refund
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.checks.compare import expect_confirmation
from oneentry_scenarios.shop.domain import Line, PlacedOrder, owned
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.simulator import Simulator
from steps.words import phrase


@given(
    phrase(
        "{person:Person} has signed in, ordered {quantity:Number} {product:Product} with {account:Account}, "
        "paid for it and requested a refund"
    )
)
def has_paid_and_requested_a_refund(
    people: Personas, simulator: Simulator, person: str, quantity: int, product: str, account: str
) -> None:
    people[person].sign_in()
    line = Line(product, quantity)
    own = people.place_and_settle(simulator, person, account, line, "completed")
    expect_confirmation(people[person].ask_for_refund(own, line))


@given(phrase("{person:Person} has requested a refund for {quantity:Number} {product:Product}"))
@when(phrase("{person:Person} requests a refund for {quantity:Number} {product:Product}"))
def requests_a_refund(people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str) -> None:
    expect_confirmation(people[person].ask_for_refund(placed, Line(product, quantity)))


@when(
    phrase("{person:Person} tries to request a refund for {quantity:Number} {product:Product}"),
    target_fixture="refusal",
)
@when(
    phrase(
        "{person:Person} tries to request a refund for {quantity:Number} {product:Product} of {owner:Person}'s order"
    ),
    target_fixture="refusal",
)
def tries_to_request_a_refund(
    people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str, owner: str = ""
) -> Refused:
    line = Line(product, quantity)
    return people.refusal_of(person, lambda: people[person].ask_for_refund(owned(placed, owner), line))


@given(phrase("{person:Person} has viewed the refund requests of the order"), target_fixture="refunds_before")
def views_the_refunds(people: Personas, person: str, placed: PlacedOrder) -> Listing[Refund]:
    return people[person].refunds_of(placed)


@when(phrase("{person:Person} withdraws the refund request"))
def withdraws(people: Personas, person: str, placed: PlacedOrder) -> None:
    expect_confirmation(people[person].withdraw_refund(placed))


@then(phrase("the order has a refund request for {quantity:Number} {product:Product}"))
def has_a_request(people: Personas, profile: Profile, placed: PlacedOrder, quantity: int, product: str) -> None:
    refunds = people[placed.owner].refunds_of(placed)
    order_checks.refund_requested(refunds, placed, Line(product, quantity), profile)


@then("the order has no open refund request")
def has_no_open_request(people: Personas, placed: PlacedOrder, refunds_before: Listing[Refund]) -> None:
    order_checks.refund_withdrawn(placed, refunds_before, people[placed.owner].refunds_of(placed))


@then("the order has no refund request")
def has_no_request(people: Personas, placed: PlacedOrder) -> None:
    order_checks.no_refund_requested(people[placed.owner].refunds_of(placed))
