"""Compares expected and returned values field by field, and formats the differences."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NoReturn, Protocol, cast

import pytest

from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.shop.domain import Confirmation


class HasOperation(Protocol):
    """The result of a call; it names the call."""

    @property
    def operation(self) -> str: ...  # noqa: D102


#: Reasons why a check is inconclusive.
INCONCLUSIVE: Mapping[Literal["hidden", "no_checkout_link", "other_run", "others"], str]
INCONCLUSIVE = cast("Any", read_toml(__file__, "inconclusive.toml"))
#: Name of a field -> expected and returned value.
Fields = Mapping[str, tuple[object, object]]
#: Condition in words, after "expected that" -> whether it holds, and the returned value that decides this.
Conditions = Mapping[str, tuple[bool, object]]
_NONE: Mapping[str, Any] = {}
_WORDS = {"''": '""', "None": "none", "True": "true", "False": "false"}


#: Comparisons that are not reported yet, oldest first; the limit applies if nothing reports them. Each is a tuple of
#: subject, operation, name of the field or condition, found value or difference, and whether it holds.
COMPARED: deque[tuple[str, str, str, str, bool]] = deque(maxlen=1000)


def expect(subject: str, response: HasOperation, fields: Fields = _NONE, conditions: Conditions = _NONE) -> None:
    """Raise AssertionError with all `fields` that differ and all `conditions` that do not hold."""
    __tracebackhide__ = True
    problems = []
    for name, (want, got) in fields.items():
        is_equal = agree(want, got)
        value = str(_shown(got)) if is_equal else differing(want, got)
        COMPARED.append((subject, response.operation, name, value, is_equal))
        if not is_equal:
            problems.append(f"{name}: {value}")
    for condition, (holds, got) in conditions.items():
        value = "yes" if holds else f"got {_shown(got)}"
        COMPARED.append((subject, response.operation, condition, value, bool(holds)))
        if not holds:
            problems.append(f"expected that {condition}, {value}")
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise AssertionError(f"{subject} ({response.operation}) is not as expected:{listed}")


def expect_confirmation(response: Confirmation) -> None:
    """Check that the shop confirms the request, such as signing out or requesting a refund."""
    expect("The response", response, {"confirmation": (True, response.is_confirmed)})


def skip_inconclusive(reason: str) -> NoReturn:
    """Skip the scenario because a healthy and a broken shop would return the same. Live runs list the reasons."""
    __tracebackhide__ = True
    pytest.skip(f"inconclusive: {reason}")


def agree(one: object, other: object) -> bool:
    """Return whether two values are equal; two dates may differ by less than a second because of their formats."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < timedelta(seconds=1)
    return one == other


def differing(want: object, got: object) -> str:
    """Return the part of a sentence about an expected and a returned value."""
    return f"expected {_shown(want)}, got {_shown(got)}"


def _shown(value: object) -> object:
    """Return a value for a sentence: a list without brackets, and words for what is empty or invisible."""
    if type(value) in (list, tuple):
        listed = ", ".join(str(_shown(each)) for each in cast("list[object]", value)) or "none"
        return f"({listed})" if type(value) is tuple else listed
    return _WORDS.get(repr(value), value)
