"""What differs from shop to shop, in a TOML file: markers, ids, prices; features use names of their own for them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

Entry = TypeVar("Entry")


class ProfileError(Exception):
    """A profile that cannot be used; names the file, the key and what should be there."""


def _price(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('should be text, so that it stays exact: price = "340.00"')
    try:
        return Decimal(value)
    except ArithmeticError:
        raise ValueError(f'should be an amount such as "340.00", not {value!r}') from None


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SignInForm(_Table):
    """The auth provider's marker, and the markers of its form's two fields."""

    provider: str = "email"
    user_field: str = "email_reg"
    password_field: str = "password_reg"  # noqa: S105  (the name of a field)


class OrderForm(_Table):
    """The order storage's marker, the order form's, and that of its field for the buyer's name."""

    storage: str = "orders"
    form: str = "order"
    name_field: str = "name"


class Product(_Table):
    """A product: its id, what one costs, and in which currency (ISO 4217)."""

    id: Annotated[int, Field(gt=0)]
    price: Annotated[Decimal, BeforeValidator(_price), Field(ge=0, allow_inf_nan=False)]
    currency: str


class Profile(_Table):
    """A shop, as the features need to know it. The default is the shop of OneEntry's documented story."""

    language: str = "en_US"
    sign_in: SignInForm = SignInForm()
    orders: OrderForm = OrderForm()
    accounts: dict[str, str] = {"cash": "cash", "card": "stripe", "bank transfer": "bank"}
    order_statuses: dict[str, str] = {"completed": "paid_for", "canceled": "canceled", "expired": "expired"}
    products: dict[str, Product] = {
        f"Product {id_}": Product(id=id_, price=price, currency="USD")  # type: ignore[arg-type]  # read from text
        for id_, price in ((14, "340.00"), (2, "10.50"), (3, "0.10"), (4, "19.99"))
    }

    @classmethod
    def read(cls, path: Path) -> Profile:
        """Read a profile from a TOML file.

        Raises:
            ProfileError: it cannot be read, or does not say what a profile says.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise ProfileError(f"The profile {path} cannot be read: {error.strerror}.") from None
        except ValidationError as error:
            problems = (f"\n  - {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise ProfileError(f"The profile {path} cannot be used:{''.join(problems)}") from None
        except ValueError as error:
            raise ProfileError(f"The profile {path} is not TOML: {error}.") from None

    def product(self, name: str) -> Product:
        """The product that features call `name`."""
        return _named(self.products, name, "product", f'[products."{name}"]')

    def account(self, name: str) -> str:
        """The identifier of the payment account that features call `name`."""
        return _named(self.accounts, name, "payment account", f'[accounts] {name} = "..."')

    def order_status(self, outcome: str) -> str:
        """The identifier of the status that the storage gives to an order whose payment ended with `outcome`."""
        return _named(self.order_statuses, outcome, "order status", f'[order_statuses] {outcome} = "..."')


def _named(entries: dict[str, Entry], name: str, what: str, line: str) -> Entry:
    if name not in entries:
        raise ProfileError(f"The profile knows no {what} called {name!r}. Add to it: {line}")
    return entries[name]
