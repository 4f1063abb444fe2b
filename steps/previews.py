"""Steps about price previews and coupons."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import orders as order_checks
from oneentry_scenarios.shop.domain import Line, PlacedOrder, PreviewedPrice
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile
from steps.words import phrase


@given(
    phrase("{person:Person} has previewed the price of {quantity:Number} {product:Product}"),
    target_fixture="previewed",
)
@when(phrase("{person:Person} previews the price of {quantity:Number} {product:Product}"), target_fixture="previewed")
@given(
    phrase("{person:Person} has previewed the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="previewed",
)
@when(
    phrase("{person:Person} previews the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="previewed",
)
def previews_the_price(
    people: Personas, person: str, quantity: int, product: str, coupon: str | None = None
) -> PreviewedPrice:
    return people[person].preview(Line(product, quantity), coupon=coupon)


@when(
    phrase("{person:Person} tries to preview the price of {quantity:Number} {product:Product} with {coupon:Coupon}"),
    target_fixture="refusal",
)
def tries_to_preview_the_price(people: Personas, person: str, quantity: int, product: str, coupon: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].preview(Line(product, quantity), coupon=coupon).preview)


@then("the order's total is the previewed total")
@then("the order's total is the previewed total after the discount")
def costs_the_previewed_total(profile: Profile, placed: PlacedOrder, previewed: PreviewedPrice) -> None:
    order_checks.costs_as_previewed(placed.order, previewed, profile)


@then("the previewed total after the discount is lower than that sum")
def preview_is_discounted(profile: Profile, previewed: PreviewedPrice) -> None:
    order_checks.discounted(previewed.preview.total_sum_with_discount, previewed.preview, previewed.lines, profile)


@then("the order's total after the discount is lower than the sum of its product prices")
def order_is_discounted(profile: Profile, placed: PlacedOrder) -> None:
    order_checks.discounted(placed.order.total_sum, placed.order, placed.purchase.lines, profile)


@then("the preview shows the price of each product and their sum")
@then("the preview shows the price of each product and their sum before the discount")
def preview_shows_prices_and_sum(profile: Profile, previewed: PreviewedPrice) -> None:
    order_checks.preview_is_right(previewed, profile)
