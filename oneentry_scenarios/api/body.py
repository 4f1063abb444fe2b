"""Message bodies, kept as JSON if that is lossless, else as text; and a lossless JSON parser."""

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_serializer


class Body(BaseModel):
    """A body: a JSON structure if that is lossless (`json`), else text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)

    structure: Any = Field(default=None, alias="json")
    text: str | None = None

    @model_serializer
    def _only_one(self) -> dict[str, Any]:
        return {"json": self.structure} if self.is_structure else {"text": self.text}

    @classmethod
    def of(cls, content: bytes) -> Self | None:
        """Return `content` in its most readable lossless form; `None` for an empty body."""
        if not content:
            return None
        encoding = json.detect_encoding(content)  # as httpx does; binary content may hide a secret: keep its hash
        try:
            text = content.decode(encoding)
            if encoding != "utf-8":
                json.loads(text)
        except (ValueError, RecursionError):
            digest = hashlib.sha256(content).hexdigest()
            return cls(text=f"({len(content)} bytes that are not text, SHA-256 {digest})")
        try:
            structure = _parsed(text, _same_float, _same_float)
        except (ValueError, RecursionError):
            return cls(text=text)
        return cls(json=structure)

    @property
    def is_structure(self) -> bool:
        """Whether the body is JSON that serializes back unchanged."""
        return "structure" in self.model_fields_set

    def parsed(self) -> Any:
        """Return the JSON, also of a body kept as text (`340.00`, duplicate keys); `None` for anything else."""
        if self.text is None:
            return self.structure
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    def content(self) -> bytes:
        """Return the bytes that replay serves."""
        return str(self).encode()

    def __str__(self) -> str:
        """Return the body as readable text."""
        return _to_json(self.structure) if self.text is None else self.text


def parse_json_exactly(content: bytes) -> Any:
    """Parse JSON, with fractions as `Decimal`; raise ValueError, or RecursionError if it is nested too deeply."""
    return _parsed(content.decode(), Decimal, _no_constant)


def _parsed(text: str, parse_float: Callable[[str], Any], parse_constant: Callable[[str], Any]) -> Any:
    try:
        return _parsed_if_whole(text)
    except (ValueError, RecursionError):
        return _loads(text, parse_float=parse_float, parse_constant=parse_constant)


@lru_cache(maxsize=1)  # each response is parsed twice: to be redacted and to be validated
def _parsed_if_whole(text: str) -> Any:
    """Parse JSON whose numbers are integers; raise ValueError for other numbers."""
    return _integers_only.decode(text)


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object; raise ValueError for duplicate keys."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        duplicates = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"duplicate key: {', '.join(duplicates)}")
    return members


def _same_float(text: str) -> float:
    number = float(text)
    if repr(number) != text:
        raise ValueError("the number would serialize differently")
    return number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not valid in JSON")


_loads = partial(json.loads, object_pairs_hook=without_duplicates)
# Created once: `json.loads` and `json.dumps` create a decoder or an encoder in each call.
_integers_only = json.JSONDecoder(
    object_pairs_hook=without_duplicates, parse_float=_no_constant, parse_constant=_no_constant
)
_to_json = json.JSONEncoder(ensure_ascii=False).encode
