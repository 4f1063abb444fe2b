"""What must hold between what was wanted, what the shop confirmed, and what it shows later."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from oneentry_scenarios.shop.checks.compare import expect, expect_true
from oneentry_scenarios.shop.checks.sign_in import lifetime_of, signed_in_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oneentry_scenarios.api.models import Order, OrderPreview, PaymentSession, SignIn, StoredOrder
    from oneentry_scenarios.shop.paging import Listed
    from oneentry_scenarios.shop.profile import Profile
    from oneentry_scenarios.shop.shop import PlacedOrder, Purchase


@dataclass(frozen=True)
class Price:
    """An amount of money, exact, and its currency. 340 and 340.00 are the same amount."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """With two decimals at least, as people write it."""
        return (
            f"{self.amount:.2f} {self.currency}"
            if self.amount == round(self.amount, 2)
            else f"{self.amount} {self.currency}"
        )

    __repr__ = __str__


def order_confirms(placed: PlacedOrder, profile: Profile, sign_in: SignIn) -> None:
    """The confirmed order is what was asked for: form, account, lines, currency, the exact undiscounted total, date."""
    purchase, order = placed.purchase, placed.order
    price = price_of(purchase, profile)
    expect(
        "The confirmed order",
        order.operation,
        {
            "form": profile.orders.form,
            "payment account": profile.account(purchase.account),
            "form fields": _form(placed, profile),
            "products": _wanted(purchase, profile),
            "price": price,
        },
        {
            "form": order.form_identifier,
            "payment account": order.payment_account_identifier,
            "form fields": _filled_in(order),
            "products": [(line.product_id, line.quantity) for line in order.products],
            "price": Price(order.total_sum, order.currency),
        },
    )
    begin, end = lifetime_of(sign_in)
    claim = f"it was created while its buyer's sign-in was good, from {begin} to {end}"
    created = order.created_date
    expect_true("The confirmed order", order.operation, {claim: (begin <= created <= end, created)})


def order_changed(before: Order, after: Order) -> None:
    """A changed order is still the same order."""
    expect(
        "The changed order",
        after.operation,
        {"order": before.id, "created": before.created_date},
        {"order": after.id, "created": after.created_date},
    )


def order_reads(placed: PlacedOrder, profile: Profile, stored: StoredOrder) -> None:
    """What is read back is what was confirmed and wanted, each product at its price."""
    purchase, order = placed.purchase, placed.order
    prices = {product.id: product.price for product in profile.products.values()}
    expect(
        "The order that is read back",
        stored.operation,
        {
            "order": order.id,
            "created": order.created_date,
            "form": order.form_identifier,
            "payment account": order.payment_account_identifier,
            "form fields": _form(placed, profile),
            "products": _wanted(purchase, profile),
            "prices of the products": [prices[product_id] for product_id, _ in _wanted(purchase, profile)],
            "total": price_of(purchase, profile).amount,
        },
        {
            "order": stored.id,
            "created": stored.created_date,
            "form": stored.form_identifier,
            "payment account": stored.payment_account_identifier,
            "form fields": _filled_in(stored),
            "products": [(product.id, product.quantity) for product in stored.products],
            "prices of the products": [product.price for product in stored.products],
            "total": stored.total_sum,
        },
    )
    # Documented: the currency of an order that is read is often empty.
    if stored.currency:
        expect(
            "The order that is read back",
            stored.operation,
            {"currency": order.currency},
            {"currency": stored.currency},
        )


def price_of(purchase: Purchase, profile: Profile) -> Price:
    """What a purchase costs by the profile, without any discount."""
    products = [(profile.product(line.product or ""), line.quantity) for line in purchase.lines]
    total = sum((product.price * int(quantity) for product, quantity in products), Decimal())
    return Price(total, products[0][0].currency)


def history_shows(placed: PlacedOrder, profile: Profile, history: Listed[StoredOrder]) -> None:
    """The order is in the history as it was placed, once, and no other was placed with it: ids only grow."""
    history.expect_whole("orders")
    name, id_ = "this and later orders", placed.order.id
    later = [stored.id for stored in history if stored.id >= id_]
    expect("The order history", history.operation, {name: [id_]}, {name: later})
    order_reads(placed, profile, history.with_id(id_)[0])


def history_lacks(placed: PlacedOrder, history: Listed[StoredOrder]) -> None:
    """The order is not in the history."""
    found = len(history.with_id(placed.order.id))
    expect(
        "The order history", history.operation, {"entries of another's order": 0}, {"entries of another's order": found}
    )
    history.expect_whole("orders")


def nothing_since(sign_in: SignIn, history: Listed[StoredOrder]) -> None:
    """Nothing in the history was ordered after its buyer signed in."""
    begin = signed_in_at(sign_in)
    since = [stored.id for stored in history if stored.created_date >= begin]
    expect("The order history", history.operation, {"orders since signing in": []}, {"orders since signing in": since})
    history.expect_whole("orders")


def preview_costs(purchase: Purchase, profile: Profile, preview: OrderPreview) -> None:
    """The preview shows what the purchase and its products cost by the profile; discounts only lessen it."""
    prices = {product.id: product.price for product in profile.products.values()}
    wanted = _wanted(purchase, profile)
    expect(
        "The preview",
        preview.operation,
        {
            "price": price_of(purchase, profile),
            "products": wanted,
            "prices of the products": [prices[product] for product, _ in wanted],
        },
        {
            "price": Price(preview.total_sum, preview.currency),
            "products": [(line.id, line.quantity) for line in preview.order_preview],
            "prices of the products": [line.price for line in preview.order_preview],
        },
    )
    total, discounted, due = preview.total_sum, preview.total_sum_with_discount, preview.total_due
    expect_true(
        "The preview",
        preview.operation,
        {
            f"the total with discount is at most the total, {total}": (discounted <= total, discounted),
            f"what is due is at most the total with discount, {discounted}": (due <= discounted, due),
        },
    )


def one_default(statuses: Sequence[str]) -> None:
    """Of a storage's statuses, exactly one is that in which orders begin."""
    operation = "orders.get_all_statuses_by_storage_marker"
    expect("The list of order statuses", operation, {"default statuses": 1}, {"default statuses": len(statuses)})


def order_is_in(status: str, stored: StoredOrder) -> None:
    """The order is in this status of its storage."""
    expect("The order", stored.operation, {"status": status}, {"status": stored.status_identifier})


def order_is_new(status: str, stored: StoredOrder) -> None:
    """The order is where the storage's orders begin, and nobody has paid it."""
    order_is_in(status, stored)
    claim = "it is not completed (isCompleted)"
    expect_true("The order", stored.operation, {claim: (not stored.is_completed, stored.is_completed)})


def order_leads_to(session: PaymentSession, stored: StoredOrder) -> None:
    """The order shows the checkout link of its last session (observed)."""
    expect("The order", stored.operation, {"checkout link": session.payment_url}, {"checkout link": stored.payment_url})


def order_follows(outcome: str, profile: Profile, stored: StoredOrder) -> None:
    """The order is in the status that the storage gives to an order whose payment ended like this."""
    order_is_in(profile.order_status(outcome), stored)
    # Observed: a paid card order is completed, an unpaid one is not.
    paid = outcome == "completed"
    expect("The order", stored.operation, {"completed": paid}, {"completed": stored.is_completed})


def _wanted(purchase: Purchase, profile: Profile) -> list[tuple[int, float]]:
    return [(profile.product(line.product or "").id, line.quantity) for line in purchase.lines]


def _form(placed: PlacedOrder, profile: Profile) -> list[tuple[str, str, object]]:
    fields: list[tuple[str, str, object]] = [("string", profile.orders.name_field, placed.purchase.buyer)]
    if placed.run_mark is not None:
        fields.append(("string", profile.orders.run_mark_field or "", placed.run_mark))
    return fields


def _filled_in(order: Order | StoredOrder) -> list[tuple[str, str, object]]:
    return [(field.type, field.marker, field.value) for field in order.form_data]
