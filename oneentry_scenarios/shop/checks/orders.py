"""What must hold between what was ordered, what the shop confirmed, and what it shows later."""

from dataclasses import dataclass
from decimal import Decimal

from oneentry_scenarios.api.models import Listing, Order, OrderStatus, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.shop.checks.compare import expect, expect_complete, expect_true
from oneentry_scenarios.shop.checks.sign_in import lifetime_of, signed_in_at
from oneentry_scenarios.shop.domain import Line, PlacedOrder, Quote
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.profile import Profile


@dataclass(frozen=True)
class Price:
    """An exact amount of money and its currency. 340 and 340.00 are equal."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """With at least two decimals."""
        amount = f"{self.amount:.2f}" if self.amount == round(self.amount, 2) else str(self.amount)
        return f"{amount} {self.currency}"


def order_confirms(placed: PlacedOrder, profile: Profile, sign_in: SignIn) -> None:
    """The confirmed order has what was asked for: form, account, products, exact total without discount, date."""
    purchase, order = placed.purchase, placed.order
    products = [(line.product_id, line.quantity) for line in order.products]
    fields = {
        "form": (profile.orders.form, order.form_identifier),
        "payment account": (profile.account(purchase.account), order.payment_account_identifier),
        "form fields": (_form(placed, profile), _filled_in(order)),
        "products": (_wanted(purchase.lines, profile), products),
        "price": (price_of(purchase.lines, profile), Price(order.total_sum, order.currency)),
    }
    expect("The confirmed order", order, fields)
    begin, end = lifetime_of(sign_in)
    claim = f"it was created while its buyer's sign-in was good, from {begin} to {end}"
    created = order.created_date
    expect_true("The confirmed order", order, {claim: (begin <= created <= end, created)})


def order_changed(before: Order, after: Order) -> None:
    """The changed order is the same order."""
    fields = {"order": (before.id, after.id), "created": (before.created_date, after.created_date)}
    expect("The changed order", after, fields)


def order_reads(placed: PlacedOrder, profile: Profile, stored: StoredOrder) -> None:
    """The order that is read back is the one that was confirmed, each product at its price."""
    lines, order = placed.purchase.lines, placed.order
    fields = {
        "order": (order.id, stored.id),
        "created": (order.created_date, stored.created_date),
        "form": (order.form_identifier, stored.form_identifier),
        "payment account": (order.payment_account_identifier, stored.payment_account_identifier),
        "form fields": (_form(placed, profile), _filled_in(stored)),
        "products": (_wanted(lines, profile), [(product.id, product.quantity) for product in stored.products]),
        "prices of the products": (_prices(lines, profile), [product.price for product in stored.products]),
        "total": (price_of(lines, profile).amount, stored.total_sum),
    }
    expect("The order that is read back", stored, fields)
    # Documented: the currency of an order that is read is often empty.
    if stored.currency:
        expect("The order that is read back", stored, {"currency": (order.currency, stored.currency)})


def price_of(lines: tuple[Line, ...], profile: Profile) -> Price:
    """What products cost according to the profile, without a discount."""
    products = [(profile.product(line.product), line.quantity) for line in lines]
    total = sum((product.price * int(quantity) for product, quantity in products), Decimal())
    return Price(total, products[0][0].currency)


def history_shows(placed: PlacedOrder, profile: Profile, history: PagedResult[StoredOrder]) -> None:
    """The order is in the history once, as it was placed, and no other was placed with it: ids only grow."""
    expect_complete("orders", history)
    id_ = placed.order.id
    later = [stored.id for stored in history if stored.id >= id_]
    expect("The order history", history, {"this and later orders": ([id_], later)})
    order_reads(placed, profile, history.with_id(id_)[0])


def history_lacks(placed: PlacedOrder, history: PagedResult[StoredOrder]) -> None:
    """The order is not in the history."""
    expect("The order history", history, {"entries of another's order": (0, len(history.with_id(placed.order.id)))})
    expect_complete("orders", history)


def no_orders_since(sign_in: SignIn, history: PagedResult[StoredOrder]) -> None:
    """The history has no order that was created after this sign-in."""
    begin = signed_in_at(sign_in)
    since = [stored.id for stored in history if stored.created_date >= begin]
    expect("The order history", history, {"orders since signing in": ([], since)})
    expect_complete("orders", history)


def quote_is_right(quote: Quote, profile: Profile) -> None:
    """The quote has the prices and the total of the profile; discounts only reduce it."""
    preview = quote.preview
    fields = {
        "price": (price_of(quote.lines, profile), Price(preview.total_sum, preview.currency)),
        "products": (_wanted(quote.lines, profile), [(line.id, line.quantity) for line in preview.order_preview]),
        "prices of the products": (_prices(quote.lines, profile), [line.price for line in preview.order_preview]),
    }
    expect("The preview", preview, fields)
    total, discounted, due = preview.total_sum, preview.total_sum_with_discount, preview.total_due
    claims = {
        f"the total with discount is at most the total, {total}": (discounted <= total, discounted),
        f"what is due is at most the total with discount, {discounted}": (due <= discounted, due),
    }
    expect_true("The preview", preview, claims)


def order_is_new(statuses: Listing[OrderStatus], stored: StoredOrder) -> None:
    """The order is in the default status, of which its axis has exactly one, and is not paid."""
    axes = {status.identifier: (status.model_extra or {}).get("axis") for status in statuses}
    axis = axes.get(stored.status_identifier or "", "order")
    defaults = [each.identifier for each in statuses if each.is_default and axes[each.identifier] in (axis, None)]
    expect("The list of order statuses", statuses, {"default statuses": (1, len(defaults))})
    expect("The order", stored, {"status": (defaults[0], stored.status_identifier)})
    claim = "it is not completed (isCompleted)"
    expect_true("The order", stored, {claim: (not stored.is_completed, stored.is_completed)})


def order_leads_to(session: PaymentSession, stored: StoredOrder) -> None:
    """The order shows the checkout link of its last session (observed)."""
    expect("The order", stored, {"checkout link": (session.payment_url, stored.payment_url)})


def order_follows(outcome: str, profile: Profile, stored: StoredOrder) -> None:
    """The order is in the status that the profile has for this outcome of a payment."""
    expect("The order", stored, {"status": (profile.order_status(outcome), stored.status_identifier)})
    # Observed: a paid card order is completed, an unpaid one is not.
    expect("The order", stored, {"completed": (outcome == "completed", stored.is_completed)})


def _wanted(lines: tuple[Line, ...], profile: Profile) -> list[tuple[int, float]]:
    return [(profile.product(line.product).id, line.quantity) for line in lines]


def _prices(lines: tuple[Line, ...], profile: Profile) -> list[Decimal]:
    return [profile.product(line.product).price for line in lines]


def _form(placed: PlacedOrder, profile: Profile) -> list[tuple[str, str, object]]:
    fields: list[tuple[str, str, object]] = [("string", profile.orders.name_field, placed.purchase.buyer)]
    if placed.run_mark is not None:
        fields.append(("string", profile.orders.run_mark_field or "", placed.run_mark))
    return fields


def _filled_in(order: Order | StoredOrder) -> list[tuple[str, str, object]]:
    return [(field.type, field.marker, field.value) for field in order.form_data]
