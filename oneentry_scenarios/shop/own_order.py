"""What a customer may do with an order of their own: proves that a refusal is about whose order it is.

A group without a permission is refused everywhere. So before customers try something with another customer's order,
they do the same with their own, and must succeed. A missing permission fails here, in the shop's words.
"""

from collections.abc import Callable, Mapping

from oneentry_scenarios.shop.checks.lists import shows
from oneentry_scenarios.shop.checks.payments import session_of_order
from oneentry_scenarios.shop.domain import PlacedOrder
from oneentry_scenarios.shop.ledger import ListName
from oneentry_scenarios.shop.shopper import Shopper

Deed = Callable[[Shopper, PlacedOrder], object]


def _find(buyer: Shopper, name: ListName, id_: int) -> None:
    shows(name, id_, buyer)
    buyer.look_at(name)


#: What can be done with an order, in the features' words. What is read is compared with the ledger.
DEEDS: Mapping[str, Deed] = {
    "read it": lambda buyer, own: buyer.read(own.order.id),
    "change it": lambda buyer, own: buyer.change(own, *own.purchase.lines),
    "open a payment session for it": lambda buyer, own: buyer.open_session(own.order.id),
    "see its payment session": lambda buyer, own: session_of_order(
        buyer.open_session(own.order.id).session, buyer.sessions_of(own.order.id)
    ),
    "find it in the order history": lambda buyer, own: _find(buyer, "orders", own.order.id),
    "find its payment session in the list": lambda buyer, own: _find(
        buyer, "payment sessions", buyer.open_session(own.order.id).session.id
    ),
}
