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

Deed = Callable[[Shopper, PlacedOrder], None]


def _read(buyer: Shopper, own: PlacedOrder) -> None:
    buyer.read(own.order.id)


def _change(buyer: Shopper, own: PlacedOrder) -> None:
    order_changed(own.order, buyer.change(own, *own.purchase.lines).order)


def _open_session(buyer: Shopper, own: PlacedOrder) -> None:
    buyer.open_session(own.order.id)


def _see_session(buyer: Shopper, own: PlacedOrder) -> None:
    opened = buyer.open_session(own.order.id)
    session_of_order(opened.session, buyer.sessions_of(own.order.id))


def _find_in_history(buyer: Shopper, own: PlacedOrder) -> None:
    history_shows(own.order.id, buyer)
    buyer.look_at("orders")


def _find_session_in_list(buyer: Shopper, own: PlacedOrder) -> None:
    session_id = buyer.open_session(own.order.id).session.id
    sessions_show(session_id, buyer)
    buyer.look_at("payment sessions")


#: What can be done with an order, in the features' words.
DEEDS: Mapping[str, Deed] = {
    "read it": _read,
    "change it": _change,
    "open a payment session for it": _open_session,
    "see its payment session": _see_session,
    "find it in the order history": _find_in_history,
    "find its payment session in the list": _find_session_in_list,
}
