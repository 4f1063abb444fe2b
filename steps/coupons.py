"""Steps about coupons."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.domain import NO_SUCH_MARKER, Line, PlacedOrder, Quote
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import ANY_ACCOUNT
from steps.words import phrase

_ASKS = "{quantity:Number} {product:Product} would cost with the coupon {coupon:Coupon}"
_ORDERS = "{quantity:Number} {product:Product} with the coupon {coupon:Coupon}"


@given(phrase(f"{{person:Person}} has asked what {_ASKS}"), target_fixture="quote")
@when(phrase(f"{{person:Person}} asks what {_ASKS}"), target_fixture="quote")
def asks_for_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str) -> Quote:
    return people[person].preview(Line(product, quantity), coupon=coupon)


@given(phrase(f"{{person:Person}} has ordered {_ORDERS}"), target_fixture="placed")
@when(phrase(f"{{person:Person}} orders {_ORDERS}"), target_fixture="placed")
def orders(
    people: Personas, person: str, quantity: int, product: str, coupon: str, account: str = ANY_ACCOUNT
) -> PlacedOrder:
    return people[person].place(account, Line(product, quantity), coupon=coupon)


@when(
    phrase(
        "{person:Person} tries to ask for the price of {quantity:Number} {product:Product} "
        "with a coupon that does not exist"
    ),
    target_fixture="refusal",
)
def tries_an_unknown_coupon(people: Personas, person: str, quantity: int, product: str) -> Refused:
    return people.refusal_of(
        person, lambda: people[person].preview(Line(product, quantity), coupon=NO_SUCH_MARKER).preview
    )


@when(
    phrase("{person:Person} tries to order {quantity:Number} {product:Product} with a coupon that does not exist"),
    target_fixture="refusal",
)
def tries_to_order(people: Personas, person: str, quantity: int, product: str, account: str = ANY_ACCOUNT) -> Refused:
    return people.try_to_order(person, account, Line(product, quantity), coupon=NO_SUCH_MARKER)


@then("the coupon lowers it")
def coupon_lowers_it(quote: Quote) -> None:
    order_checks.coupon_lowers(quote)
