"""Compares what was expected with what an operation answered, field by field, and tells it in the shop's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def expect(subject: str, operation: str, expected: Mapping[str, object], actual: Mapping[str, object]) -> None:
    """Compare all fields of `subject`, which `operation` answered, at once.

    Raises:
        AssertionError: at least one differs; names each, with what was expected and what was found.
    """
    __tracebackhide__ = True
    missing = "nothing"
    differing = [name for name in {**expected, **actual} if expected.get(name, missing) != actual.get(name, missing)]
    _tell(
        subject,
        operation,
        [
            f"{name}: expected {_shown(expected.get(name, missing))}, got {_shown(actual.get(name, missing))}"
            for name in differing
        ],
    )


def expect_true(subject: str, operation: str, claims: Mapping[str, tuple[bool, object]]) -> None:
    """See that every claim about `subject`, which `operation` answered, is true; with each stands what was found.

    Raises:
        AssertionError: at least one is false; lists those.
    """
    __tracebackhide__ = True
    _tell(
        subject,
        operation,
        [f"expected that {claim}, got {_shown(found)}" for claim, (holds, found) in claims.items() if not holds],
    )


def _shown(value: object) -> object:
    """A value as it reads in a sentence: an empty text would not be seen."""
    return '""' if value == "" else value


def _tell(subject: str, operation: str, problems: list[str]) -> None:
    __tracebackhide__ = True
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise AssertionError(f"{subject} ({operation}) is not as expected:{listed}")
