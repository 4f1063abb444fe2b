"""Steps about placing, reading and changing orders."""

from collections.abc import Callable, Sequence

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import OrderPreview, SignIn
from oneentry_scenarios.shop import checks
from oneentry_scenarios.shop.people import Cast
from oneentry_scenarios.shop.shop import NO_SUCH_MARKER, Line, PlacedOrder, Purchase, refusal_of
from steps.words import phrase


@given("a buyer of any name", target_fixture="buyer")
def buyer_of_any_name(generated: Callable[..., str]) -> str:
    return generated("buyer", lambda fake: fake.name())


@given(phrase("a buyer called {name:Words}"), target_fixture="buyer")
def buyer_called(name: str) -> str:
    return name


@given(phrase("a buyer with a name of {number:Number} letters"), target_fixture="buyer")
def buyer_with_a_long_name(number: int) -> str:
    return ("Ada Lovelace " * number)[:number]


@given(
    phrase("{person:Person} has ordered {number:Number} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
@when(
    phrase("{person:Person} orders {number:Number} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
def orders(people: Cast, person: str, number: int, product: str, account: str) -> PlacedOrder:
    shop = people[person]
    return shop.place(Purchase(shop.person.buyer, account, (Line(product, number),)))


@when(phrase("{person:Person} orders, to be paid by {account:Account}:"), target_fixture="placed")
def orders_several(people: Cast, person: str, account: str, datatable: Sequence[Sequence[str]]) -> PlacedOrder:
    lines = tuple(Line(product, int(quantity)) for quantity, product in datatable)
    return people[person].place(Purchase(people[person].person.buyer, account, lines))


@when(
    phrase("the buyer orders {number:Number} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
def buyer_orders(people: Cast, buyer: str, number: int, product: str, account: str) -> PlacedOrder:
    return people["Christina"].place(Purchase(buyer, account, (Line(product, number),)))


@when(phrase("{person:Person} changes the order to {number:Number} {product:Product}"), target_fixture="placed")
def changes(people: Cast, person: str, placed: PlacedOrder, number: int, product: str) -> PlacedOrder:
    return people[person].change(placed, placed.purchase.with_lines(Line(product, number)))


@when(phrase("{person:Person} asks what {number:Number} {product:Product} would cost"), target_fixture="quoted")
def asks_for_the_price(people: Cast, person: str, number: int, product: str) -> tuple[Purchase, OrderPreview]:
    purchase = Purchase(people[person].person.buyer, "cash", (Line(product, number),))
    return purchase, people[person].preview(purchase)


@when(
    phrase("{person:Person} tries to order {quantity:OddQuantity} {product:Product}, to be paid by {account:Account}"),
    target_fixture="refusal",
)
def tries_to_order(people: Cast, person: str, quantity: float, product: str, account: str) -> Refused:
    shop = people[person]
    return refusal_of(lambda: shop.place(Purchase(shop.person.buyer, account, (Line(product, quantity),))))


@when(phrase("{person:Person} tries to order a product that does not exist"), target_fixture="refusal")
def tries_to_order_unknown_product(people: Cast, person: str) -> Refused:
    shop = people[person]
    return refusal_of(lambda: shop.place(Purchase(shop.person.buyer, "cash", (Line(None, 1),))))


@when(phrase("{person:Person} tries to order {product:Product} with an empty form"), target_fixture="refusal")
def tries_to_order_with_an_empty_form(people: Cast, person: str, product: str) -> Refused:
    return refusal_of(lambda: people[person].place(Purchase("", "cash", (Line(product, 1),)), empty_form=True))


@when(
    phrase("{person:Person} tries to order {product:Product} in a storage that does not exist"),
    target_fixture="refusal",
)
def tries_to_order_in_unknown_storage(people: Cast, person: str, product: str) -> Refused:
    purchase = Purchase(people[person].person.buyer, "cash", (Line(product, 1),))
    return refusal_of(lambda: people[person].place(purchase, storage=NO_SUCH_MARKER))


@when(phrase("{person:Person} tries to read the order"), target_fixture="refusal")
def tries_to_read(people: Cast, person: str, placed: PlacedOrder) -> Refused:
    return refusal_of(lambda: people[person].read(placed.order.id))


@when(
    phrase("{person:Person} tries to change the order to {number:Number} {product:Product}"), target_fixture="refusal"
)
def tries_to_change(people: Cast, person: str, placed: PlacedOrder, number: int, product: str) -> Refused:
    return refusal_of(lambda: people[person].change(placed, placed.purchase.with_lines(Line(product, number))))


@then("the order is confirmed as placed, at the price of its products")
def is_confirmed(people: Cast, placed: PlacedOrder, sign_in: SignIn) -> None:
    checks.order_confirms(placed, people["Christina"].profile, sign_in)


@then("the order reads back as it was placed")
def reads_back(people: Cast, placed: PlacedOrder) -> None:
    shop = people["Christina"]
    checks.order_reads(placed, shop.profile, shop.read(placed.order.id))


@then(phrase("the order history of {person:Person} shows the order as it was placed"))
def history_shows(people: Cast, person: str, placed: PlacedOrder) -> None:
    checks.history_shows(placed, people[person].profile, people[person].history(placed.order.id))


@then(phrase("the order history of {person:Person} does not show the order"))
def history_does_not_show(people: Cast, person: str, placed: PlacedOrder) -> None:
    checks.history_lacks(placed, people[person].history(placed.order.id))


@then("the price is that of the products")
def price_is_that_of_the_products(people: Cast, quoted: tuple[Purchase, OrderPreview]) -> None:
    checks.preview_costs(quoted[0], people["Christina"].profile, quoted[1])


@then("the order is in the status in which the shop's orders begin")
def begins_in_the_default_status(people: Cast, placed: PlacedOrder) -> None:
    shop = people["Christina"]
    checks.order_is_new(shop.default_status(), shop.read(placed.order.id))


@then("nothing was ordered")
def nothing_was_ordered(people: Cast, sign_in: SignIn) -> None:
    checks.nothing_since(sign_in, people["Christina"].history())
