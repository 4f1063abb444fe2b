"""Orders and payment sessions in the expected state: the field values that reading them must return."""

from dataclasses import dataclass
from typing import Generic, NamedTuple

from oneentry_scenarios.api.models import Order, PaymentSession, StoredOrder
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.shop.domain import FilledForm, Line, OrderOrSession
from oneentry_scenarios.shop.profile import Product, Profile

_FIELDS = read_toml(__file__, "fields.toml")
_MAY_LACK = ("amount", "client secret")


class OneOf(tuple[object, ...]):
    """The alternatives for an expected value. It is equal to each of them."""

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is one of the alternatives."""
        return self is UNCHECKED or any(each == other for each in self)

    __hash__ = tuple.__hash__

    def __str__(self) -> str:
        return " or ".join(map(str, self))


#: The expected value of a field that may change at any time: equal to every value.
UNCHECKED = OneOf()


class IdAndQuantity(NamedTuple):
    """The ID of an ordered product, and its quantity."""

    product: int
    quantity: float

    def __str__(self) -> str:
        return f"{self.quantity} of product {self.product}"


@dataclass(eq=False)
class Entry(Generic[OrderOrSession]):
    """An order or a payment session of `owner`, with the response that created or changed it.

    fields: the values that reading it must return. A missing field is not known yet: the first value read is added.
    `OneOf` is replaced by the first value read, `UNCHECKED` stays, and any other value must be returned each time.
    was_changed: whether an action changed it afterwards.
    """

    owner: str
    confirmed: OrderOrSession
    fields: dict[str, object]
    was_changed: bool = False


def order_fields(order: StoredOrder) -> dict[str, object]:
    """Return the compared fields of an order as read, without fields that healthy shops may omit."""
    shown = {name: getattr(order, attribute) for name, attribute in _FIELDS["order"].items()} | {
        "form fields": filled_in(order),
        "products": [IdAndQuantity(product.id, product.quantity) for product in order.products],
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


def with_products(lines: tuple[Line, ...], profile: Profile) -> list[tuple[Product, float]]:
    """Return the profile's product and the quantity of each line; leave out products that the profile lacks."""
    return [(profile.products[line.product], line.quantity) for line in lines if line.product in profile.products]


def ids_and_quantities(lines: tuple[Line, ...], profile: Profile) -> list[IdAndQuantity]:
    """Return the ID of the profile's product and the quantity of each line, like `with_products`."""
    return [IdAndQuantity(product.id, quantity) for product, quantity in with_products(lines, profile)]


def product_fields(lines: tuple[Line, ...], profile: Profile) -> dict[str, object]:
    """Return the compared fields of an order that its products determine, with the profile's prices and currency."""
    products = [product for product, _ in with_products(lines, profile)]
    prices = {"prices of the products": [product.price for product in products]}
    currency = {"currency": products[0].currency.upper()} if products else {}
    return {"products": ids_and_quantities(lines, profile), **prices, **currency}
