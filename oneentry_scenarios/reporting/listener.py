"""Reports the steps, exchanges and outcome of each running scenario to Allure."""

import csv
import functools
import hashlib
import io
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from allure_commons import plugin_manager
from allure_commons.model2 import Label, Link, Parameter, Status, StatusDetails, TestResult, TestStepResult
from allure_commons.types import AttachmentType, LabelType, LinkType, Severity
from allure_pytest.listener import AllureListener
from allure_pytest.utils import get_status
from pydantic.alias_generators import to_camel
from pytest_bdd.parser import Scenario, Step

from oneentry_scenarios.api.exchange import Exchange, Request, Response
from oneentry_scenarios.gherkin.identity import IDENTITY, template_of
from oneentry_scenarios.reporting.failure import message_of
from oneentry_scenarios.reporting.writer import to_bytes
from oneentry_scenarios.shop.checks.compare import COMPARED

#: The tags that set an Allure label, for example `@severity:critical`.
TAGS_FOR_ALLURE = {"severity": LabelType.SEVERITY, "epic": LabelType.EPIC}
_DOCS = "https://js-sdk.oneentry.cloud/docs"
#: The docs page of this method still has the name from before version 1.0.149 of the official client.
_RENAMED = {"orders/getOrdersStorageByMarker": "orders/getOrderByMarker"}
_EXCHANGE = "application/vnd.allure.http+json"
_STOPPED = "The run was stopped, or its process crashed, while this scenario was running."


class ScenarioListener(AllureListener):  # type: ignore[misc]  # allure-pytest has no types
    """Allure listener for scenarios; it ignores Python tests.

    It inherits support for `allure.attach`, `allure.step` and `allure.dynamic`; inherited hooks are disabled.
    """

    _result = TestResult()  # of the running scenario
    _steps: list[Step] = []  # noqa: RUF012  (replaced by each scenario, never mutated)
    _steps_begun = 0
    _open_step: str | None = None
    _exchanges: list[tuple[str, dict[str, Any], str]] = []  # noqa: RUF012  (the same: operation, attachment, its name)

    def pytest_bdd_apply_tag(self, tag: str) -> bool | None:
        """Prevent tags that set an Allure label from becoming unregistered markers."""
        return sets_label(tag) or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Add markers for allure-pytest's selection options, for example `--allure-severities=critical`."""
        for item in items:
            if IDENTITY in item.stash:
                for kind, value in labels_of(item).items():
                    item.add_marker(pytest.mark.allure_label(value, label_type=kind))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Report the scenario `item`, however it ends."""
        if IDENTITY not in item.stash:
            return (yield)
        self._steps, self._steps_begun, self._exchanges = [], 0, []
        self._result = result = new_result(item)
        result.start = result.stop = _now()
        # Written immediately: if the process crashes, the report shows this result.
        result.status, result.statusDetails = Status.BROKEN, StatusDetails(message=_STOPPED)
        plugin_manager.hook.report_result(result=result)
        self.allure_logger.schedule_test(result.uuid, result)
        try:
            return (yield)
        finally:
            # If the scenario ended before its first step, render the steps here.
            steps = self._steps or template_of(item).render(item.stash[IDENTITY].row).steps
            result.steps.extend(
                TestStepResult(name=_line(step), status=Status.SKIPPED, start=_now(), stop=_now())
                for step in steps[self._steps_begun :]
            )
            result.stop = _now()
            self.allure_logger.close_test(result.uuid)

    def pytest_bdd_before_step(self, scenario: Scenario, step: Step) -> None:
        """Begin a step."""
        self._steps, self._steps_begun = scenario.steps, self._steps_begun + 1
        self._open_step = f"{self._result.uuid}-{self._steps_begun}"
        COMPARED.clear()
        self.start_step(self._open_step, _line(step), {})
        if step.docstring is not None:
            self.attach_data(step.docstring, "Text", AttachmentType.TEXT, None)
        if step.datatable is not None:
            self.attach_data(_as_csv(step.datatable.raw()), "Table", AttachmentType.CSV, None)

    #: A step without a step definition begins, too.
    pytest_bdd_step_func_lookup_error = pytest_bdd_before_step

    def pytest_bdd_after_step(self) -> None:
        """End a step: after it passed, or after the scenario if it failed, was skipped or was interrupted."""
        if self._open_step is not None:
            error = sys.exception()
            details = StatusDetails(message=message_of(error)) if error else None
            self._show_compared(error)
            self.allure_logger.stop_step(self._open_step, stop=_now(), status=get_status(error), statusDetails=details)
            self._open_step = None

    pytest_bdd_after_scenario = pytest_bdd_after_step

    def _show_compared(self, error: BaseException | None) -> None:
        """Show the open step's comparisons; if it failed, also attach the exchange of the failed comparison."""
        step = self.allure_logger.get_item(self._open_step)
        subjects = {subject for subject, *_ in COMPARED}
        for subject, _, name, value, holds in dict.fromkeys(COMPARED):
            shown = f"{subject}: {name}" if len(subjects) > 1 else name
            step.parameters.append({"name": shown if holds else f"\u2717 {shown}", "value": value})
        judged = next((row[1] for row in reversed(COMPARED) if error and not row[-1]), None)
        calls = [call for call in self._exchanges if call[0] == judged]
        # Each call has its own string object for its operation: identity means the same call.
        for _, document, name in sorted(calls, key=lambda call: call[0] is judged)[-1:]:
            if name not in (each.name for each in step.attachments):
                self.attach_data(document, f"Compared response: {name}", _EXCHANGE, "httpexchange")

    @pytest.hookimpl(optionalhook=True)
    def pytest_api_exchange(self, exchange: Exchange) -> None:
        """Attach an exchange to the step that caused it."""
        document, name = _attachment_of(exchange)
        self._exchanges.append((exchange.operation, document, name))
        file_name = f"{self._result.uuid}-{len(self._exchanges)}"  # faster than the UUID of self.attach_data
        self.allure_logger.attach_data(file_name, document, name, _EXCHANGE, "httpexchange")
        page = Link(LinkType.LINK, page_of(exchange.operation), f"OneEntry docs: {exchange.operation}")
        if page not in self._result.links:
            self._result.links.append(page)

    @pytest.hookimpl(optionalhook=True)
    def pytest_scenario_drift(self, findings: Sequence[Any]) -> None:
        """Attach a table of the differences from the cassette."""
        name = "Mock mismatch" if any(each.evidence for each in findings) else "Drift"
        self.attach_data(_as_csv([findings[0]._fields, *findings]), name, AttachmentType.CSV, None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # around failure.py's, which redacts the report
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Copy the outcome of a phase to the running scenario's result."""
        report, result = (yield), self._result
        if IDENTITY not in item.stash:
            return report
        has_failed = result.status in (Status.FAILED, Status.BROKEN)
        if report.when == "teardown" and has_failed:
            if report.failed:  # the first failure is the reason; this one follows it
                result.statusDetails.trace += f"\n\nThe teardown failed, too:\n\n{report.longrepr}"
        elif report.when == "call" or not report.passed:
            has_failed = report.failed
            result.status, result.statusDetails = _ending(report, call.excinfo.value if call.excinfo else None)
        if report.when == "teardown" and has_failed and self.config.option.attach_capture:
            for name in ("log", "stdout", "stderr"):
                if text := getattr(report, f"cap{name}"):
                    self.attach_data(text, name, AttachmentType.TEXT, None)
        return report


@functools.cache  # called for each exchange
def page_of(operation: str) -> str:
    """Return the official client's docs page for `operation`, for example `orders.create_order`."""
    group, _, method = operation.partition(".")
    path = f"{group.replace('_', '-')}/{to_camel(method)}"
    return f"{_DOCS}/{_RENAMED.get(path, path)}"


def sets_label(tag: str) -> bool:
    """Return whether `tag` sets an Allure label; raise CollectError for an unknown severity."""
    kind, colon, value = tag.partition(":")
    severities = [severity.value for severity in Severity]
    if kind == "severity" and colon and value not in severities:
        raise pytest.Collector.CollectError(f"@{tag} is not a severity. Use one of: {', '.join(severities)}.")
    return bool(colon) and kind in TAGS_FOR_ALLURE


def labels_of(item: pytest.Item) -> dict[str, str]:
    """Return the severity of `item` and its place in Allure's tree: epic if tagged, feature, and rule if any."""
    template, identity = template_of(item), item.stash[IDENTITY]
    labels = {LabelType.FEATURE: identity.feature}
    if identity.rule:
        labels[LabelType.STORY] = identity.rule
    # The scenario's tags override its rule's, which override its feature's.
    for tags in (template.feature.tags, template.rule.tags if template.rule else set(), template.tags):
        for tag in sorted(filter(sets_label, tags)):
            kind, _, value = tag.partition(":")
            labels[TAGS_FOR_ALLURE[kind]] = value
    return labels


def new_result(item: pytest.Item) -> TestResult:
    """Create the result of a scenario; its IDs come from feature, rule, name and row, so that its history is kept."""
    template, identity, labels = template_of(item), item.stash[IDENTITY], labels_of(item)
    about = template.description, template.feature.description, f"`{identity.feature_file}:{identity.line}`"
    # Tags are markers without arguments; other markers have another source.
    plain = {mark.name for mark in item.iter_markers() if not (mark.args or mark.kwargs)}
    tags = [(LabelType.TAG, tag) for tag in sorted(plain)]
    full_name = ": ".join(filter(None, (identity.feature_file, identity.rule, identity.name)))
    return TestResult(
        uuid=str(uuid4()),
        name=identity.title,
        fullName=full_name,
        testCaseId=_digest(full_name),
        historyId=_digest(full_name, *(part for pair in sorted(identity.row.items()) for part in pair)),
        titlePath=[labels[kind] for kind in (LabelType.EPIC, LabelType.FEATURE, LabelType.STORY) if kind in labels],
        description="\n\n".join(filter(None, map(str.strip, about))),
        labels=[Label(name, value) for name, value in (*labels.items(), *tags)],
        parameters=[Parameter(name, value) for name, value in identity.row.items()],
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _now() -> int:
    """Return the time in milliseconds, as Allure expects it."""
    return round(time.time() * 1000)


def _line(step: Step) -> str:
    return f"{step.keyword} {step.name}"


def _as_csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _attachment_of(exchange: Exchange) -> tuple[dict[str, Any], str]:
    """Return an exchange as a document of Allure's schema version 1, and its name, for example `POST /x → 201`."""
    request, response, address = exchange.request, exchange.response, urlsplit(exchange.request.url)
    query = parse_qsl(address.query, keep_blank_values=True)
    sent = {"method": request.method, "url": request.url, **({"query": _pairs(query)} if query else {})}
    document = {"schemaVersion": 1, "request": sent | _content(request)}
    if response is None:
        document["error"] = {"name": "No response", "message": exchange.failure}
    else:
        document["response"] = {"status": response.status, "statusText": response.reason} | _content(response)
    place = request.url.removeprefix(f"{address.scheme}://{address.netloc}") or "/"
    return document, f"{request.method} {place} → {response.status if response else 'no response'}"


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _content(message: Request | Response) -> dict[str, Any]:
    """Return headers and body; JSON is indented if that is lossless."""
    content: dict[str, Any] = {"headers": _pairs(message.headers)}
    if (body := message.body) is not None:
        content_type = dict(message.headers).get("content-type", "text/plain")
        shown = to_bytes(body.structure, indent=2).decode() if body.is_structure else str(body)
        content["body"] = {"contentType": content_type, "encoding": "utf8", "value": shown}
    return content


def _ending(report: pytest.TestReport, error: BaseException | None) -> tuple[str, StatusDetails | None]:
    """Return Allure's status and details for the phase of `report`."""
    if report.failed:
        if error is None:  # it passed, but is marked xfail(strict)
            return Status.FAILED, StatusDetails(message=str(report.longrepr))
        # The failed step has the same message, so that Allure shows it only once, at the step.
        return get_status(error), StatusDetails(message=message_of(error), trace=getattr(report, "trace", ""))
    message = str(error) if error else None
    if (reason := getattr(report, "wasxfail", None)) is not None:
        ended = "Passed, although it was expected to fail" if report.passed else "Failed, as expected"
        message = f"{ended}: {reason}" if reason else ended
    return Status.PASSED if report.passed else Status.SKIPPED, StatusDetails(message=message) if message else None


for _hook in vars(AllureListener):
    if _hook.startswith("pytest_") and _hook not in vars(ScenarioListener):
        setattr(ScenarioListener, _hook, None)
