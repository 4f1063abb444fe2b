"""Steps about price previews and coupons."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.domain import Line, PlacedOrder, Quote
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile
from steps.words import phrase


@given(phrase("{person:Person} has previewed the price of {quantity:Number} {product:Product}"), target_fixture="quote")
@when(phrase("{person:Person} previews the price of {quantity:Number} {product:Product}"), target_fixture="quote")
@given(
    phrase("{person:Person} has previewed the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="quote",
)
@when(
    phrase("{person:Person} previews the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="quote",
)
def previews_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str | None = None) -> Quote:
    return people[person].preview(Line(product, quantity), coupon=coupon)


@when(
    phrase("{person:Person} tries to preview the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="refusal",
)
def tries_to_preview_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].preview(Line(product, quantity), coupon=coupon).preview)


@then("the order's total is the previewed total")
def costs_the_previewed_total(profile: Profile, placed: PlacedOrder, quote: Quote) -> None:
    order_checks.costs_as_announced(placed.order, quote, profile)


@then("the coupon lowers the previewed total")
def coupon_lowers_the_total(quote: Quote) -> None:
    order_checks.coupon_lowers(quote)


@then("the preview shows the price of each product and their sum")
def preview_shows_prices_and_sum(profile: Profile, quote: Quote) -> None:
    order_checks.quote_is_right(quote, profile)
