"""What differs from shop to shop, in a TOML file: the markers, ids and prices behind the names in features."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from oneentry_scenarios.problem import Problem

if TYPE_CHECKING:
    from faker import Faker

    from oneentry_scenarios.api.forms import AskedField

_DEFAULTS = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text("utf-8"))
Entry = TypeVar("Entry")
#: How a payment can end.
PaymentOutcome = Literal["completed", "canceled", "expired"]
#: Left out where it is not given: TOML cannot express it, and cassettes do not need it.
_IF_GIVEN = Field(exclude_if=lambda value: value in (None, {}))
#: What steps call the account of an order whose line names none; and another one, if the shop has two.
ANY_ACCOUNT, ANOTHER_ACCOUNT = "any account", "another account"
#: What features call the account that is there, but not connected: orders by it are refused.
NOT_CONNECTED = "bank transfer"
#: An identifier that a project has given to something.
Marker = Annotated[str, Field(min_length=1)]


class NotInProfile(Problem):
    """A scenario names something that the profile does not have; says which lines to add."""


def _price(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('should be text, so that it stays exact: price = "340.00"')
    try:
        return Decimal(value)
    except ArithmeticError:
        raise ValueError(f'should be an amount such as "340.00", not {value!r}') from None


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, validate_default=True)


class SignInForm(_Table):
    """The auth provider's marker, and the markers of its form's two fields."""

    provider: Marker = "email"
    user_field: Marker = "email_reg"
    password_field: Marker = "password_reg"  # noqa: S105  (the name of a field)


class FilledField(_Table):
    """What a field of the order form is filled in with: a `value`, or text that a method of Faker makes.

    In TOML also the value alone, which is then of the type "string", "integer" or "float".
    """

    type: Marker = "string"
    value: Annotated[Any, _IF_GIVEN] = None
    faker: Annotated[Marker | None, _IF_GIVEN] = None

    @model_validator(mode="before")
    @classmethod
    def _value_alone(cls, given: object) -> object:
        types = {str: "string", int: "integer", float: "float"}
        return {"type": types[type(given)], "value": given} if type(given) in types else given

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is None) == (self.faker is None):
            raise ValueError('should have either a value or the name of a Faker method, such as faker = "word"')
        return self

    def made_up(self, fake: Faker) -> str:
        """A value of the Faker method; raises Problem if there is none that needs no arguments."""
        try:
            return str(getattr(fake, self.faker or "")())
        except (AttributeError, TypeError):
            raise Problem(f"[orders.fields]: Faker cannot make {self.faker!r}; see its list of providers") from None


class OrderForm(_Table):
    """Markers: of the order storage, the order form, its fields for the buyer's name and the run mark.

    `other_storage` is a storage with the same form; `status_after_run` is what live runs give to their orders at the
    end; `fields` are other fields to fill in, by marker.
    """

    storage: Marker = "orders"
    other_storage: Annotated[Marker | None, _IF_GIVEN] = None
    form: Marker = "order"
    name_field: Marker = "name"
    name_type: Annotated[Marker | None, _IF_GIVEN] = None
    run_mark_field: Annotated[Marker | None, _IF_GIVEN] = None
    status_after_run: Annotated[Marker | None, _IF_GIVEN] = None
    fields: Annotated[dict[Marker, FilledField], _IF_GIVEN] = {}

    def types(self) -> dict[str, str]:
        """The type of each field that orders fill in, by marker."""
        own = {self.name_field: self.name_type or "string"} | {key: each.type for key, each in self.fields.items()}
        return own | ({self.run_mark_field: "string"} if self.run_mark_field else {})

    def compared(self, asked: Iterable[AskedField]) -> tuple[dict[str, tuple[str, str | None]], list[AskedField]]:
        """For each field that orders fill in, its type here and in a form; and what the form requires besides.

        A field that the form does not have is of the type `None` there.
        """
        known, types = {each.marker: each for each in asked}, self.types()
        pairs = {marker: (type_, known[marker].type if marker in known else None) for marker, type_ in types.items()}
        return pairs, [each for marker, each in known.items() if each.is_required and marker not in types]


class Product(_Table):
    """A product: its id, its price, and the currency (ISO 4217)."""

    id: Annotated[int, Field(gt=0)]
    price: Annotated[Decimal, BeforeValidator(_price), Field(ge=0, allow_inf_nan=False)]
    currency: Marker


class Profile(_Table):
    """A shop, as far as features depend on it. The default is the shop of OneEntry's documented story."""

    language: Marker = "en_US"
    sign_in: SignInForm = SignInForm()
    orders: OrderForm = OrderForm()
    accounts: dict[str, Marker] = _DEFAULTS["story"]["accounts"]
    coupons: Annotated[dict[str, Marker], _IF_GIVEN] = {}
    order_statuses: dict[PaymentOutcome, Marker] = _DEFAULTS["story"]["order_statuses"]
    products: dict[str, Product] = _DEFAULTS["story"]["products"]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a profile from a TOML file; raises Problem if it cannot be read or is not a valid profile."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise Problem(f"The profile {path} cannot be read: {error.strerror}.") from None
        except ValidationError as error:
            problems = (f"\n  - {_problem(each)}" for each in error.errors())
            raise Problem(f"The profile {path} cannot be used:{''.join(problems)}") from None
        except ValueError as error:
            raise Problem(f"The profile {path} is not TOML: {error}.") from None

    def product(self, name: str) -> Product:
        """The product that features call `name`; raises NotInProfile, like the next three, if there is none."""
        return _look_up(self.products, name, "product", '[products.KEY]\nid = 1\nprice = "1.00"\ncurrency = "USD"')

    @property
    def to_order_by(self) -> list[str]:
        """What features call the accounts that orders can be paid by; the first is taken where a line names none."""
        return [name for name in self.accounts if name != NOT_CONNECTED] or ["cash"]

    def ordering_last_by(self, identifiers: Collection[str]) -> Self:
        """The same profile, in which these accounts are taken only where a line names them, or there is no other."""
        accounts = sorted(self.accounts.items(), key=lambda each: each[1] in identifiers)
        return self.model_copy(update={"accounts": dict(accounts)})

    def account(self, name: str) -> str:
        """The identifier of the payment account that features call `name`."""
        if name in (ANY_ACCOUNT, ANOTHER_ACCOUNT):
            name = self.to_order_by[: 1 if name == ANY_ACCOUNT else 2][-1]
        return _look_up(self.accounts, name, "payment account", '[accounts]\nKEY = "its identifier"')

    def other_storage(self) -> str:
        """The marker of another storage than that of the orders; raises NotInProfile if none is named."""
        storages = {"other": self.orders.other_storage} if self.orders.other_storage else {}
        return _look_up(storages, "other", "order storage", '[orders]\nother_storage = "its marker"')

    def coupon(self, name: str) -> str:
        """The code of the coupon that features call `name`."""
        return _look_up(self.coupons, name, "coupon", '[coupons]\nKEY = "its code"')

    def order_status(self, outcome: str) -> str:
        """The identifier of the status that the storage gives to an order whose payment ended with `outcome`."""
        return _look_up(self.order_statuses, outcome, "order status", '[order_statuses]\nKEY = "its identifier"')


#: The shop of the documented story, with what our mock server has besides.
_MORE = _DEFAULTS["mock_server"]
DEFAULT = Profile.model_validate(_MORE | {"products": _DEFAULTS["story"]["products"] | _MORE["products"]})


def _look_up(entries: Mapping[Any, Entry], name: str, what: str, lines: str) -> Entry:
    """The entry with this name, or NotInProfile with the `lines` to add, in which KEY is the name."""
    if name not in entries:
        known = f", only {', '.join(map(repr, entries))}" if entries else ""
        alike = [each for each in entries if re.findall("[0-9]+", each) == re.findall("[0-9]+", name)]
        known += "".join(f"; did you mean {each!r}?" for each in get_close_matches(name, alike, n=1)) or "."
        added = "".join(f"\n  {line}" for line in lines.replace("KEY", toml_key(name)).splitlines())
        raise NotInProfile(f"The profile knows no {what} called {name!r}{known} Add, as it is in your shop:{added}")
    return entries[name]


def toml_key(name: str) -> str:
    """A key as TOML writes it."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def money(amount: Decimal) -> str:
    """An amount as profiles write it: with at least two decimals."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount}"


def _problem(error: ErrorDetails) -> str:
    """A mistake in a profile: its place, and what to write there."""
    place = [str(part) for part in error["loc"] if part != "[key]"]
    shown = ".".join(map(toml_key, place))
    if error["type"] in ("extra_forbidden", "literal_error"):
        known = _keys_of(place[:-1])
        close = get_close_matches(place[-1].lower(), known, n=1)
        advice = f"do you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
        return f"{shown}: there is no such key; {advice}"
    if error["type"] == "missing":
        return f"{shown}: is missing"
    return f"{shown}: {error['msg'].removeprefix('Value error, ')}"


def _keys_of(table: Sequence[str]) -> list[str]:
    """The keys that a table of the profile can have."""
    if table == ["order_statuses"]:
        return [*get_args(PaymentOutcome)]
    tables: dict[str, type[BaseModel]] = {"sign_in": SignInForm, "orders": OrderForm, "products": Product}
    return [*(tables[table[0]] if table else Profile).model_fields]
