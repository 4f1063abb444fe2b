"""Edits of JSON: of the value at a path such as `products.0.quantity`, or of each record."""

from collections.abc import Callable
from typing import Any

#: Returns a changed JSON value.
Edit = Callable[[Any], Any]


class Absent(Exception):
    """The value to change is missing."""


def found(value: Any, path: str) -> Any:
    """Return the value at a path such as `products.0.quantity`; `None` if there is none."""
    try:
        return value_of(*_holder(value, path))
    except Absent:
        return None


def put(path: str, new: object) -> Edit:
    """Replace the value at `path`; `new` may be a function of the current value."""

    def edit(value: Any) -> Any:
        holder, last = _holder(value, path)
        now = value_of(holder, last)
        holder[last] = new(now) if callable(new) else new
        return value

    return edit


def add(path: str, new: object) -> Edit:
    """Set a value at `path`, whether or not there is one."""

    def edit(value: Any) -> Any:
        holder, last = _holder(value, path)
        holder[last] = new
        return value

    return edit


def drop(path: str) -> Edit:
    """Remove the value at `path`."""

    def edit(value: Any) -> Any:
        holder, last = _holder(value, path)
        value_of(holder, last)
        del holder[last]
        return value

    return edit


def newest(edit: Edit) -> Edit:
    """Apply an edit to the newest record of a list or a page; lists may be newest or oldest first."""

    def apply(value: Any) -> Any:
        records = value["items"] if isinstance(value, dict) else value
        if not records:
            raise Absent("a record")
        edit(max(records, key=lambda record: record["id"]))
        return value

    return apply


def records(edit: Edit) -> Edit:
    """Apply an edit to the record, or to each in a list or on a page."""

    def apply(value: Any) -> Any:
        if isinstance(value, list):
            return [apply(each) for each in value]
        if isinstance(value, dict) and isinstance(value.get("items"), list):
            return {**value, "items": apply(value["items"])}
        return edit(value) if isinstance(value, dict) else value

    return apply


def more(number: float) -> Edit:
    """Add to an amount, which may be a text with two decimals."""
    return lambda now: f"{float(now) + number:.2f}" if isinstance(now, str) else now + number


def both(*edits: Edit) -> Edit:
    """Apply several edits in order."""

    def edit(value: Any) -> Any:
        for each in edits:
            value = each(value)
        return value

    return edit


def value_of(value: Any, key: str | int) -> Any:
    """Return a member of a JSON value.

    Raises:
        Absent: there is none.
    """
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        raise Absent(str(key)) from None


def _holder(value: Any, path: str) -> tuple[Any, str | int]:
    """Return the object or list that contains, or may contain, the last part of a path, and that part."""
    *above, last = path.split(".")
    for key in above:
        value = value_of(value, _key(value, key))
    return value, _key(value, last)


def _key(value: Any, key: str) -> str | int:
    """Return digits as a position for a list, but as a name for an object: refunds have product IDs as names."""
    return int(key) if isinstance(value, list) and key.lstrip("-").isdigit() else key
