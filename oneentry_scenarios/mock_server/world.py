"""What differs from shop to shop, as data; `worlds.toml` holds the two shops that the mock server offers."""

import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter


class Era(StrEnum):
    """The version of the real server: today's, or that of early 2025, as in the seed document."""

    CURRENT = "current"
    Y2025 = "2025"


@dataclass(frozen=True)
class Provider:
    """A way to sign in: its marker, and the markers of its form's two fields."""

    id: int
    identifier: str
    type: str
    title: str
    form: str | None = None
    login_field: str = ""
    password_field: str = ""


@dataclass(frozen=True)
class User:
    """A registered buyer."""

    id: int
    identifier: str
    password: str
    provider: str
    is_active: bool = True


@dataclass(frozen=True)
class Field:
    """One field of a form; a text in it has this many characters, blanks around it not counted."""

    marker: str
    type: str
    is_required: bool = True
    shortest: int = 0
    longest: int | None = None
    is_login: bool | None = None
    is_password: bool | None = None


@dataclass(frozen=True)
class Status:
    """A status of orders in a storage; an order's own is on the axis `order`, the only one of the era 2025."""

    id: int
    identifier: str
    title: str
    axis: str = "order"


@dataclass(frozen=True)
class Account:
    """A way to pay. `stripe` has links and client secrets; cash and the like are `custom`."""

    id: int
    identifier: str
    type: str
    title: str
    is_connected: bool = True


@dataclass(frozen=True)
class Storage:
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


@dataclass(frozen=True)
class Product:
    """A product. `stock` is the number available, `None` if unlimited."""

    id: int
    title: str
    price: Decimal
    stock: int | None = None


@dataclass(frozen=True)
class World:
    """A shop before its first order. Users' data is stored in the first language."""

    app_token: str
    languages: tuple[str, ...]
    currency: str
    providers: tuple[Provider, ...]
    users: tuple[User, ...]
    storages: tuple[Storage, ...]
    accounts: tuple[Account, ...]
    products: tuple[Product, ...]
    first_order: int
    first_session: int

    def localized(self, title: str) -> dict[str, dict[str, str]]:
        """A title in every language: the `localizeInfos` of the wire."""
        return {language: {"title": title} for language in self.languages}


_FILE = Path(__file__).with_name("worlds.toml")
WORLDS = TypeAdapter(dict[str, World]).validate_python(tomllib.loads(_FILE.read_text("utf-8")))
#: What every shop answers alike, by what it belongs to.
ALWAYS: dict[str, dict[str, Any]] = json.loads(_FILE.with_name("always.json").read_text("utf-8"))
DEFAULT, OTHER = WORLDS["default"], WORLDS["other"]
