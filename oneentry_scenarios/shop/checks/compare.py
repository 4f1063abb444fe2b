"""Compares what was expected with what a call returned, field by field, and words the difference."""

import tomllib
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NoReturn, Protocol, cast

import pytest


class HasOperation(Protocol):
    """Whatever a call returned: it names the call."""

    @property
    def operation(self) -> str: ...  # noqa: D102


#: Reasons why something cannot be told.
UNSURE: Mapping[Literal["hidden", "no_checkout_link", "other_run", "others"], str]
UNSURE = cast("Any", tomllib.loads(Path(__file__).with_name("unsure.toml").read_text("utf-8")))
#: By name, what is wanted and what is shown.
Pairs = Mapping[str, tuple[object, object]]
_NONE: Pairs = {}


#: What was compared, oldest first, until it is reported; no more is kept where no one reports. Of each field and claim:
#: what it is of, which operation returned that, its name, what was found or how that differs, and whether it holds.
COMPARED: deque[tuple[str, str, str, str, bool]] = deque(maxlen=1000)


def expect(subject: str, answer: HasOperation, fields: Pairs = _NONE, claims: Pairs = _NONE) -> None:
    """Raise AssertionError with all `fields` that differ and all false `claims`.

    Both map to what `answer` shows: a field with what is expected, a claim with whether it holds.
    """
    __tracebackhide__ = True
    problems = []
    for name, (want, got) in fields.items():
        is_equal = agree(want, got)
        value = str(_shown(got)) if is_equal else f"expected {_shown(want)}, got {_shown(got)}"
        COMPARED.append((subject, answer.operation, name, value, is_equal))
        if not is_equal:
            problems.append(f"{name}: {value}")
    for claim, (holds, got) in claims.items():
        value = "yes" if holds else f"got {_shown(got)}"
        COMPARED.append((subject, answer.operation, claim, value, bool(holds)))
        if not holds:
            problems.append(f"expected that {claim}, {value}")
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise AssertionError(f"{subject} ({answer.operation}) is not as expected:{listed}")


def cannot_tell(reason: str) -> NoReturn:
    """Skip the scenario: a healthy shop and a broken one would look the same. Live runs sum up the reasons."""
    __tracebackhide__ = True
    pytest.skip(f"cannot tell: {reason}")


def agree(one: object, other: object) -> bool:
    """Whether two values are equal; two dates of the same event may differ in the way in which they are written."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < timedelta(seconds=1)
    return one == other


def _shown(value: object) -> object:
    """A value as part of a sentence, where an empty text would be invisible."""
    return '""' if value == "" else value
