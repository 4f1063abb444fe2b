"""The kinds of word that gaps in a step's wording accept, and `phrase`, which makes a wording of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parse import with_pattern
from pytest_bdd import parsers

if TYPE_CHECKING:
    from collections.abc import Callable


def _kind(pattern: str, convert: Callable[[str], object]) -> Callable[[str], object]:
    decorated: Callable[[str], object] = with_pattern(pattern)(lambda text: convert(text))
    return decorated


WORDS: dict[str, Callable[[str], Any]] = {
    "Name": _kind(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*", str),
    "Quantity": _kind(r"[1-9][0-9]*", int),
    "Product": _kind(r'"[^"]+"', lambda text: text.strip('"')),
    "Account": _kind(r'"[^"]+"', lambda text: text.strip('"')),
}


def phrase(wording: str) -> parsers.parse:
    """A step's wording, such as `{buyer:Name} orders {quantity:Quantity} {product:Product}`; upper case matters."""
    return parsers.parse(wording, extra_types=WORDS, case_sensitive=True)
