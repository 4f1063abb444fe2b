"""Redaction rules from `rules.toml`, and checks that patterns alone cannot express."""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from ipaddress import ip_address

from oneentry_scenarios.redaction.placeholders import REGEX, RULES, Kind, recognize

NAMES = {Kind(kind): re.compile(pattern, re.VERBOSE) for kind, pattern in RULES["names"].items()}
SHAPES = {Kind(kind): re.compile(pattern, re.VERBOSE) for kind, pattern in RULES["shapes"].items()}
_HINTS = {Kind(kind): re.compile(pattern, re.VERBOSE) for kind, pattern in RULES["hints"].items()}
WORDS = frozenset(RULES["words"]["names"].split())

_LONGEST_NAME = 64


class AnyShape:
    """All shapes as one pattern, whose groups are kinds. It searches only for shapes whose hint the text contains."""

    def sub(self, replace: Callable[[re.Match[str]], str], text: str) -> str:
        """Return `text` with each match replaced."""
        kinds = tuple([kind for kind, hint in _HINTS.items() if hint.search(text)])
        return _any_of(kinds).sub(replace, text) if kinds else text


@cache
def _any_of(kinds: tuple[Kind, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind.name}>{SHAPES[kind].pattern})" for kind in kinds), re.VERBOSE)


def must_remain(text: str, start: int, end: int, words: Collection[str]) -> bool:
    """Return whether a known value in `text` must stay: it is part of a placeholder, or of one of `words` as a name.

    In a sentence or a path, such a word cannot be distinguished from a secret with the same letters. So it stays
    there, and is redacted only as a whole value: in JSON, in a query, in a header, in quotes.
    """
    before, after = text[max(0, start - _LONGEST_NAME) : start], text[end : end + _LONGEST_NAME]
    no_name = REGEX["no-name"]
    name = f"{no_name.split(before)[-1]}{text[start:end]}{no_name.split(after)[0]}"
    if name not in words:
        return recognize(name) is not None
    is_value = len(name) == end - start and REGEX["before-value"].search(before) and REGEX["after-value"].match(after)
    return not is_value or REGEX["before-marker"].search(before) is not None


def _is_card(text: str) -> bool:
    digits = [int(digit) for digit in reversed(text) if digit.isdigit()]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_address_of_a_person(text: str) -> bool:
    with suppress(ValueError):
        return not (ip_address(text).is_loopback or ip_address(text).is_unspecified)
    return False


#: Additional conditions for values with a shape: valid check digits, or an address of another machine.
CHECKS: dict[Kind, Callable[[str], bool]] = {
    Kind.ACCESS_TOKEN: lambda text: "." in text,
    Kind.CARD: _is_card,
    Kind.IBAN: _is_iban,
    Kind.PHONE: lambda text: 8 <= sum(map(str.isdigit, text)) <= 15,
    Kind.IP: _is_address_of_a_person,
}
