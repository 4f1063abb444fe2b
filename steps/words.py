"""The kinds of word that gaps in a step's wording accept, and `phrase`, which makes a wording of them."""

from collections.abc import Callable
from typing import Any

from parse import with_pattern
from pytest_bdd import parsers


def _kind(pattern: str, convert: Callable[[str], object] = str) -> Callable[[str], object]:
    decorated: Callable[[str], object] = with_pattern(pattern)(lambda text: convert(text))
    return decorated


def _unquoted(text: str) -> str:
    return text.strip('"')


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


WORDS: dict[str, Callable[[str], Any]] = {
    "Account": _kind(r'"[^"]+"', _unquoted),
    "Mistake": _kind(r"an? (?:wrong|unknown|empty) (?:password|user name|provider)"),
    "Number": _kind(r"[1-9][0-9]*", int),
    "OddQuantity": _kind(r"-?[0-9]+(?:\.[0-9]+)?", _number),
    "Outcome": _kind(r"completed|canceled|expired"),
    "Person": _kind(r"Christina|Ben|a visitor"),
    "Product": _kind(r'"[^"]+"', _unquoted),
    "Words": _kind(r'"[^"]+"', _unquoted),
}


def phrase(wording: str) -> parsers.parse:
    """A step's wording, such as `{person:Person} orders {number:Number} {product:Product}`; upper case matters."""
    return parsers.parse(wording, extra_types=WORDS, case_sensitive=True)
