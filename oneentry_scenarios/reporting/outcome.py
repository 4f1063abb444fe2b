"""How a phase of a scenario ended, in Allure's words: status, message and trace."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from allure_commons.model2 import Status


class Outcome(NamedTuple):
    """What the report says about an end."""

    status: str
    message: str | None = None
    trace: str | None = None


def status_of(exception: BaseException | None) -> str:
    """`failed`: a promise was not kept; `broken`: it could not be told whether it was kept."""
    if exception is None:
        return Status.PASSED
    if isinstance(exception, pytest.skip.Exception):
        return Status.SKIPPED
    return Status.FAILED if isinstance(exception, AssertionError | pytest.fail.Exception) else Status.BROKEN


def outcome_of(report: pytest.TestReport, error: pytest.ExceptionInfo[BaseException] | None) -> Outcome:
    """The end that `report` is about; `error` is what was raised, if anything was."""
    if report.passed:
        return Outcome(Status.PASSED, _expected(report, "Passed, although it was expected to fail"))
    if report.skipped:
        reason = str(error.value) if error else None
        return Outcome(Status.SKIPPED, _expected(report, "Failed, as expected") or reason)
    if error is None:  # a scenario that passed although it is marked to fail, strictly
        return Outcome(Status.FAILED, report.longreprtext, report.longreprtext)
    return Outcome(status_of(error.value), error.exconly(), report.longreprtext)


def _expected(report: pytest.TestReport, what: str) -> str | None:
    reason = getattr(report, "wasxfail", None)
    return None if reason is None else f"{what}: {reason}" if reason else what
