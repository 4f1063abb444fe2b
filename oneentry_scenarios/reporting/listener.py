"""Follows each scenario while it runs and tells Allure about it: its lines, its exchanges, how it ended."""

from __future__ import annotations

import csv
import io
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from allure_commons import plugin_manager
from allure_commons.model2 import Link, Status, StatusDetails, TestResult, TestStepResult
from allure_commons.types import AttachmentType, LinkType
from allure_pytest.listener import AllureListener

from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.reporting import exchanges
from oneentry_scenarios.reporting.outcome import Outcome, outcome_of, status_of
from oneentry_scenarios.reporting.scenario import labels_of, new_result, template_of, understands_tag
from oneentry_scenarios.reporting.vendor_docs import page_of

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pytest_bdd.parser import Scenario, Step

    from oneentry_scenarios.api.exchange import Exchange
    from oneentry_scenarios.drift.compare import Finding
    from oneentry_scenarios.gherkin.identity import ScenarioIdentity


_STOPPED = "The run was stopped, or its process crashed, while this scenario was running."


@dataclass
class _Running:
    """The scenario that is running now."""

    item: pytest.Item
    identity: ScenarioIdentity
    result: TestResult
    lines: list[Step] = field(default_factory=list)
    reached: int = 0
    open_step: str | None = None


class ScenarioListener(AllureListener):  # type: ignore[misc]  # allure-pytest has no types
    """Allure's listener for scenarios; tests of our own machinery are none of its business.

    Of allure-pytest's listener it keeps what serves `allure.attach`, `allure.step` and `allure.dynamic`. What that
    listener hears from pytest is switched off: it reports each fixture, names scenarios by Python functions, and
    knows no Gherkin.
    """

    pytest_runtest_setup = None
    pytest_runtest_call = None
    pytest_runtest_teardown = None
    pytest_runtest_logfinish = None
    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self._running: _Running | None = None

    @pytest.hookimpl
    def pytest_bdd_apply_tag(self, tag: str) -> bool | None:
        """Keep tags that speak to Allure from becoming marks that nobody has registered."""
        return understands_tag(tag) or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark scenarios for allure-pytest's own selection, such as `--allure-severities=critical`."""
        for item in items:
            if (identity := item.stash.get(IDENTITY, None)) is not None:
                for kind, value in labels_of(item, identity).items():
                    item.add_marker(pytest.mark.allure_label(value, label_type=kind))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Report the scenario `item`, whatever becomes of it."""
        identity = item.stash.get(IDENTITY, None)
        if identity is None:
            return (yield)
        result = new_result(item, identity)
        result.start = result.stop = _now()
        # Written at once: if the process ends before the scenario does, this is what the report has of it.
        result.status, result.statusDetails = Status.BROKEN, StatusDetails(message=_STOPPED)
        plugin_manager.hook.report_result(result=result)
        self._running = _Running(item, identity, result)
        self.allure_logger.schedule_test(result.uuid, result)
        try:
            return (yield)
        finally:
            self._finish(self._running)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Take over how set-up, scenario and clean-up ended."""
        report = yield
        if (running := self._running) is not None and running.item is item:
            self._take(running.result, report, outcome_of(report, call.excinfo))
        return report

    @pytest.hookimpl
    def pytest_bdd_before_scenario(self, scenario: Scenario) -> None:
        """Remember the lines to come."""
        if self._running is not None:
            self._running.lines = scenario.steps

    @pytest.hookimpl
    def pytest_bdd_before_step(self, step: Step) -> None:
        """Begin a line."""
        if (running := self._running) is None:
            return
        running.reached += 1
        running.open_step = str(uuid4())
        self.start_step(running.open_step, _line(step), {})
        if step.docstring is not None:
            self.attach_data(step.docstring, "Text", AttachmentType.TEXT, None)
        if step.datatable is not None:
            self.attach_data(_as_csv(step.datatable.raw()), "Table", AttachmentType.CSV, None)

    @pytest.hookimpl
    def pytest_bdd_after_step(self) -> None:
        """End a line that held."""
        self._end_step(None)

    @pytest.hookimpl
    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        """End a line that failed."""
        self._end_step(exception)

    @pytest.hookimpl
    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: BaseException) -> None:
        """Report a line that no step definition understands."""
        self.pytest_bdd_before_step(step)
        self._end_step(exception)

    @pytest.hookimpl
    def pytest_bdd_after_scenario(self) -> None:
        """End a line that was left by a skip or an interruption, of which pytest-bdd says nothing."""
        self._end_step(sys.exception())

    # The recording plugin specifies this hook; a run without it has no exchanges.
    @pytest.hookimpl(optionalhook=True)
    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """Attach an exchange to the line that caused it."""
        if self._running is not None and self._running.item is item:
            content: Any = exchanges.document_of(exchange)
            self.attach_data(content, exchanges.name_of(exchange), exchanges.MEDIA_TYPE, exchanges.FILE_ENDING)
            page = Link(LinkType.LINK, page_of(exchange.operation), f"How OneEntry documents {exchange.operation}")
            if page not in self._running.result.links:
                self._running.result.links.append(page)

    @pytest.hookimpl(optionalhook=True)
    def pytest_scenario_drift(self, item: pytest.Item, findings: Sequence[Finding]) -> None:
        """Attach a table of what the API says otherwise than the cassette."""
        if self._running is not None and self._running.item is item:
            rows = [each.to_dict() for each in findings]
            table = [list(rows[0]), *(list(row.values()) for row in rows)]
            name = "First contact" if any(each.fidelity for each in findings) else "Drift"
            self.attach_data(_as_csv(table), name, AttachmentType.CSV, None)

    def _end_step(self, exception: BaseException | None) -> None:
        if (running := self._running) is None or running.open_step is None:
            return
        details = StatusDetails(message=_words(exception)) if exception else None
        self.allure_logger.stop_step(running.open_step, stop=_now(), status=status_of(exception), statusDetails=details)
        running.open_step = None

    def _take(self, result: TestResult, report: pytest.TestReport, outcome: Outcome) -> None:
        if report.when == "teardown" and result.status in (Status.FAILED, Status.BROKEN):
            # What failed first is the story; what then failed in cleaning up is told after it.
            if outcome.trace:
                result.statusDetails.trace += f"\n\nThe clean-up failed too:\n\n{outcome.trace}"
        elif report.when == "call" or not report.passed:
            result.status = outcome.status
            told = outcome.message or outcome.trace
            result.statusDetails = StatusDetails(message=outcome.message, trace=outcome.trace) if told else None
        if report.when == "teardown" and result.status in (Status.FAILED, Status.BROKEN):
            self._attach_captured(report)

    def _attach_captured(self, report: pytest.TestReport) -> None:
        if self.config.option.attach_capture:
            captured = {"log": report.caplog, "stdout": report.capstdout, "stderr": report.capstderr}
            for name, text in captured.items():
                if text:
                    self.attach_data(text, name, AttachmentType.TEXT, None)

    def _finish(self, running: _Running) -> None:
        result = running.result
        lines = running.lines or template_of(running.item).render(running.identity.row).steps
        result.steps.extend(
            TestStepResult(name=_line(step), status=Status.SKIPPED, start=_now(), stop=_now())
            for step in lines[running.reached :]
        )
        result.stop = _now()
        self._running = None
        self.allure_logger.close_test(result.uuid)


def _now() -> int:
    """Allure's time: milliseconds."""
    return round(time.time() * 1000)


def _line(step: Step) -> str:
    return f"{step.keyword} {step.name}"


def _as_csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _words(exception: BaseException) -> str:
    """What went wrong, without the exchange that a failed call quotes: it is attached already."""
    return str(next(iter(exception.args), "")) or type(exception).__name__
