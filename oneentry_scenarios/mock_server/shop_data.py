"""The data that differs between shops; `shops.toml` has the two shops of the mock server."""

import tomllib
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter


class Version(StrEnum):
    """The API version (option `--era`): the current one, or that of early 2025, as in OneEntry's documentation."""

    CURRENT = "current"
    Y2025 = "2025"


class Provider(NamedTuple):
    """An auth provider: its marker, and the markers of its form's two fields."""

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
    """A field of a form; `shortest` and `longest` limit the length of a text without surrounding spaces."""

    marker: str
    type: str
    is_required: bool = True
    shortest: int = 0
    longest: int | None = None
    is_login: bool | None = None
    is_password: bool | None = None


class Status(NamedTuple):
    """An order status of a storage; orders use the axis `order`, the only axis in the API of 2025."""

    id: int
    identifier: str
    title: str
    axis: str = "order"


class Account(NamedTuple):
    """A payment account. Type `stripe` has checkout links and client secrets; cash and the like are `custom`."""

    id: int
    identifier: str
    type: str
    title: str
    is_connected: bool = True


class Storage(NamedTuple):
    """An order storage: its form, accounts and statuses; `payment_statuses` maps a payment's status to an order's."""

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
    """A product; `stock` is the available quantity, `None` if unlimited."""

    id: int
    title: str
    price: Decimal
    stock: int | None = None


class Coupon(NamedTuple):
    """A coupon, which reduces a total by a percentage and an amount, but not below zero."""

    code: str
    percent: int = 0
    amount: Decimal = Decimal()


class ShopData(NamedTuple):
    """A shop before its first order; users' data is in the first language."""

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


_TEXT = Path(__file__).with_name("shops.toml").read_text("utf-8")
SHOPS = TypeAdapter(dict[str, ShopData]).validate_python(tomllib.loads(_TEXT))
DEFAULT_SHOP, OTHER = SHOPS["default"], SHOPS["other"]
