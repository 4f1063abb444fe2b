"""The terms of the features as plain data: people, products, orders, prices, sign-ins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from oneentry_scenarios.api.models import Order, OrderPreview, Page, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.problem import messages

if TYPE_CHECKING:
    from faker import Faker

message = messages(__file__)
#: Generates test data that replay reuses: `generated("buyer", lambda fake: fake.name())`.
Generate: TypeAlias = "Callable[[str, Callable[[Faker], str]], str]"

#: A completed form: type, marker and value of each field.
FilledForm: TypeAlias = list[tuple[str, str, object]]

#: The features' name for a person who is not a registered customer.
VISITOR = "a visitor"
#: An ID that no shop uses.
NO_SUCH_ID = 987_654_321
#: A marker that no shop uses. A product with this name is ordered by `NO_SUCH_ID`.
NO_SUCH_MARKER = "no-such-marker"


class Identity(NamedTuple):
    """A person in a feature: name, credentials, and `buyer_name`, the name for the order form."""

    name: str
    user: str
    password: str
    buyer_name: str


class Line(NamedTuple):
    """A product by its name in the profile, with a quantity."""

    product: str
    quantity: float


class Purchase(NamedTuple):
    """What to order: the completed form, the account by its name in the profile, the products, the coupon."""

    form: FilledForm
    account: str
    lines: tuple[Line, ...]
    coupon: str | None = None


@dataclass(frozen=True)
class PlacedOrder:
    """An order as requested (`purchase`) and as confirmed (`order`); `owner` placed it, signed in with `sign_in`."""

    owner: str
    purchase: Purchase
    order: Order
    sign_in: SignIn | None


class TwoPages(NamedTuple):
    """The first two pages of a list of `owner`, with `size` records per page."""

    owner: str
    size: int
    first: Page[StoredOrder] | Page[PaymentSession]
    second: Page[StoredOrder] | Page[PaymentSession]


class PreviewedPrice(NamedTuple):
    """The shop's preview of the price of some products."""

    lines: tuple[Line, ...]
    preview: OrderPreview


class OpenedSession(NamedTuple):
    """A payment session as opened, with the requested order and type; `owner` is the person who opened it."""

    owner: str
    order_id: int
    type: str
    session: PaymentSession


class Renewal(NamedTuple):
    """A sign-in and its renewal; `owner` is the person who renewed it."""

    owner: str
    old: SignIn
    new: SignIn


class Confirmation(NamedTuple):
    """A response that only confirms an action, such as signing out."""

    is_confirmed: bool
    operation: str


#: The response that created or changed an order or a payment session.
OrderOrSession = TypeVar("OrderOrSession", PlacedOrder, OpenedSession)


class StepMissing(Exception):
    """A step cannot run: an earlier step is missing, or its order is in another storage. The message has the remedy."""


def owned(record: OrderOrSession, owner: str) -> OrderOrSession:
    """Return the order or payment session of a scenario; raises StepMissing if it is not that of the named `owner`."""
    if owner and record.owner != owner:
        name = "order-of-another" if isinstance(record, PlacedOrder) else "session-of-another"
        raise StepMissing(message(name, owner=owner, other=record.owner))
    return record
