"""Compares what was expected with what a call returned, field by field, and words the difference."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from oneentry_scenarios.shop.paging import PagedResult


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


def paired(expected: Mapping[str, object], found: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """The fields of both, for `expect`; a field that only one of them has is "nothing" in the other."""
    return {name: (expected.get(name, "nothing"), found.get(name, "nothing")) for name in {**expected, **found}}


def expect_true(subject: str, answer: HasOperation, claims: Mapping[str, tuple[bool, object]]) -> None:
    """Raise AssertionError with all false `claims`; each maps to whether it holds and what `answer` shows instead."""
    __tracebackhide__ = True
    false = {claim: found for claim, (holds, found) in claims.items() if not holds}
    _fail_if_any(subject, answer, [f"expected that {claim}, got {_shown(found)}" for claim, found in false.items()])


def expect_complete(name: str, result: PagedResult[Any]) -> None:
    """Raise AssertionError if the server shows only a part of the list of `name`, and what is wanted is not in it."""
    __tracebackhide__ = True
    if result.is_cut:
        raise AssertionError(
            f"The list of {name} ({result.operation}) is not as expected:\n"
            f"  expected items up to its total, {result.total}, got {len(result.items)}\n"
            f"So nobody can tell whether what was just made is among them. OneEntry lets a user group read 10 "
            f"records unless told otherwise: raise that number for {name} in the admin panel, in the permissions "
            f"of the user's group, or run as a test user that has fewer."
        )


def _shown(value: object) -> object:
    """A value as part of a sentence, where an empty text would be invisible."""
    return '""' if value == "" else value


def _fail_if_any(subject: str, answer: HasOperation, problems: Iterable[str]) -> None:
    __tracebackhide__ = True
    if listed := "".join(f"\n  {problem}" for problem in problems):
        raise AssertionError(f"{subject} ({answer.operation}) is not as expected:{listed}")
