"""Steps about placing, reading and changing orders."""

from collections.abc import Sequence

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.forms import Form
from oneentry_scenarios.shop.checks import lists as list_checks
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.checks import sign_in as sign_in_checks
from oneentry_scenarios.shop.domain import (
    NO_SUCH_MARKER,
    Generate,
    Line,
    PlacedOrder,
    Quote,
    TwoPages,
)
from oneentry_scenarios.shop.people import DEEDS, Personas
from oneentry_scenarios.shop.profile import ANY_ACCOUNT, Profile
from steps.words import phrase


@given("a buyer of any name", target_fixture="buyer")
def buyer_of_any_name(generated: Generate) -> str:
    return generated("buyer", lambda fake: fake.name())


@given(phrase("a buyer called {name:Words}"), target_fixture="buyer")
def buyer_called(name: str) -> str:
    return name


@given(phrase("a buyer with a name of {letters:Number} letters"), target_fixture="buyer")
def buyer_with_a_long_name(letters: int) -> str:
    return ("Ada Lovelace " * letters)[:letters]


@given(phrase("{person:Person} has ordered {quantity:Number} {product:Product}"), target_fixture="placed")
@when(phrase("{person:Person} orders {quantity:Number} {product:Product}"), target_fixture="placed")
@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
@when(
    phrase("{person:Person} orders {quantity:Number} {product:Product}, to be paid by {account:Account}"),
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
    account: str = ANY_ACCOUNT,
    coupon: str | None = None,
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), coupon=coupon)


@given(phrase("{person:Person} has ordered {quantity:Number} {product:Product} {times:Number} times"))
def has_ordered_often(
    people: Personas, person: str, quantity: int, product: str, times: int, account: str = ANY_ACCOUNT
) -> None:
    people[person].place_often(times, account, Line(product, quantity))


@when(phrase("{person:Person} orders:", columns=("Number", "Unquoted")), target_fixture="placed")
def orders_several(
    people: Personas, person: str, datatable: Sequence[Sequence[str]], account: str = ANY_ACCOUNT
) -> PlacedOrder:
    return people[person].place(account, *(Line(product, int(quantity)) for quantity, product in datatable))


@when(phrase("{person:Person} orders {quantity:Number} {product:Product} for the buyer"), target_fixture="placed")
def orders_for_buyer(
    people: Personas, person: str, buyer: str, quantity: int, product: str, account: str = ANY_ACCOUNT
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), buyer=buyer)


@when(phrase("{person:Person} changes the order to {quantity:Number} {product:Product}"), target_fixture="placed")
def changes(people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str) -> PlacedOrder:
    return people[person].change(placed, Line(product, quantity))


@when(phrase("{person:Person} turns the pages of the order history, {size:Number} orders each"), target_fixture="pages")
def turns_the_pages(people: Personas, person: str, size: int) -> TwoPages:
    return people[person].two_pages("orders", size)


@given(phrase("{person:Person} has looked at the order"))
def looks_at_the_order(people: Personas, person: str, placed: PlacedOrder) -> None:
    people[person].read(placed.order.id)


@given(phrase("{person:Person} has looked at the order history"))
def looks_at_the_history(people: Personas, person: str) -> None:
    people[person].look_at("orders")


@given(phrase("{person:Person} has signed in and can order {count:Number} {item:Product} and {deed:Deed}"))
def has_signed_in_and_can_order(
    people: Personas, profile: Profile, person: str, count: int, item: str, deed: str, account: str = ANY_ACCOUNT
) -> None:
    sign_in_checks.signed_in_as(people[person].person, profile, people[person].sign_in())
    DEEDS[deed](people[person], people[person].place(account, Line(item, count)))


@given(phrase("{person:Person} has asked what {quantity:Number} {product:Product} would cost"), target_fixture="quote")
@when(phrase("{person:Person} asks what {quantity:Number} {product:Product} would cost"), target_fixture="quote")
@given(
    phrase("{person:Person} has asked what {quantity:Number} {product:Product} would cost with {coupon:Coupon}"),
    target_fixture="quote",
)
@when(
    phrase("{person:Person} asks what {quantity:Number} {product:Product} would cost with {coupon:Coupon}"),
    target_fixture="quote",
)
def asks_for_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str | None = None) -> Quote:
    return people[person].preview(Line(product, quantity), coupon=coupon)


@when(
    phrase("{person:Person} tries to see the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="refusal",
)
def tries_to_see_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].preview(Line(product, quantity), coupon=coupon).preview)


@when(phrase("{person:Person} tries to order {quantity:OddQuantity} {product:Product}"), target_fixture="refusal")
@when(
    phrase("{person:Person} tries to order {quantity:OddQuantity} {product:Product}, to be paid by {account:Account}"),
    target_fixture="refusal",
)
@when(
    phrase("{person:Person} tries to order {quantity:OddQuantity} {product:Product} with {coupon:Coupon}"),
    target_fixture="refusal",
)
def tries_to_order(
    people: Personas,
    person: str,
    quantity: float,
    product: str,
    account: str = ANY_ACCOUNT,
    coupon: str | None = None,
) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), coupon=coupon)


@when(
    phrase("{person:Person} orders {count:Number} {item:Product} in another storage, to be paid by {account:Account}"),
    target_fixture="placed",
)
def orders_in_another_storage(
    people: Personas, profile: Profile, person: str, count: int, item: str, account: str
) -> PlacedOrder:
    return people[person].place(account, Line(item, count), storage=profile.other_storage())


@when(phrase("{person:Person} orders no products"), target_fixture="placed")
def orders_nothing(people: Personas, person: str, account: str = ANY_ACCOUNT) -> PlacedOrder:
    return people[person].place(account)


@when(phrase("{person:Person} tries to order without naming a product"), target_fixture="refusal")
def tries_to_order_without_a_product(people: Personas, person: str, account: str = ANY_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line("", 1))


@when(phrase("{person:Person} tries to order a product that does not exist"), target_fixture="refusal")
def tries_to_order_unknown_product(people: Personas, person: str, account: str = ANY_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line(NO_SUCH_MARKER, 1))


@when(phrase("{person:Person} tries to order {product:Product} with an empty form"), target_fixture="refusal")
def tries_to_order_with_an_empty_form(
    people: Personas, person: str, product: str, account: str = ANY_ACCOUNT
) -> Refused:
    return people.try_to_order(person, account, Line(product, 1), empty_form=True)


@when(
    phrase("{person:Person} tries to order {product:Product} in a storage that does not exist"),
    target_fixture="refusal",
)
def tries_to_order_in_unknown_storage(
    people: Personas, person: str, product: str, account: str = ANY_ACCOUNT
) -> Refused:
    return people.try_to_order(person, account, Line(product, 1), storage=NO_SUCH_MARKER)


@when(phrase("{person:Person} tries to read the order"), target_fixture="refusal")
def tries_to_read(people: Personas, person: str, placed: PlacedOrder) -> Refused:
    return people.refusal_of(person, lambda: people[person].read(placed.order.id))


@when(
    phrase("{person:Person} tries to change the order to {quantity:Number} {product:Product}"), target_fixture="refusal"
)
def tries_to_change(people: Personas, person: str, placed: PlacedOrder, quantity: int, product: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].change(placed, Line(product, quantity)).order)


@then("the order is confirmed as placed, at the price of its products")
def is_confirmed(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    order_checks.order_confirms(placed, profile, people[placed.owner])


@then("the order reads back as it was placed")
def reads_back(people: Personas, placed: PlacedOrder) -> None:
    people[placed.owner].read(placed.order.id)


@then(phrase("the order history of {person:Person} shows the order as it was placed"))
def history_shows(people: Personas, person: str, placed: PlacedOrder) -> None:
    list_checks.shows("orders", placed.order.id, people[person])


@then(phrase("the order history of {person:Person} does not show the order"))
def history_does_not_show(people: Personas, person: str, placed: PlacedOrder) -> None:
    list_checks.lacks("orders", placed.order.id, people[person])


@then("no order is on two pages")
@then("no payment session is on two pages")
def no_order_is_on_two_pages(people: Personas, pages: TwoPages) -> None:
    list_checks.pages_differ(pages, people[pages.owner], is_fresh=people.ledger.is_fresh)


@then(phrase("the two pages show {count:Number} orders together"))
def two_pages_show(pages: TwoPages, count: int) -> None:
    list_checks.show_together(pages, count)


@then("the order costs what was announced")
def costs_what_was_announced(profile: Profile, placed: PlacedOrder, quote: Quote) -> None:
    order_checks.costs_as_announced(placed.order, quote, profile)


@then("the coupon lowers it")
def coupon_lowers_it(quote: Quote) -> None:
    order_checks.coupon_lowers(quote)


@then("the price is that of the products")
def price_is_that_of_the_products(profile: Profile, quote: Quote) -> None:
    order_checks.quote_is_right(quote, profile)


@then("the order is in the status in which the shop's orders begin")
def begins_in_the_default_status(people: Personas, profile: Profile, placed: PlacedOrder) -> None:
    shopper = people[placed.owner]
    statuses = shopper.client.orders.get_all_statuses_by_storage_marker(profile.orders.storage)
    order_checks.order_is_new(statuses, shopper.read(placed.order.id))


@when(phrase("{person:Person} opens the order form"), target_fixture="order_form")
def opens_the_order_form(people: Personas, profile: Profile, person: str) -> Form:
    return people[person].client.forms.get_form_by_marker(profile.orders.form)


@then("the form asks for what an order needs")
def form_asks(profile: Profile, order_form: Form) -> None:
    order_checks.form_asks(order_form, profile)
