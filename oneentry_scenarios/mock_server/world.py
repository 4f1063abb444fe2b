"""What differs from shop to shop, as data; `worlds.toml` holds the two shops that the mock server offers."""

import tomllib
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter


class Era(StrEnum):
    """The version of the real server: today's, or that of early 2025, as in the seed document."""

    CURRENT = "current"
    Y2025 = "2025"


class Provider(NamedTuple):
    """A way to sign in: its marker, and the markers of its form's two fields."""

    id: int
    identifier: str
    type: str
    title: str
    form: str | None = None
    login_field: str = ""
    password_field: str = ""


class User(NamedTuple):
    """A registered buyer."""

    id: int
    identifier: str
    password: str
    provider: str
    is_active: bool = True


class Field(NamedTuple):
    """One field of a form; a text in it has this many characters, blanks around it not counted."""

    marker: str
    type: str
    is_required: bool = True
    shortest: int = 0
    longest: int | None = None
    is_login: bool | None = None
    is_password: bool | None = None


class Status(NamedTuple):
    """A status of orders in a storage; an order's own is on the axis `order`, the only one of the era 2025."""

    id: int
    identifier: str
    title: str
    axis: str = "order"


class Account(NamedTuple):
    """A way to pay. `stripe` has links and client secrets; cash and the like are `custom`."""

    id: int
    identifier: str
    type: str
    title: str
    is_connected: bool = True


class Storage(NamedTuple):
    """An order storage: its form, accounts and statuses, and the status that each payment status leads to."""

    id: int
    identifier: str
    title: str
    form: str
    attribute_set: str
    fields: tuple[Field, ...]
    accounts: tuple[str, ...]
    statuses: tuple[Status, ...]
    default_status: str
    payment_statuses: dict[str, str]


class Product(NamedTuple):
    """A product. `stock` is the number available, `None` if unlimited."""

    id: int
    title: str
    price: Decimal
    stock: int | None = None


class Coupon(NamedTuple):
    """A coupon lowers a total by so many percent and by an amount, but not below zero."""

    code: str
    percent: int = 0
    amount: Decimal = Decimal()


class World(NamedTuple):
    """A shop before its first order. Users' data is stored in the first language."""

    app_token: str
    languages: tuple[str, ...]
    currency: str
    providers: tuple[Provider, ...]
    users: tuple[User, ...]
    storages: tuple[Storage, ...]
    accounts: tuple[Account, ...]
    products: tuple[Product, ...]
    coupons: tuple[Coupon, ...]
    first_order: int
    first_session: int


_TEXT = Path(__file__).with_name("worlds.toml").read_text("utf-8")
WORLDS = TypeAdapter(dict[str, World]).validate_python(tomllib.loads(_TEXT))
DEFAULT, OTHER = WORLDS["default"], WORLDS["other"]
