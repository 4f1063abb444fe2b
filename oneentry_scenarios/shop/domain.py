"""What the features talk about, as plain data: people, products, orders, prices, sign-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

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
#: A marker that no shop uses.
NO_SUCH_MARKER = "no-such-marker"
#: The name of a product that no shop sells; it is ordered by `NO_SUCH_ID`.
NO_SUCH_PRODUCT = "no such product"


@dataclass(frozen=True)
class Person:
    """Someone in a feature: name, credentials, and `buyer`, the name to write on an order form."""

    name: str
    user: str
    password: str
    buyer: str


@dataclass(frozen=True)
class Line:
    """A product, by its name in the profile, and its quantity."""

    product: str
    quantity: float


@dataclass(frozen=True)
class Purchase:
    """What to order: with which form filled in, paid by which account of the profile, which products."""

    form: Form
    account: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Made:
    """What `owner` made by calling `operation`."""

    owner: str
    _answer: ClassVar[str]

    @property
    def operation(self) -> str:
        """The call that returned it."""
        return str(getattr(self, self._answer).operation)


@dataclass(frozen=True)
class PlacedOrder(_Made):
    """An order as the shop confirmed it, with what was asked for; `owner` placed it, signed in with `sign_in`."""

    purchase: Purchase
    order: Order
    sign_in: SignIn | None = None
    _answer = "order"


@dataclass(frozen=True)
class TwoPages(_Made):
    """The first two pages of a list of `owner`, of `size` records each."""

    size: int
    first: Page[StoredOrder] | Page[PaymentSession]
    second: Page[StoredOrder] | Page[PaymentSession]
    _answer = "second"


@dataclass(frozen=True)
class Quote:
    """What the shop says some products would cost."""

    lines: tuple[Line, ...]
    preview: OrderPreview


@dataclass(frozen=True)
class OpenedSession(_Made):
    """A payment session as it was opened, for which order and of which type. `owner` is the person who opened it."""

    order_id: int
    type: str
    session: PaymentSession
    _answer = "session"


@dataclass(frozen=True)
class Renewal(_Made):
    """A sign-in and the one that replaces it. `owner` is the person who renewed it."""

    old: SignIn
    new: SignIn
    _answer = "new"


@dataclass(frozen=True)
class SignOut:
    """The shop's answer to signing out: whether it was done."""

    done: bool
    operation: str
