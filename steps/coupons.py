"""Steps about coupons."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.domain import NO_SUCH_MARKER, Line, PlacedOrder, Quote
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import ANY_ACCOUNT
from steps.words import phrase


@given(
    phrase("{person:Person} has asked what {count:Number} {item:Product} would cost with the coupon {coupon:Coupon}"),
    target_fixture="quote",
)
@when(
    phrase("{person:Person} asks what {count:Number} {item:Product} would cost with the coupon {coupon:Coupon}"),
    target_fixture="quote",
)
def asks_for_the_price(people: Personas, person: str, count: int, item: str, coupon: str) -> Quote:
    return people[person].preview(Line(item, count), coupon=coupon)


@given(
    phrase("{person:Person} has ordered {quantity:Number} {product:Product} with the coupon {coupon:Coupon}"),
    target_fixture="placed",
)
@when(
    phrase("{person:Person} orders {quantity:Number} {product:Product} with the coupon {coupon:Coupon}"),
    target_fixture="placed",
)
def orders(
    people: Personas, person: str, quantity: int, product: str, coupon: str, account: str = ANY_ACCOUNT
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), coupon=coupon)


@when(
    phrase("{person:Person} tries to see the price of {count:Number} {item:Product} with a coupon that does not exist"),
    target_fixture="refusal",
)
def tries_to_see_the_price(people: Personas, person: str, count: int, item: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].preview(Line(item, count), coupon=NO_SUCH_MARKER).preview)


@when(
    phrase("{person:Person} tries to order {quantity:Number} {product:Product} with a coupon that does not exist"),
    target_fixture="refusal",
)
def tries_to_order(people: Personas, person: str, quantity: int, product: str, account: str = ANY_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), coupon=NO_SUCH_MARKER)


@then("the coupon lowers it")
def coupon_lowers_it(quote: Quote) -> None:
    order_checks.coupon_lowers(quote)
