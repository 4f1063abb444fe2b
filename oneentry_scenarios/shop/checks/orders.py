"""Checks of orders: requested, confirmed, and as the shop shows them later."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from oneentry_scenarios.api.errors import OneEntryError
from oneentry_scenarios.api.forms import Form
from oneentry_scenarios.api.models import Listing, Order, OrderStatus, PaymentSession, Refund, SignIn, StoredOrder
from oneentry_scenarios.shop.checks.compare import INCONCLUSIVE, HasOperation, expect, skip_inconclusive
from oneentry_scenarios.shop.checks.sign_in import lifetime_of, reveals_no_password
from oneentry_scenarios.shop.domain import Line, PlacedOrder, PreviewedPrice
from oneentry_scenarios.shop.entries import IdAndQuantity, filled_in, ids_and_quantities, with_products
from oneentry_scenarios.shop.profile import Profile, money
from oneentry_scenarios.shop.shopper import Shopper

#: Tolerated difference between the clocks of a shop's orders, payment sessions and sign-ins.
CLOCKS_MAY_DIFFER = timedelta(minutes=1)


class Price(NamedTuple):
    """An exact amount of money and its currency. 340 and 340.00 are equal."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{money(self.amount)} {self.currency}"


def confirmation_matches(placed: PlacedOrder, profile: Profile, shopper: Shopper) -> None:
    """Check that the order confirms form, products and exact total, and account and currency if it has them.

    A total that differs from the profile's prices must equal the total of the shop's own preview.
    """
    order = placed.order
    products = [IdAndQuantity(line.product_id, line.quantity) for line in order.products]
    price = _expected_price(placed, profile, shopper)
    account = profile.account(placed.purchase.account)
    fields = {
        "form": (profile.orders.form, order.form_identifier),
        "payment account": (account, order.payment_account_identifier or account),
        "form fields": (placed.purchase.form, filled_in(order)),
        "products": (ids_and_quantities(placed.purchase.lines, profile), products),
        "total": (price, Price(order.total_sum, (order.currency or price.currency).upper())),
    }
    expect("The confirmed order", order, fields)
    reveals_no_password("The confirmed order", order, shopper.identity)
    _expect_within(placed.sign_in, order.created_date, order)


def confirmation_and_order_match(placed: PlacedOrder, profile: Profile, shopper: Shopper) -> None:
    """Check like `confirmation_matches`. If it lacks account, currency or date, read the order to check them."""
    confirmation_matches(placed, profile, shopper)
    order = placed.order
    if not (order.payment_account_identifier and order.currency and order.created_date):
        stored = shopper.read_order(order.id)
        _expect_within(placed.sign_in, stored.created_date, order)


def _expected_price(placed: PlacedOrder, profile: Profile, shopper: Shopper) -> Price:
    """Return the profile's price; if the total differs, return the price of the shop's own preview, if any."""
    price, total = price_of(placed.purchase.lines, profile), placed.order.total_sum
    if total == price.amount:
        return price
    try:
        preview = shopper.preview(*placed.purchase.lines, coupon=placed.purchase.coupon).preview
    except (OneEntryError, AssertionError):  # not permitted in this shop, or not in the cassette of a full price
        return price
    if preview.total_sum != price.amount:  # a discount reduces the profile's price
        return price
    return price._replace(amount=total if total == preview.total_due else preview.total_sum_with_discount)


def price_of(lines: tuple[Line, ...], profile: Profile) -> Price:
    """Return what products cost according to the profile, without a discount."""
    products = with_products(lines, profile)
    total = sum((product.price * int(quantity) for product, quantity in products), Decimal())
    known = [product for product, _ in products] or [*profile.products.values()]
    return Price(total, known[0].currency.upper() if known else "")


def preview_is_right(previewed: PreviewedPrice, profile: Profile) -> None:
    """Check that the preview has the profile's prices and total, and that discounts only reduce the total."""
    preview, price = previewed.preview, price_of(previewed.lines, profile)
    prices = [product.price for product, _ in with_products(previewed.lines, profile)]
    products = [IdAndQuantity(each.id, each.quantity) for each in preview.order_preview]
    fields = {
        "price": (price, Price(preview.total_sum, (preview.currency or price.currency).upper())),
        "products": (ids_and_quantities(previewed.lines, profile), products),
        "prices of the products": (prices, [line.price for line in preview.order_preview]),
    }
    total, discounted, due = preview.total_sum, preview.total_sum_with_discount, preview.total_due
    conditions = {
        f"the total with discount is at most the total, {total}": (discounted <= total, discounted),
        f"the amount due is at most the total with discount, {discounted}": (due <= discounted, due),
    }
    expect("The preview", preview, fields, conditions)


def costs_as_previewed(order: Order, previewed: PreviewedPrice, profile: Profile) -> None:
    """Check that the order has the currency of a correct preview, and its amount due or total with discounts."""
    preview_is_right(previewed, profile)
    preview = previewed.preview
    totals = preview.total_due, preview.total_sum_with_discount
    condition = f"its total is {' or '.join(map(str, dict.fromkeys(totals)))}, as announced"
    fields = {"currency": ((preview.currency or order.currency).upper(), (order.currency or preview.currency).upper())}
    expect("The confirmed order", order, fields, {condition: (order.total_sum in totals, order.total_sum)})


def discounted(total: Decimal, response: HasOperation, lines: tuple[Line, ...], profile: Profile) -> None:
    """Check that a total of the response is less than what the products cost without a discount."""
    full = price_of(lines, profile).amount
    condition = f"the total with discount is less than the total, {full}"
    expect("The price", response, conditions={condition: (total < full, total)})


def order_is_paid(stored: StoredOrder) -> None:
    """Check that the order is completed (observed: `isCompleted` of a paid order is true)."""
    expect("The order", stored, {"completed (isCompleted)": (True, stored.is_completed)})


def order_is_new(statuses: Listing[OrderStatus], stored: StoredOrder) -> None:
    """Check that the order is unpaid and in a default status, of which each axis of statuses has exactly one."""
    axes = [*dict.fromkeys(each.axis for each in statuses)] or [None]  # in the order of the response
    defaults = [each for each in statuses if each.is_default]
    count = Counter(each.axis for each in defaults)
    fields: dict[str, tuple[object, object]] = {
        f"default statuses of the axis {axis}" if axis else "default statuses": (1, count[axis]) for axis in axes
    }
    fields["statuses without an axis"] = 0, sum(not each.axis for each in statuses) if any(axes) else 0
    expect("The list of order statuses", statuses, fields)
    known, status = [each.identifier for each in defaults], stored.status_identifier
    conditions = {
        f"its status is a default status, {' or '.join(known)}": (status in known, status),
        "it is not completed (isCompleted)": (not stored.is_completed, stored.is_completed),
    }
    expect("The order", stored, conditions=conditions)


def order_shows(line: Line, placed: PlacedOrder, stored: StoredOrder, shopper: Shopper) -> None:
    """Check that an order as read is as requested and confirmed, with only the product of `line`."""
    expected = shopper.expected
    fields = expected.compare_and_learn(expected.orders.get(placed.order.id) or expected.new_order(placed), stored)
    fields["products"] = ids_and_quantities((line,), expected.profile), fields["products"][1]
    expect("The order as read", stored, fields)


def has_checkout_link_of(session: PaymentSession, stored: StoredOrder) -> None:
    """Check that the order has the checkout link of its last session (observed); skip without that field (2025)."""
    if "payment_url" not in stored.model_fields_set:
        skip_inconclusive(INCONCLUSIVE["no_checkout_link"])
    expect("The order", stored, {"checkout link": (session.payment_url, stored.payment_url)})


def has_status_for(outcome: str, profile: Profile, stored: StoredOrder) -> None:
    """Check that the order has the profile's status for this outcome of a payment."""
    expect("The order", stored, {"status": (profile.order_status(outcome), stored.status_identifier)})


def form_asks(form: Form, profile: Profile) -> None:
    """Check that the order form has the fields that orders fill in, with their types, and requires no others."""
    types, others = profile.orders.compare_types(form.attributes), profile.orders.not_filled_in(form.attributes)
    fields: dict[str, tuple[object, object]] = {
        "marker": (profile.orders.form, form.identifier),
        **{f"type of {marker}": (filled, asked or "no such field") for marker, (filled, asked) in types.items()},
        "other required fields": ([], [each.marker for each in others]),
    }
    expect("The order form", form, fields)


def refund_requested(refunds: Listing[Refund], placed: PlacedOrder, line: Line, profile: Profile) -> None:
    """Check that the order has one refund request, for this quantity; the amount is the price, perhaps in cents."""
    expect("The list of refund requests", refunds, {"refund requests": (1, len(refunds))})
    [refund] = refunds
    price = profile.product(line.product).price * int(line.quantity)
    products = {str(id_): quantity for id_, quantity in ids_and_quantities((line,), profile)}
    fields = {
        "order": (placed.order.id, refund.order_id),
        "products": (products, {id_: each.quantity for id_, each in refund.products.items()}),
    }
    condition = f"its amount is the price of the products, {price}"
    expect("The refund request", refund, fields, {condition: (refund.amount in (price, 100 * price), refund.amount)})


def refund_withdrawn(placed: PlacedOrder, before: Listing[Refund], now: Listing[Refund]) -> None:
    """Check that each refund request of the order was removed, or has another status than before."""
    open_before = {each.id: each.status for each in before}
    still = [each.id for each in now if open_before.get(each.id) == each.status]
    of_others = [each.id for each in (*before, *now) if each.order_id != placed.order.id]
    fields: dict[str, tuple[object, object]] = {
        "requests before the withdrawal": (1, len(before)),
        "requests of other orders": ([], of_others),
    }
    expect("The list of refund requests", now, {**fields, "requests that are still open": ([], still)})


def no_refund_requested(refunds: Listing[Refund]) -> None:
    """Check that the order has no refund request."""
    expect("The list of refund requests", refunds, {"refund requests": ([], [each.id for each in refunds])})


def _expect_within(sign_in: SignIn | None, created: datetime | None, order: Order) -> None:
    """Check that the order was created while its buyer's sign-in was valid, within the clock tolerance."""
    if created is None or sign_in is None:
        return
    begin, end = lifetime_of(sign_in)
    off, where = max((begin - created, "behind"), (created - end, "ahead of"), (timedelta(), ""))
    condition = f"it was created while its buyer's sign-in was valid, from {begin} to {end}, or within a minute of that"
    found = f"{created}: the clock for orders is {off} {where} the clock for sign-ins"
    expect("The confirmed order", order, conditions={condition: (off <= CLOCKS_MAY_DIFFER, found)})
