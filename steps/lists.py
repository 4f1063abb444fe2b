"""Steps about lists: the order history and the list of payment sessions."""

from pytest_bdd import given, then, when

from oneentry_scenarios.shop.checks import lists as list_checks
from oneentry_scenarios.shop.domain import OpenedSession, PlacedOrder, TwoPages, owned
from oneentry_scenarios.shop.people import Personas
from steps.words import phrase


@given(phrase("{person:Person} has viewed the order history"))
def looks_at_the_history(people: Personas, person: str) -> None:
    people[person].look_at("orders")


@given(phrase("{person:Person} has viewed the list of payment sessions"))
def looks_at_the_list(people: Personas, person: str) -> None:
    people[person].look_at("payment sessions")


@when(phrase("{person:Person} pages through the order history, {size:Number} per page"), target_fixture="pages")
def pages_through_orders(people: Personas, person: str, size: int) -> TwoPages:
    return people[person].two_pages("orders", size)


@when(
    phrase("{person:Person} pages through the list of payment sessions, {size:Number} per page"),
    target_fixture="pages",
)
def pages_through_sessions(people: Personas, person: str, size: int) -> TwoPages:
    return people[person].two_pages("payment sessions", size)


@then(phrase("{person:Person}'s order history shows the order"))
def history_shows(people: Personas, person: str, placed: PlacedOrder) -> None:
    list_checks.shows("orders", placed.order.id, people[person])


@then(phrase("{person:Person}'s order history does not show the order"))
@then(phrase("{person:Person}'s order history does not show {owner:Person}'s order"))
def history_does_not_show(people: Personas, person: str, placed: PlacedOrder, owner: str = "") -> None:
    list_checks.lacks("orders", owned(placed, owner).order.id, people[person])


@then("the second page has the next orders and repeats none")
@then("the second page has the next payment sessions and repeats none")
def no_order_is_on_two_pages(people: Personas, pages: TwoPages) -> None:
    list_checks.pages_differ(pages, people[pages.owner], is_mock_shop=people.expected.is_mock_shop)


@then(phrase("the two pages show the {count:Number} newest orders"))
def two_pages_show(people: Personas, pages: TwoPages, count: int) -> None:
    list_checks.show_together(pages, sorted(people.expected.orders)[-count:])


@then(phrase("{person:Person}'s list of payment sessions shows the payment session"))
def session_is_listed(people: Personas, person: str, opened: OpenedSession) -> None:
    list_checks.shows("payment sessions", opened.session.id, people[person])


@then(phrase("{person:Person}'s list of payment sessions does not show {owner:Person}'s payment session"))
def session_is_not_listed(people: Personas, person: str, opened: OpenedSession, owner: str) -> None:
    list_checks.lacks("payment sessions", owned(opened, owner).session.id, people[person])
