"""Follows each scenario while it runs and reports its steps, its exchanges and its end to Allure."""

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

#: The tags that set a label of Allure, such as `@severity:critical`.
TAGS_FOR_ALLURE = {"severity": LabelType.SEVERITY, "epic": LabelType.EPIC}
_DOCS = "https://js-sdk.oneentry.cloud/docs"
#: The page of this operation keeps the name that the method had before version 1.0.149 of the official client.
_RENAMED = {"orders/getOrdersStorageByMarker": "orders/getOrderByMarker"}
_EXCHANGE = "application/vnd.allure.http+json"
_STOPPED = "The run was stopped, or its process crashed, while this scenario was running."


class ScenarioListener(AllureListener):  # type: ignore[misc]  # allure-pytest has no types
    """Allure's listener for scenarios; it ignores Python tests.

    It inherits what `allure.attach`, `allure.step` and `allure.dynamic` need; the inherited hooks are switched off.
    """

    _result = TestResult()  # of the scenario that is running
    _steps: list[Step] = []  # noqa: RUF012  (replaced by each scenario, never changed)
    _steps_begun = 0
    _open_step: str | None = None
    _exchanges: list[tuple[str, dict[str, Any], str]] = []  # noqa: RUF012  (the same: operation, attachment, its name)

    def pytest_bdd_apply_tag(self, tag: str) -> bool | None:
        """Keep tags that set a label of Allure from becoming unregistered marks."""
        return sets_label(tag) or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark scenarios for allure-pytest's own selection, such as `--allure-severities=critical`."""
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
        # Written at once: if the process crashes, this is what the report has of the scenario.
        result.status, result.statusDetails = Status.BROKEN, StatusDetails(message=_STOPPED)
        plugin_manager.hook.report_result(result=result)
        self.allure_logger.schedule_test(result.uuid, result)
        try:
            return (yield)
        finally:
            # No step has brought along the rendered ones of a scenario that ended before its first one.
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
        self._open_step = str(uuid4())
        COMPARED.clear()
        self.start_step(self._open_step, _line(step), {})
        if step.docstring is not None:
            self.attach_data(step.docstring, "Text", AttachmentType.TEXT, None)
        if step.datatable is not None:
            self.attach_data(_as_csv(step.datatable.raw()), "Table", AttachmentType.CSV, None)

    #: Also a step without a step definition begins.
    pytest_bdd_step_func_lookup_error = pytest_bdd_before_step

    def pytest_bdd_after_step(self) -> None:
        """End a step that passed, or after the scenario one that failed, was skipped or was interrupted."""
        if self._open_step is not None:
            error = sys.exception()
            details = StatusDetails(message=message_of(error)) if error else None
            self._show_compared(error)
            self.allure_logger.stop_step(self._open_step, stop=_now(), status=get_status(error), statusDetails=details)
            self._open_step = None

    pytest_bdd_after_scenario = pytest_bdd_after_step

    def _show_compared(self, error: BaseException | None) -> None:
        """Show below the open step what it compared; below a failed one also the exchange that this judges."""
        step = self.allure_logger.get_item(self._open_step)
        subjects = {subject for subject, *_ in COMPARED}
        for subject, _, name, value, holds in dict.fromkeys(COMPARED):
            shown = f"{subject}: {name}" if len(subjects) > 1 else name
            step.parameters.append({"name": shown if holds else f"\u2717 {shown}", "value": value})
        judged = next((row[1] for row in reversed(COMPARED) if error and not row[-1]), None)
        calls = [call for call in self._exchanges if call[0] == judged]
        # Each call makes its own text of its operation: the very same text is that of the very same call.
        for _, document, name in sorted(calls, key=lambda call: call[0] is judged)[-1:]:
            if name not in (each.name for each in step.attachments):
                self.attach_data(document, f"Judged: {name}", _EXCHANGE, "httpexchange")

    @pytest.hookimpl(optionalhook=True)
    def pytest_api_exchange(self, exchange: Exchange) -> None:
        """Attach an exchange to the step that caused it."""
        document, name = _attachment_of(exchange)
        self._exchanges.append((exchange.operation, document, name))
        self.attach_data(document, name, _EXCHANGE, "httpexchange")
        page = Link(LinkType.LINK, page_of(exchange.operation), f"How OneEntry documents {exchange.operation}")
        if page not in self._result.links:
            self._result.links.append(page)

    @pytest.hookimpl(optionalhook=True)
    def pytest_scenario_drift(self, findings: Sequence[Any]) -> None:
        """Attach a table of the differences from the cassette."""
        name = "Mock mismatch" if any(each.fidelity for each in findings) else "Drift"
        self.attach_data(_as_csv([findings[0]._fields, *findings]), name, AttachmentType.CSV, None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # around failure.py's, which redacts the report
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Take over how a phase of the running scenario ended."""
        report, result = (yield), self._result
        if IDENTITY not in item.stash:
            return report
        has_failed = result.status in (Status.FAILED, Status.BROKEN)
        if report.when == "teardown" and has_failed:
            if report.failed:  # what failed first is the reason; this comes after it
                result.statusDetails.trace += f"\n\nThe clean-up failed too:\n\n{report.longrepr}"
        elif report.when == "call" or not report.passed:
            has_failed = report.failed
            result.status, result.statusDetails = _ending(report, call.excinfo.value if call.excinfo else None)
        if report.when == "teardown" and has_failed and self.config.option.attach_capture:
            for name in ("log", "stdout", "stderr"):
                if text := getattr(report, f"cap{name}"):
                    self.attach_data(text, name, AttachmentType.TEXT, None)
        return report


@functools.cache  # asked for with each exchange
def page_of(operation: str) -> str:
    """The page of the official client's reference that describes `operation`, such as `orders.create_order`."""
    group, _, method = operation.partition(".")
    path = f"{group.replace('_', '-')}/{to_camel(method)}"
    return f"{_DOCS}/{_RENAMED.get(path, path)}"


def sets_label(tag: str) -> bool:
    """Whether `tag` sets a label of Allure; raises CollectError if Allure has no such severity."""
    kind, colon, value = tag.partition(":")
    severities = [severity.value for severity in Severity]
    if kind == "severity" and colon and value not in severities:
        raise pytest.Collector.CollectError(f"@{tag} is no severity. Use one of: {', '.join(severities)}.")
    return bool(colon) and kind in TAGS_FOR_ALLURE


def labels_of(item: pytest.Item) -> dict[str, str]:
    """Where `item` is in Allure's tree, without a rule directly below its feature, with an epic if tagged; severity."""
    template, identity = template_of(item), item.stash[IDENTITY]
    labels = {LabelType.FEATURE: identity.feature}
    if identity.rule:
        labels[LabelType.STORY] = identity.rule
    # The scenario's own tags win over its rule's, and these over its feature's.
    for tags in (template.feature.tags, template.rule.tags if template.rule else set(), template.tags):
        for tag in sorted(filter(sets_label, tags)):
            kind, _, value = tag.partition(":")
            labels[TAGS_FOR_ALLURE[kind]] = value
    return labels


def new_result(item: pytest.Item) -> TestResult:
    """The result of a scenario about to run; ids come from feature, rule, name and row, so that history is kept."""
    template, identity, labels = template_of(item), item.stash[IDENTITY], labels_of(item)
    about = template.description, template.feature.description, f"`{identity.feature_file}:{identity.line}`"
    # Tags are marks without arguments; others have another source.
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
    """Allure's time: milliseconds."""
    return round(time.time() * 1000)


def _line(step: Step) -> str:
    return f"{step.keyword} {step.name}"


def _as_csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _attachment_of(exchange: Exchange) -> tuple[dict[str, Any], str]:
    """An exchange in Allure's form, schema version 1, not yet made JSON; and its name, such as `POST /x → 201`."""
    request, response, address = exchange.request, exchange.response, urlsplit(exchange.request.url)
    query = parse_qsl(address.query, keep_blank_values=True)
    sent = {"method": request.method, "url": request.url, **({"query": _pairs(query)} if query else {})}
    document = {"schemaVersion": 1, "request": sent | _content(request)}
    if response is None:
        document["error"] = {"name": "No answer", "message": exchange.failure}
    else:
        document["response"] = {"status": response.status, "statusText": response.reason} | _content(response)
    place = request.url.removeprefix(f"{address.scheme}://{address.netloc}") or "/"
    return document, f"{request.method} {place} → {response.status if response else 'no answer'}"


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _content(message: Request | Response) -> dict[str, Any]:
    """Headers and body: JSON with each member on its own line, if it would not be written differently by that."""
    content: dict[str, Any] = {"headers": _pairs(message.headers)}
    if (body := message.body) is not None:
        content_type = dict(message.headers).get("content-type", "text/plain")
        shown = to_bytes(body.structure, indent=2).decode() if body.is_structure else str(body)
        content["body"] = {"contentType": content_type, "encoding": "utf8", "value": shown}
    return content


def _ending(report: pytest.TestReport, error: BaseException | None) -> tuple[str, StatusDetails | None]:
    """Allure's status and details of a phase that ended as `report` says."""
    if report.failed:
        if error is None:  # it passed although it is strictly expected to fail
            return Status.FAILED, StatusDetails(message=str(report.longrepr))
        # The failed step says the same, so that Allure shows it there and not once more.
        return get_status(error), StatusDetails(message=message_of(error), trace=getattr(report, "trace", ""))
    message = str(error) if error else None
    if (reason := getattr(report, "wasxfail", None)) is not None:
        ended = "Passed, although it was expected to fail" if report.passed else "Failed, as expected"
        message = f"{ended}: {reason}" if reason else ended
    return Status.PASSED if report.passed else Status.SKIPPED, StatusDetails(message=message) if message else None


for _hook in vars(AllureListener):
    if _hook.startswith("pytest_") and _hook not in vars(ScenarioListener):
        setattr(ScenarioListener, _hook, None)
