"""Steps about placing, reading and changing orders.

Each step that places an order has `account: str = FIRST_ACCOUNT`, even if no pattern of it has an account: live runs
read this default (`references_of` in live/preflight.py) to check the account before the first order.
"""

from collections.abc import Sequence

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.forms import Form
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.checks import sign_in as sign_in_checks
from oneentry_scenarios.shop.domain import (
    NO_SUCH_MARKER,
    Generate,
    Line,
    PlacedOrder,
    owned,
)
from oneentry_scenarios.shop.people import OWN_ORDER_ACTIONS, Personas
from oneentry_scenarios.shop.profile import FIRST_ACCOUNT, Profile
from steps.words import phrase


@given(
    phrase("{person:Person} has filled in the order form with a new name for the buyer"), target_fixture="buyer_names"
)
def fills_in_another_name(person: str, generated: Generate) -> dict[str, str]:
    return {person: generated("buyer", lambda fake: fake.name())}


@given(phrase("{person:Person} has filled in the order form with the name {name:Words}"), target_fixture="buyer_names")
def fills_in_a_name(person: str, name: str) -> dict[str, str]:
    return {person: name}


@given(
    phrase("{person:Person} has filled in the order form with a name of {length:Number} characters"),
    target_fixture="buyer_names",
)
def fills_in_a_long_name(person: str, length: int) -> dict[str, str]:
    return {person: ("Ada Lovelace " * length)[:length]}


@given(phrase("{person:Person} has ordered {quantity:Number} {product:Product}"), target_fixture="placed")
@when(phrase("{person:Person} orders {quantity:Number} {product:Product}"), target_fixture="placed")
@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product} with {account:Account}"),
    target_fixture="placed",
)
@when(
    phrase("{person:Person} orders {quantity:Number} {product:Product} with {account:Account}"),
    target_fixture="placed",
)
@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="placed",
)
@when(
    phrase("{person:Person} orders {quantity:Number} {product:Product} with {coupon:Coupon}"), target_fixture="placed"
)
def orders(
    people: Personas,
    person: str,
    quantity: int,
    product: str,
    account: str = FIRST_ACCOUNT,
    coupon: str | None = None,
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), coupon=coupon)


@given(phrase("{person:Person} has placed {times:Number} orders of {quantity:Number} {product:Product} each"))
def has_ordered_often(
    people: Personas, person: str, quantity: int, product: str, times: int, account: str = FIRST_ACCOUNT
) -> None:
    people[person].place_often(times, account, Line(product, quantity))


@when(phrase("{person:Person} orders:", columns=("Number", "Unquoted")), target_fixture="placed")
def orders_several(
    people: Personas, person: str, datatable: Sequence[Sequence[str]], account: str = FIRST_ACCOUNT
) -> PlacedOrder:
    return people[person].place(account, *(Line(product, int(quantity)) for quantity, product in datatable))


@when(
    phrase("{person:Person} orders {quantity:Number} {product:Product} with that order form"), target_fixture="placed"
)
def orders_for_buyer(
    people: Personas,
    person: str,
    buyer_names: dict[str, str],
    quantity: int,
    product: str,
    account: str = FIRST_ACCOUNT,
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), buyer_name=buyer_names[person])


@when(phrase("{person:Person} changes the order to {quantity:Number} {product:Product}"), target_fixture="placed")
@when(
    phrase("{person:Person} changes the newest order to {quantity:Number} {product:Product}"), target_fixture="placed"
)
def changes(people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str) -> PlacedOrder:
    return people[person].change(placed, Line(product, quantity))


@given(phrase("{person:Person} has viewed the order"))
def looks_at_the_order(people: Personas, person: str, placed: PlacedOrder) -> None:
    people[person].read_order(placed.order.id)  # also compares the order with the expected state


@given(phrase("{person:Person} has signed in, ordered {quantity:Number} {product:Product} and {action:OwnOrderAction}"))
def has_signed_in_ordered_and_acted(
    people: Personas,
    profile: Profile,
    person: str,
    quantity: int,
    product: str,
    action: str,
    account: str = FIRST_ACCOUNT,
) -> None:
    sign_in_checks.signed_in_as(people[person].identity, profile, people[person].sign_in())
    OWN_ORDER_ACTIONS[action](people[person], people[person].place(account, Line(product, quantity)))


@when(phrase("{person:Person} tries to order {quantity:AnyNumber} {product:Product}"), target_fixture="refusal")
@when(
    phrase("{person:Person} tries to order {quantity:AnyNumber} {product:Product} with {account:Account}"),
    target_fixture="refusal",
)
@when(
    phrase("{person:Person} tries to order {quantity:AnyNumber} {product:Product} with {coupon:Coupon}"),
    target_fixture="refusal",
)
def tries_to_order(
    people: Personas,
    person: str,
    quantity: float,
    product: str,
    account: str = FIRST_ACCOUNT,
    coupon: str | None = None,
) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), coupon=coupon)


@when(
    phrase(
        "{person:Person} orders {quantity:Number} {product:Product} in another order storage with {account:Account}"
    ),
    target_fixture="placed",
)
def orders_in_another_storage(
    people: Personas, profile: Profile, person: str, quantity: int, product: str, account: str
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), storage=profile.other_storage())


@when(phrase("{person:Person} places an order without products"), target_fixture="placed")
def orders_nothing(people: Personas, person: str, account: str = FIRST_ACCOUNT) -> PlacedOrder:
    return people[person].place(account)


@when(phrase("{person:Person} tries to place an order with a line that has no product ID"), target_fixture="refusal")
def tries_to_order_without_a_product(people: Personas, person: str, account: str = FIRST_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line("", 1))


@when(phrase("{person:Person} tries to order a product that does not exist"), target_fixture="refusal")
def tries_to_order_unknown_product(people: Personas, person: str, account: str = FIRST_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line(NO_SUCH_MARKER, 1))


@when(
    phrase("{person:Person} tries to order {quantity:Number} {product:Product} with an empty order form"),
    target_fixture="refusal",
)
def tries_to_order_with_an_empty_form(
    people: Personas, person: str, quantity: int, product: str, account: str = FIRST_ACCOUNT
) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), empty_form=True)


@when(
    phrase(
        "{person:Person} tries to order {quantity:Number} {product:Product} in an order storage that does not exist"
    ),
    target_fixture="refusal",
)
def tries_to_order_in_unknown_storage(
    people: Personas, person: str, quantity: int, product: str, account: str = FIRST_ACCOUNT
) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), storage=NO_SUCH_MARKER)


@when(phrase("{person:Person} tries to view {owner:Person}'s order"), target_fixture="refusal")
def tries_to_view(people: Personas, person: str, placed: PlacedOrder, owner: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].read_order(owned(placed, owner).order.id))


@when(
    phrase("{person:Person} tries to change the order to {quantity:Number} {product:Product}"), target_fixture="refusal"
)
@when(
    phrase("{person:Person} tries to change {owner:Person}'s order to {quantity:Number} {product:Product}"),
    target_fixture="refusal",
)
def tries_to_change(
    people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str, owner: str = ""
) -> Refused:
    line = Line(product, quantity)
    return people.refusal_of(person, lambda: people[person].change(owned(placed, owner), line).order)


@then("the order confirmation shows the ordered products, the payment method and the correct total")
@then("the order confirmation shows the buyer's name, the ordered products and the correct total")
@then("the order confirmation shows no products, the payment method and a total of zero")
@then("the confirmation of the change shows the new products, the payment method and the correct total")
def matches_the_purchase(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    order_checks.confirmation_and_order_match(placed, profile, people[placed.owner])


@then("the order confirmation shows the ordered products and the correct total")
def matches_the_purchase_elsewhere(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    order_checks.confirmation_matches(placed, profile, people[placed.owner])


@then(phrase("{person:Person} sees the order as it was confirmed"))
@then(phrase("{person:Person} sees the other order as it was confirmed"))
@then(phrase("{person:Person} sees the order as the change was confirmed"))
@then(phrase("the order shows the buyer's name exactly as {person:Person} entered it"))
def reads_back(people: Personas, person: str, placed: PlacedOrder) -> None:
    people[person].read_order(owned(placed, person).order.id)  # compares the order with the expected state


@then(phrase("the order shows {quantity:Number} {product:Product}"))
def shows_products(people: Personas, placed: PlacedOrder, quantity: int, product: str) -> None:
    shopper = people[placed.owner]
    order_checks.order_shows(Line(product, quantity), placed, shopper.read_order(placed.order.id), shopper)


@then(phrase("the order in the other order storage shows {quantity:Number} {product:Product}"))
def is_in_another_storage(people: Personas, profile: Profile, placed: PlacedOrder, quantity: int, product: str) -> None:
    shopper = people[placed.owner]
    stored = shopper.client.orders.get_order_by_marker_and_id(profile.other_storage(), placed.order.id)
    order_checks.order_shows(Line(product, quantity), placed, stored, shopper)


@then("the order's status is the shop's default order status")
def begins_in_the_default_status(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    shopper = people[placed.owner]
    statuses = shopper.client.orders.get_all_statuses_by_storage_marker(profile.orders.storage)
    order_checks.order_is_new(statuses, shopper.read_order(placed.order.id))


@when(phrase("{person:Person} opens the order form"), target_fixture="order_form")
def opens_the_order_form(people: Personas, profile: Profile, person: str) -> Form:
    return people[person].client.forms.get_form_by_marker(profile.orders.form)


@then("the order form has each field that the customer fills in, and requires no other field")
def form_asks(profile: Profile, order_form: Form) -> None:
    order_checks.form_asks(order_form, profile)
