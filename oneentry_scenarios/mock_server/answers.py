"""The mock server's responses: `answers.json` has the fields of each, `refusals.toml` the refusals."""

import json
import tomllib
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

from oneentry_scenarios.mock_server.shop_data import ShopData, Version

Found = TypeVar("Found")

#: Name of a response -> its fields. A text such as `$order.id` is a value of a part; other values are constant.
#: A field such as `amount [current]` exists in that API version only.
ANSWERS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))


class Answers:
    """Creates the responses of a shop in an API version."""

    def __init__(self, shop_data: ShopData, version: Version) -> None:
        self._shop_data, self.version = shop_data, version

    def __call__(self, name: str, /, **parts: object) -> dict[str, Any]:
        """Return the response with this name, filled from these parts and the shop's data."""
        known = SimpleNamespace(shop_data=self._shop_data, **parts)
        fields = ((*field.partition(" ["), value) for field, value in ANSWERS[name].items())
        versions = "", f"{self.version}]"
        return {field: self._filled(field, value, known) for field, _, only, value in fields if only in versions}

    def _filled(self, field: str, value: Any, known: SimpleNamespace) -> Any:
        """Return the value of a field; for `localizeInfos`, the title in every language."""
        if not (isinstance(value, str) and value.startswith("$")):
            return value
        shown = attrgetter(value[1:])(known)
        return {each: {"title": shown} for each in self._shop_data.languages} if "ocalizeInfos" in field else shown


class Refusal(NamedTuple):
    """A refusal: its name, its status and the template of its message."""

    name: str
    status: int
    template: str


_TABLE = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))
REFUSALS = {name: Refusal(name, *line) for name, line in _TABLE.items()}


class RequestRefused(Exception):
    """The shop refuses a request with one of REFUSALS; `details` fill the placeholders of its message."""

    def __init__(self, name: str, **details: object) -> None:
        self.refusal = REFUSALS[name]
        super().__init__(self.refusal.template.format(**details))


def find_or_refuse(records: Iterable[Found], refusal: str, **wanted: object) -> Found:
    """Return the first record with these attributes; without one, refuse the request with them in the message."""
    for each in records:
        if all(getattr(each, name) == value for name, value in wanted.items()):
            return each
    raise RequestRefused(refusal, **wanted)
