"""What the features talk about, as plain data: people, products, orders, prices, sign-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from faker import Faker

    from oneentry_scenarios.api.models import Order, OrderPreview, Page, PaymentSession, SignIn, StoredOrder

#: Makes test data that replay finds again: `generated("buyer", lambda fake: fake.name())`.
Generate: TypeAlias = "Callable[[str, Callable[[Faker], str]], str]"

#: A form that is filled in: type, marker and value of each field.
Form: TypeAlias = list[tuple[str, str, object]]

#: Who is in no shop's list of customers, as the features say.
VISITOR = "a visitor"
#: An id that no shop uses.
NO_SUCH_ID = 987_654_321
#: A marker that no shop uses. A product of this name is ordered by `NO_SUCH_ID`.
NO_SUCH_MARKER = "no-such-marker"


class Person(NamedTuple):
    """Someone in a feature: name, credentials, and `buyer`, the name to write on an order form."""

    name: str
    user: str
    password: str
    buyer: str


class Line(NamedTuple):
    """A product, by its name in the profile, and its quantity."""

    product: str
    quantity: float


class Purchase(NamedTuple):
    """What to order: with which form filled in, paid by which account of the profile, which products and coupon."""

    form: Form
    account: str
    lines: tuple[Line, ...]
    coupon: str | None = None


@dataclass(frozen=True)
class PlacedOrder:
    """An order as the shop confirmed it, with what was asked for; `owner` placed it, signed in with `sign_in`."""

    owner: str
    purchase: Purchase
    order: Order
    sign_in: SignIn | None


class TwoPages(NamedTuple):
    """The first two pages of a list of `owner`, of `size` records each."""

    owner: str
    size: int
    first: Page[StoredOrder] | Page[PaymentSession]
    second: Page[StoredOrder] | Page[PaymentSession]


class Quote(NamedTuple):
    """What the shop says some products would cost."""

    lines: tuple[Line, ...]
    preview: OrderPreview


class OpenedSession(NamedTuple):
    """A payment session as it was opened, for which order and of which type. `owner` is the person who opened it."""

    owner: str
    order_id: int
    type: str
    session: PaymentSession


class Renewal(NamedTuple):
    """A sign-in and the one that replaces it. `owner` is the person who renewed it."""

    owner: str
    old: SignIn
    new: SignIn


class Done(NamedTuple):
    """An answer that says only whether something was done, such as signing out."""

    done: bool
    operation: str


Record = TypeVar("Record", PlacedOrder, OpenedSession)


class StepMissing(Exception):
    """A step needs a sign-in, or a look at what was there before, that the scenario lacks; names the line to add."""


def owned(record: Record, owner: str) -> Record:
    """Return the order or payment session of a scenario; raise StepMissing if it is not that of the named `owner`."""
    if owner and record.owner != owner:
        raise StepMissing(
            f"The newest one in this scenario is {record.owner}'s. Add a step in which {owner} makes one."
        )
    return record
