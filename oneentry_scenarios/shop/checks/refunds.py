"""What must hold of the refund requests of an order."""

from oneentry_scenarios.api.models import Listing, Refund
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import Line, PlacedOrder
from oneentry_scenarios.shop.entries import ordered
from oneentry_scenarios.shop.profile import Profile


def requested(refunds: Listing[Refund], placed: PlacedOrder, line: Line, profile: Profile) -> None:
    """The order has one refund request, for this much of the product; its amount is the price, or that in cents."""
    expect("The list of refund requests", refunds, {"refund requests": (1, len(refunds))})
    [refund] = refunds
    price = profile.product(line.product).price * int(line.quantity)
    products = {str(id_): quantity for id_, quantity in ordered((line,), profile)}
    fields = {
        "order": (placed.order.id, refund.order_id),
        "products": (products, {id_: each.quantity for id_, each in refund.products.items()}),
    }
    claim = f"its amount is the price of the products, {price}"
    expect("The refund request", refund, fields, {claim: (refund.amount in (price, 100 * price), refund.amount)})


def withdrawn(before: Listing[Refund], now: Listing[Refund]) -> None:
    """Each refund request is gone, or in another status than before."""
    open_before = {each.id: each.status for each in before}
    still = [each.id for each in now if open_before.get(each.id) == each.status]
    expect("The list of refund requests", now, {"requests that are still open": ([], still)})


def none_requested(refunds: Listing[Refund]) -> None:
    """The order has no refund request."""
    expect("The list of refund requests", refunds, {"refund requests": ([], [each.id for each in refunds])})
