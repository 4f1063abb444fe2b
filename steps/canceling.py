"""Steps about canceling orders."""

from pytest_bdd import then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.domain import PlacedOrder, owned
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile
from steps.words import phrase


@when(phrase("{person:Person} cancels the order"))
def cancels(people: Personas, person: str, placed: PlacedOrder) -> None:
    # Like the vendor's demo (CancelOrderButton): it reads the order, and sends all of it back with another status. The
    # refused attempts below send only what was ordered: another customer cannot read the rest.
    people[person].cancel(placed, people[person].read_order(placed.order.id))


@when(phrase("{person:Person} tries to cancel the order"), target_fixture="refusal")
@when(phrase("{person:Person} tries to cancel {owner:Person}'s order"), target_fixture="refusal")
def tries_to_cancel(people: Personas, person: str, placed: PlacedOrder, owner: str = "") -> Refused:
    return people.refusal_of(person, lambda: people[person].cancel(owned(placed, owner)).order)


@when(phrase("{person:Person} tries to cancel the order without its other details"), target_fixture="refusal")
def tries_to_cancel_by_status_alone(people: Personas, person: str, placed: PlacedOrder) -> Refused:
    return people.refusal_of(person, lambda: people[person].cancel(placed, status_only=True).order)


@then("the order's status shows that it is canceled")
def is_canceled(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    order_checks.has_status_for("canceled", profile, people[placed.owner].read_order(placed.order.id))


@then("the order is marked as paid")
def is_paid(people: Personas, placed: PlacedOrder) -> None:
    order_checks.order_is_paid(people[placed.owner].read_order(placed.order.id))
