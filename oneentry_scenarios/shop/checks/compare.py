"""Compares what was expected with what a call returned, field by field, and words the difference."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

import pytest


class HasOperation(Protocol):
    """Whatever a call returned: it names the call."""

    @property
    def operation(self) -> str: ...  # noqa: D102


def expect(subject: str, answer: HasOperation, fields: Mapping[str, tuple[object, object]]) -> None:
    """Raise AssertionError with all `fields` that differ; each maps to what is expected and what `answer` shows."""
    __tracebackhide__ = True
    differing = {name: (wanted, found) for name, (wanted, found) in fields.items() if wanted != found}
    problems = [
        f"{name}: expected {_shown(wanted)}, got {_shown(found)}" for name, (wanted, found) in differing.items()
    ]
    _fail_if_any(subject, answer, problems)


def expect_true(subject: str, answer: HasOperation, claims: Mapping[str, tuple[bool, object]]) -> None:
    """Raise AssertionError with all false `claims`; each maps to whether it holds and what `answer` shows instead."""
    __tracebackhide__ = True
    false = {claim: found for claim, (holds, found) in claims.items() if not holds}
    _fail_if_any(subject, answer, [f"expected that {claim}, got {_shown(found)}" for claim, found in false.items()])


def cannot_tell(reason: str) -> NoReturn:
    """Skip the scenario: a healthy shop and a broken one would look the same. The live summary lists each reason once.

    Raises:
        Skipped: always.
    """
    __tracebackhide__ = True
    pytest.skip(f"cannot tell: {reason}")


def moment_differs(one: datetime | None, other: datetime | None) -> bool:
    """Whether two dates of the same event differ by more than the way in which they are written; none differs not."""
    return None not in (one, other) and abs(one - other) >= timedelta(seconds=1)  # type: ignore[operator]


def _shown(value: object) -> object:
    """A value as part of a sentence, where an empty text would be invisible."""
    return '""' if value == "" else value


def _fail_if_any(subject: str, answer: HasOperation, problems: Iterable[str]) -> None:
    __tracebackhide__ = True
    if listed := "".join(f"\n  {problem}" for problem in problems):
        raise AssertionError(f"{subject} ({answer.operation}) is not as expected:{listed}")
