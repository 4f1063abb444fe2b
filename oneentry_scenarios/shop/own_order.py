"""What a customer may do with an order of their own: proves that a refusal is about whose order it is.

A group without a permission is refused everywhere. So before customers try something with another customer's order,
they do the same with their own, and must succeed. A missing permission fails here, in the shop's words.
"""

from collections.abc import Callable, Mapping

from oneentry_scenarios.shop.checks.lists import history_shows, sessions_show
from oneentry_scenarios.shop.checks.orders import order_changed
from oneentry_scenarios.shop.checks.payments import session_of_order
from oneentry_scenarios.shop.domain import PlacedOrder
from oneentry_scenarios.shop.shopper import Shopper

Deed = Callable[[Shopper, PlacedOrder], object]


def _find_in_history(buyer: Shopper, own: PlacedOrder) -> None:
    history_shows(own.order.id, buyer)
    buyer.look_at("orders")


def _find_session_in_list(buyer: Shopper, own: PlacedOrder) -> None:
    sessions_show(buyer.open_session(own.order.id).session.id, buyer)
    buyer.look_at("payment sessions")


#: What can be done with an order, in the features' words. What is read is compared with the ledger.
DEEDS: Mapping[str, Deed] = {
    "read it": lambda buyer, own: buyer.read(own.order.id),
    "change it": lambda buyer, own: order_changed(own.order, buyer.change(own, *own.purchase.lines).order),
    "open a payment session for it": lambda buyer, own: buyer.open_session(own.order.id),
    "see its payment session": lambda buyer, own: session_of_order(
        buyer.open_session(own.order.id).session, buyer.sessions_of(own.order.id)
    ),
    "find it in the order history": _find_in_history,
    "find its payment session in the list": _find_session_in_list,
}
