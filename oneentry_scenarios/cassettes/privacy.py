"""Takes secrets out of what pytest shows and keeps: tracebacks, locals, captured output, log records."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from _pytest.junitxml import xml_key

from oneentry_scenarios.redaction.redactor import Redactor


def redact_report(report: pytest.TestReport, redactor: Redactor) -> None:
    """Redact everything in `report` that people read; hosts and e-mails stay readable in the terminal."""

    def redact(text: str) -> str:
        return redactor.text(text, secrets_only=True)

    report.longrepr = _rebuilt(report.longrepr, redact)
    report.sections = [(name, redact(content)) for name, content in report.sections]


def redact_junit(config: pytest.Config, redactor: Redactor) -> None:
    """Redact pytest's JUnit file, still in memory: other than the terminal, a file names no host and nobody."""
    junit = config.stash.get(xml_key, None)
    for reporter in junit.node_reporters_ordered if junit else ():
        for element in reporter.to_xml().iter():
            element.text = redactor.text(element.text or "") or None
            for name, value in element.attrib.items():
                element.set(name, redactor.text(value))


def redact_logs(redactor: Redactor) -> Callable[[], None]:
    """Redact each log record where it is made, before any handler sees it; returns what undoes this."""
    before = logging.getLogRecordFactory()

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = before(*args, **kwargs)
        record.msg, record.args = redactor.text(record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redactor.text("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record

    logging.setLogRecordFactory(make)
    return lambda: logging.setLogRecordFactory(before)


def _rebuilt(part: Any, redact: Callable[[str], str]) -> Any:
    """`part` of pytest's representation of a failure, its texts redacted; its objects keep their identity."""
    if isinstance(part, str):
        return redact(part)
    if isinstance(part, list | tuple):
        return type(part)(_rebuilt(each, redact) for each in part)
    if type(part).__module__.startswith("_pytest."):
        for name, value in vars(part).items():
            setattr(part, name, _rebuilt(value, redact))
    return part
