"""Orders and payment sessions in the expected state: the field values that reading them must return."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple

from oneentry_scenarios.api.models import Order, PaymentSession, StoredOrder
from oneentry_scenarios.shop.domain import FilledForm, Line, Record
from oneentry_scenarios.shop.profile import Product, Profile

_FIELDS = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))
_MAY_LACK = ("amount", "client secret")


class OneOf(tuple[object, ...]):
    """An expected value with several alternatives; an empty one accepts any value and is never replaced by it."""

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is one of the alternatives."""
        return not self or any(each == other for each in self)

    __hash__ = tuple.__hash__

    def __str__(self) -> str:
        return " or ".join(map(str, self))


class Ordered(NamedTuple):
    """A product of an order, by its ID, and its quantity."""

    product: int
    quantity: float

    def __str__(self) -> str:
        return f"{self.quantity} of product {self.product}"


@dataclass(eq=False)
class Entry(Generic[Record]):
    """An order or a payment session of `owner`, with the response that created or changed it.

    fields: the values that reading it must return; was_changed: whether an action changed it afterwards.
    """

    owner: str
    confirmed: Record
    fields: dict[str, object]
    was_changed: bool = False


def order_fields(order: StoredOrder) -> dict[str, object]:
    """Return the compared fields of an order as read, without fields that healthy shops may omit."""
    shown = {name: getattr(order, attribute) for name, attribute in _FIELDS["order"].items()} | {
        "form fields": filled_in(order),
        "products": [Ordered(product.id, product.quantity) for product in order.products],
        "prices of the products": [product.price for product in order.products],
        "currency": order.currency.upper(),
        "completed (isCompleted)": bool(order.is_completed),
    }
    link = {"checkout link": order.payment_url} if "payment_url" in order.model_fields_set else {}
    return {name: value for name, value in shown.items() if value not in (None, "")} | link


def session_fields(session: PaymentSession) -> dict[str, object]:
    """Return the compared fields of a payment session, without amount and client secret if the shop omits them."""
    shown = {name: getattr(session, attribute) for name, attribute in _FIELDS["session"].items()}
    return {name: value for name, value in shown.items() if value is not None or name not in _MAY_LACK}


def filled_in(order: Order | StoredOrder) -> FilledForm:
    """Return the fields of an order's form."""
    return [(each.type, each.marker, each.value) for each in order.form_data]


def sold(lines: tuple[Line, ...], profile: Profile) -> list[tuple[Product, float]]:
    """Return the products of an order with their quantities, without products that the profile lacks."""
    known = profile.products
    return [(known[line.product], line.quantity) for line in lines if line.product in known]


def ordered(lines: tuple[Line, ...], profile: Profile) -> list[Ordered]:
    """Return the IDs and quantities of the products."""
    return [Ordered(product.id, quantity) for product, quantity in sold(lines, profile)]
