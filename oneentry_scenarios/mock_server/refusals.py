"""The refusals of the mock server: `refusals.toml` has the status and the message of each."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

Found = TypeVar("Found")


class Refusal(NamedTuple):
    """A way to refuse a request."""

    name: str
    status: int
    template: str


_TABLE = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))
REFUSALS = {name: Refusal(name, *line) for name, line in _TABLE.items()}


class RequestRefused(Exception):
    """The shop refuses a request, as one of REFUSALS. `details` fill the placeholders of its message."""

    def __init__(self, name: str, **details: object) -> None:
        self.refusal = REFUSALS[name]
        super().__init__(self.refusal.template.format(**details))


def find(records: Iterable[Found], refusal: str, **wanted: object) -> Found:
    """The first record with these attributes; without one, the request is refused, and they fill the message."""
    for each in records:
        if all(getattr(each, name) == value for name, value in wanted.items()):
            return each
    raise RequestRefused(refusal, **wanted)
