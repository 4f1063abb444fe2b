"""Whose turn it is after a failure, and which failures have one cause."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from oneentry_scenarios.gherkin.identity import PROPERTY_SCENARIO
from oneentry_scenarios.reporting.writer import ALLURE

#: In the text of a failure, the name of its category comes after this.
TURN = "Whose turn: "

#: What differs between scenarios that fail for one cause: their numbers, and the names of their cassettes.
_OWN = re.compile(r"cassettes/\S+|\d+(?:[.,]\d+)*")


def turn_of(error: BaseException, api: str) -> str:
    """Who has to act on `error`: the name of the first category that fits the run's `api` and its class or text."""
    kinds, text = {kind.__name__ for kind in type(error).__mro__}, str(error)
    asked = api != "replay"
    fitting = (
        turn["name"]
        for turn in ALLURE["categories"]
        if (kinds.intersection(turn["kinds"]) and (asked or turn.get("in_replay", True)))
        or (asked and "texts" in turn and re.search(turn["texts"], text))
    )
    return str(next(fitting))


def is_explained(error: BaseException) -> bool:
    """Whether the message of `error` was written for people who know the features but not the code."""
    is_from_package = type(error).__module__.startswith("oneentry_scenarios.")
    return (
        is_from_package or isinstance(error, AssertionError | pytest.fail.Exception | pytest.skip.Exception)
    ) and bool(str(error))


def message_of(error: BaseException) -> str:
    """What `error` says, without the exchange that a failed call quotes: reports have that beside."""
    return str(error.args[0]) if is_explained(error) else f"{type(error).__name__}: {error}".removesuffix(": ")


def causes_of(stats: Mapping[str, Sequence[object]]) -> list[str]:
    """Of each cause that several scenarios in pytest's `stats` fail for: how many, why, whose turn it is, the first."""
    causes: dict[str, list[Any]] = {}
    for report in (*stats.get("failed", ()), *stats.get("error", ())):
        if failure := getattr(report, "failure", None):
            causes.setdefault(_cause(failure[0]), []).append(report)
    return [_described(each) for each in sorted(causes.values(), key=len, reverse=True) if len(each) > 1]


def _described(reports: list[Any]) -> str:
    (problem, turn), first = reports[0].failure, dict(reports[0].user_properties)[PROPERTY_SCENARIO]
    lines = "\n  ".join([*problem.splitlines(), f"{TURN}{turn}", f"The first is: {first}"])
    return f"One cause, {len(reports)} scenarios:\n  {lines}"


def _cause(problem: str) -> str:
    """What scenarios have in common that fail for one cause: the first detail, or the first line if there is none."""
    first, *lines = problem.splitlines()
    details = (line.strip() for line in lines if line[:1] == " " and line[-1] != ":" and "pytest " not in line)
    return _OWN.sub("*", next(details, first))
