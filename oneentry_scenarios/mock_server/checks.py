"""Reads the body, query and device of a request; each mistake is a refusal."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import isinf
from typing import NamedTuple, NoReturn

from oneentry_scenarios.mock_server.answers import RequestRefused
from oneentry_scenarios.mock_server.clock import iso
from oneentry_scenarios.mock_server.shop_data import User

# Integers are limited to 32 bits, like in a database; larger ones are refused, so sums of prices stay exact.
MAX_INTEGER = 2_147_483_647
# A user group with restricted reading, as in a new project, can read only this many records of a list.
MOST_RECORDS = 10


class Body:
    """A JSON object of a request. Refusals name fields like the real validator: `products[0].quantity`."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise RequestRefused("field_malformed", field=path or "value", kind="of type object")
        self.fields: dict[str, object] = value
        self._prefix = f"{path}." if path else ""

    def only(self, *names: str) -> None:
        """Refuse any other field."""
        for name in self.fields:
            if name not in names:
                raise RequestRefused("field_not_allowed", field=self._prefix + name)

    def text(self, name: str) -> str:
        """Return a required string."""
        value = self.value(name)
        return value if isinstance(value, str) else self.malformed(name, "a string")

    def objects(self, name: str) -> Iterator["Body"]:
        """Yield the objects of a required list."""
        value = self.value(name)
        if not isinstance(value, list):
            self.malformed(name, "an array")
        for index, item in enumerate(value):
            yield Body(item, f"{self._prefix}{name}[{index}]")

    def integer(self, name: str, at_least: int = 0) -> int:
        """Return a required integer; 1.0 counts as one, as in JavaScript."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.malformed(name, "a number")
        if value < at_least:
            self.malformed(name, f"greater than or equal to {at_least}")
        if value > MAX_INTEGER:
            self.malformed(name, f"less than or equal to {MAX_INTEGER}")
        return int(value) if value == int(value) else self.malformed(name, "an integer")

    def value(self, name: str) -> object:
        """Return a required field of any type."""
        if name not in self.fields:
            raise RequestRefused("field_missing", field=self._prefix + name)
        return self.fields[name]

    def malformed(self, name: str, kind: str) -> NoReturn:
        """Refuse a field because it is not `kind`."""
        raise RequestRefused("field_malformed", field=self._prefix + name, kind=kind)


class Device(NamedTuple):
    """The device of a sign-in session: the fingerprint identifies it, and `info` describes it to users."""

    fingerprint: str
    info: Mapping[str, str]


def device(header: str) -> Device:
    """Return the device of an `x-device-metadata` header."""
    with suppress(RequestRefused):
        match parse(header.encode()):
            case {"fingerprint": str(fingerprint), "deviceInfo": dict(info)}:
                return Device(fingerprint, {key: text for key, text in info.items() if isinstance(text, str)})
    raise RequestRefused("device_malformed")


@dataclass
class Call:
    """A request that passed the checks of its operation; parts that the operation does not need keep their defaults."""

    path: Mapping[str, str] = field(default_factory=dict)
    user_agent: str = ""
    device: Device = field(default_factory=lambda: Device("", {}))
    user: User = field(default_factory=lambda: User(0, "", "", ""))
    language: str = ""
    page: slice = field(default_factory=lambda: slice(0))
    body: Body = field(default_factory=lambda: Body({}))

    @property
    def marker(self) -> str:
        """The marker in the path."""
        return self.path["marker"]

    @property
    def id(self) -> int:
        """The ID in the path, such as `/orders/{id}`."""
        return int(matching("-?[0-9]{1,20}", self.path["id"], "id_malformed"))


def matching(pattern: str, text: str, refusal: str, **details: object) -> str:
    """Return the text if it matches completely."""
    if not re.fullmatch(pattern, text):
        raise RequestRefused(refusal, **details)
    return text


def page(query: Mapping[str, str]) -> slice:
    """Return the requested part of a list; the defaults are `offset` 0 and `limit` 30, like in the official client."""
    number, refusal = "[0-9]{1,10}", "page_malformed"
    offset = int(matching(number, query.get("offset", "0"), refusal, field="offset"))
    limit = int(matching(number, query.get("limit", "30"), refusal, field="limit"))
    return slice(offset, min(offset + limit, MOST_RECORDS))


def parse(raw: bytes) -> object:
    """Return the JSON of a body, with fractions as exact decimals; of duplicate keys, the last counts."""

    def constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not a JSON number")

    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=constant)
    except RecursionError:
        reason = "it is nested too deeply"
    except (ValueError, ArithmeticError) as error:
        reason = str(error) or type(error).__name__
    raise RequestRefused("body_not_json", reason=reason)


def render(value: object) -> str:
    """Return JSON text in JavaScript's format: the number 340.00 becomes `340`, 10.50 becomes `10.5`."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: datetime | Decimal) -> str | float | None:
    if isinstance(value, datetime):
        return iso(value)
    number = float(value)  # JavaScript has only floats, and writes null for one that is too large
    return None if isinf(number) else int(number) if number.is_integer() and abs(number) < 1e21 else number
