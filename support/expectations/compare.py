"""Compares what was expected with what was found, field by field, and tells it in the shop's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def expect(subject: str, expected: Mapping[str, object], actual: Mapping[str, object]) -> None:
    """Compare all fields at once.

    Raises:
        AssertionError: at least one differs; names each, with what was expected and what was found.
    """
    missing = "nothing"
    differing = [name for name in {**expected, **actual} if expected.get(name, missing) != actual.get(name, missing)]
    if differing:
        lines = (
            f"\n  {name}: expected {expected.get(name, missing)}, got {actual.get(name, missing)}" for name in differing
        )
        raise AssertionError(f"{subject} is not as expected:{''.join(lines)}")


def expect_true(claims: Mapping[str, bool], subject: str) -> None:
    """See that every claim about `subject` is true.

    Raises:
        AssertionError: at least one is false; lists those.
    """
    broken = [claim for claim, holds in claims.items() if not holds]
    if broken:
        raise AssertionError(f"{subject} is not as expected:" + "".join(f"\n  not true: {claim}" for claim in broken))
