"""The profile, a TOML file of what differs between shops: markers, IDs and prices for the names in features."""

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from oneentry_scenarios.api.forms import AskedField
from oneentry_scenarios.problem import Problem, messages, read_toml

_DEFAULTS = read_toml(__file__, "defaults.toml")
Entry = TypeVar("Entry")
#: How a payment can end.
PaymentOutcome = Literal["completed", "canceled", "expired"]
#: Omitted if not given: TOML has no null, and cassettes do not need it.
_IF_GIVEN = Field(exclude_if=lambda value: value in (None, {}))
#: The first and the second account of the profile that can pay for orders; the same one if it has only one. Steps that
#: name no account use the first. Some use the second, so that an order whose account changes to the first is noticed.
FIRST_ACCOUNT, SECOND_ACCOUNT = "the first account", "the second account"
#: The features' name for an account that is not connected: orders with it are refused.
NOT_CONNECTED = "bank transfer"
#: A project's string identifier.
Marker = Annotated[str, Field(min_length=1)]


class NotInProfile(Problem):
    """A scenario names an entry that the profile lacks; the message has the lines to add."""


def _price(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('should be in quotes, so that it stays exact: price = "340.00"')
    try:
        return Decimal(value)
    except ArithmeticError:
        raise ValueError(f'should be an amount, for example "340.00", not {value!r}') from None


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, validate_default=True)


class SignInForm(_Table):
    """The marker of the auth provider, and the markers of its form's two fields."""

    provider: Marker = "email"
    user_field: Marker = "email_reg"
    password_field: Marker = "password_reg"  # noqa: S105  (the name of a field)


class FilledField(_Table):
    """How orders fill in a field of the form: with a `value`, or with text from a Faker method.

    TOML may also have the value alone; its type is then "string", "integer" or "float".
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
            raise ValueError('should have either a value or a Faker method, for example faker = "word"')
        return self

    def generated(self, marker: str, fake: object) -> str:
        """Return text for the field `marker`; raises Problem if the Faker method does not exist or needs arguments."""
        try:
            return str(getattr(fake, self.faker or "")())
        except (AttributeError, TypeError):
            raise Problem(messages(__file__)("not-generated", marker=marker, method=self.faker)) from None


class OrderForm(_Table):
    """Markers of the order storage, the order form, and its fields for the buyer's name and the run ID.

    other_storage: a storage with the same form; fields: other fields to fill in, by marker.
    status_after_run: the status that live runs set for their orders at the end.
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
        """Return the type of each field that orders fill in, by marker."""
        own = {self.name_field: self.name_type or "string"} | {key: each.type for key, each in self.fields.items()}
        return own | ({self.run_mark_field: "string"} if self.run_mark_field else {})

    def compare_types(self, asked: Iterable[AskedField]) -> dict[str, tuple[str, str | None]]:
        """Return the type of each filled-in field here and in the project's form; `None` if the form lacks it."""
        in_project = {each.marker: each.type for each in asked}
        return {marker: (type_, in_project.get(marker)) for marker, type_ in self.types().items()}

    def not_filled_in(self, asked: Iterable[AskedField]) -> list[AskedField]:
        """Return the required fields of the project's form that orders do not fill in."""
        return [each for each in asked if each.is_required and each.marker not in self.types()]


class Product(_Table):
    """A product: its ID, its price, and the currency (ISO 4217)."""

    id: Annotated[int, Field(gt=0)]
    price: Annotated[Decimal, BeforeValidator(_price), Field(ge=0, allow_inf_nan=False)]
    currency: Marker


class Profile(_Table):
    """The facts about a shop that features depend on; by default, those of the default shop."""

    language: Marker = "en_US"
    sign_in: SignInForm = SignInForm()
    orders: OrderForm = OrderForm()
    accounts: dict[str, Marker] = _DEFAULTS["default_shop"]["accounts"]
    coupons: Annotated[dict[str, Marker], _IF_GIVEN] = {}
    order_statuses: dict[PaymentOutcome, Marker] = _DEFAULTS["default_shop"]["order_statuses"]
    products: dict[str, Product] = _DEFAULTS["default_shop"]["products"]

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
            raise Problem(f"The profile {path} is not valid TOML: {error}.") from None

    def product(self, name: str) -> Product:
        """Return the product that features call `name`. The lookups below also raise NotInProfile."""
        return _look_up(self.products, name, "product", '[products.KEY]\nid = 1\nprice = "1.00"\ncurrency = "USD"')

    @property
    def names_for_orders(self) -> list[str]:
        """The features' names of accounts that can pay for orders; the first is the default."""
        return [name for name in self.accounts if name != NOT_CONNECTED] or ["cash"]

    def with_accounts_last(self, identifiers: Collection[str]) -> Self:
        """Return a copy with these accounts last: used only if a step names them or there are no others."""
        accounts = sorted(self.accounts.items(), key=lambda each: each[1] in identifiers)
        return self.model_copy(update={"accounts": dict(accounts)})

    def account(self, name: str) -> str:
        """Return the identifier of the payment account that features call `name`."""
        if name in (FIRST_ACCOUNT, SECOND_ACCOUNT):
            name = self.names_for_orders[: 1 if name == FIRST_ACCOUNT else 2][-1]
        return _look_up(self.accounts, name, "payment account", '[accounts]\nKEY = "its identifier"')

    def other_storage(self) -> str:
        """Return the marker of a second order storage."""
        if self.orders.other_storage is None:
            raise NotInProfile(messages(__file__)("no-other-storage"))
        return self.orders.other_storage

    def coupon(self, name: str) -> str:
        """Return the code of the coupon that features call `name`."""
        return _look_up(self.coupons, name, "coupon", '[coupons]\nKEY = "its code"')

    def order_status(self, outcome: str) -> str:
        """Return the identifier of the order status after a payment with this outcome."""
        return _look_up(self.order_statuses, outcome, "order status", '[order_statuses]\nKEY = "its identifier"')


#: The default shop, with the additional entries of the mock server.
_MORE = _DEFAULTS["mock_server"]
MOCK_PROFILE = Profile.model_validate(_MORE | {"products": _DEFAULTS["default_shop"]["products"] | _MORE["products"]})


def _look_up(entries: Mapping[Any, Entry], name: str, what: str, lines: str) -> Entry:
    """Return the entry with this name; raises NotInProfile with the `lines` to add, in which KEY is the name."""
    if name not in entries:
        alike = [each for each in entries if re.findall("[0-9]+", each) == re.findall("[0-9]+", name)]
        guess = "".join(f"; did you mean {each!r}?" for each in get_close_matches(name, alike, n=1))
        known = f" (available: {', '.join(map(repr, entries))}{guess})" if entries else ""
        added = "".join(f"\n  {line}" for line in lines.replace("KEY", toml_key(name)).splitlines())
        advice = "Add it with your shop's values (in replay, re-record then):"
        raise NotInProfile(f"The profile has no {what} called {name!r}{known}. {advice}{added}")
    return entries[name]


def toml_key(name: str) -> str:
    """Return a key in TOML syntax."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def money(amount: Decimal) -> str:
    """Return an amount in the form of profiles: with at least two decimals."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount}"


def _problem(error: ErrorDetails) -> str:
    """Return the place of a mistake in a profile, and the advice."""
    place = [str(part) for part in error["loc"] if part != "[key]"]
    shown = ".".join(map(toml_key, place))
    if error["type"] in ("extra_forbidden", "literal_error"):
        known = _keys_of(place[:-1])
        close = get_close_matches(place[-1].lower(), known, n=1)
        advice = f"did you mean {close[0]}?" if close else f"available: {', '.join(known)}"
        return f"{shown}: there is no such key; {advice}"
    if error["type"] == "missing":
        return f"{shown}: missing"
    return f"{shown}: {error['msg'].removeprefix('Value error, ')}"


def _keys_of(table: Sequence[str]) -> list[str]:
    """Return the keys that a table of the profile can have."""
    if table == ["order_statuses"]:
        return [*get_args(PaymentOutcome)]
    tables: dict[str, type[BaseModel]] = {"sign_in": SignInForm, "orders": OrderForm, "products": Product}
    return [*(tables[table[0]] if table else Profile).model_fields]
