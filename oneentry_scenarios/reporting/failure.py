"""Pytest plugin: redacted failure texts with their likely cause, and failures grouped by cause.

It also keeps secrets out of the terminal, log records and the JUnit file. It is a separate plugin, so that
`-p no:oneentry_scenarios.reporting.plugin` disables Allure but not redaction.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from itertools import dropwhile
from pathlib import Path
from typing import Any, TextIO

import pytest

# Private classes of pytest: only they pass the failure text to the xdist controller unchanged, and its message to
# the JUnit file and the short summary. A string or a class of our own loses the message.
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback
from _pytest.junitxml import xml_key
from pytest_bdd import scenario
from pytest_bdd.reporting import scenario_reports_registry  # private: speed.py reports if it moves

from oneentry_scenarios.cassettes.target import REDACTOR, chosen_options
from oneentry_scenarios.environment import command
from oneentry_scenarios.gherkin.identity import IDENTITY, PROPERTY_FEATURE, PROPERTY_SCENARIO
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.reporting.writer import ALLURE

#: What differs between failures with the same cause: numbers and cassette names.
_VARYING = re.compile(r"cassettes/\S+|\d+(?:[.,]\d+)*")
#: Traceback styles for which the failure text and the step's frame are enough.
_SHORT_STYLES = ("auto", "line", "no")
_FOLDER = f"{Path(__file__).parents[1]}{os.sep}"
#: The file of pytest-bdd's scenario function: the frames above it are pytest's.
_SCENARIO_FILE = scenario.__code__.co_filename


def pytest_configure(config: pytest.Config) -> None:
    """Redact the terminal output, log records before any handler, and the output of `--debug`."""
    config.stash.setdefault(REDACTOR, Redactor())  # the cassettes plugin's, or one without known secrets
    create = logging.getLogRecordFactory()

    def redact(text: str) -> str:
        return config.stash[REDACTOR].free_text(text)

    def create_redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = create(*args, **kwargs)
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record

    logging.setLogRecordFactory(create_redacted)
    config.add_cleanup(lambda: logging.setLogRecordFactory(create))
    # Redaction stays active until the process ends: pytest prints usage errors after its cleanup.
    for stream in (sys.stdout, sys.stderr):
        stream.write = partial(_write_redacted, stream, config.stash)  # type: ignore[method-assign]
    trace = config.trace.root
    if (write := trace._writer) is not None:  # noqa: SLF001  (pluggy has no other way to it)
        trace.setwriter(lambda text: write(redact(text)))


def _write_redacted(stream: TextIO, stash: pytest.Stash, text: str) -> int:
    """Write redacted text to the terminal, which may show hosts and e-mail addresses; with `-s`, steps print too."""
    return type(stream).write(stream, stash[REDACTOR].free_text(text, secrets_only=True))


@pytest.hookimpl(wrapper=True)
def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> Generator[None, list[list[str] | None], list[list[str] | None]]:
    """Explain comparisons of secrets by placeholders: redaction cannot find the fragments that pytest would show."""
    redact = partial(config.stash[REDACTOR].free_text, secrets_only=True)
    explanations = yield
    if not any(redact(text) != text for text in (*_texts(left), *_texts(right))):
        return explanations
    return [[f"{redact(repr(left))} {op} {redact(repr(right))}"]]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Name JUnit cases by scenario and feature, and redact them, before pytest writes the file."""
    junit = session.config.stash.get(xml_key, None)
    redact = session.config.stash[REDACTOR].free_text  # unlike the terminal, files show no hosts and no personal data
    for reporter in junit.node_reporters_ordered if junit else ():
        case = reporter.to_xml()
        properties = {each.get("name"): each.get("value") for each in case.iterfind("properties/property")}
        for attribute, name in {"classname": PROPERTY_FEATURE, "name": PROPERTY_SCENARIO}.items():
            if value := properties.get(name):  # missing in a case that Ctrl-C stopped
                case.set(attribute, value)
        for element in case.iter():
            element.text = redact(element.text or "") or None
            for name, value in element.attrib.items():
                element.set(name, redact(value))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Print the causes shared by several failures, below pytest's list of failures."""
    yield
    if causes := same_failures(terminalreporter.stats):
        terminalreporter.section("causes", red=True)
        terminalreporter.write_line("\n".join(causes))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the failure text to the report of a scenario's setup, call or teardown, and redact the report."""
    if IDENTITY not in item.stash:
        return (yield)
    error = call.excinfo
    wants_traceback = error is not None and _prepare_traceback(item, error)
    report = yield

    # The terminal may show hosts and e-mail addresses. Allure results are redacted again.
    redact = partial(item.config.stash[REDACTOR].free_text, secrets_only=True)
    if isinstance(report.longrepr, tuple):  # skipped: file, line and reason
        report.longrepr = (*report.longrepr[:2], redact(report.longrepr[2]))
    elif error is not None:
        likely_cause = likely_cause_of(error.value, item.config.getoption("--api", "replay"))
        text, line = _failure_text(item, _problem(error.value), likely_cause)
        text = redact(text)
        python = redact(str(report.longrepr) if wants_traceback else _step_frames(item.config.rootpath, error.value))
        message = redact(f"{type(error.value).__name__}: {_fixture_problem(error.value) or error.value}")
        # Allure already shows the scenario's steps and the problem.
        trace = _failure_text(item, "", likely_cause)[0].partition("\n\n")[2] + python
        # Also for the summaries: xdist passes these attributes on with the report.
        vars(report).update(failure_text=text, failure=(redact(message_of(error.value)), likely_cause), trace=trace)
        report.longrepr = ReprExceptionInfo(
            ReprTraceback([ReprEntryNative([f"{text}{python}\n"])], None, style="native"),
            ReprFileLocation(item.stash[IDENTITY].feature_file, line, message),
        )
    elif report.longrepr is not None:  # passed, but is marked xfail(strict)
        report.longrepr = redact(str(report.longrepr))
    if hasattr(report, "wasxfail"):
        report.wasxfail = redact(report.wasxfail)
    report.sections = [(name, redact(content)) for name, content in report.sections]
    return report


def _failure_text(item: pytest.Item, problem: str, likely_cause: str) -> tuple[str, int]:
    """Return the failure text of the scenario `item`, and the line of the failed step.

    If no step failed, it is the line of the scenario.
    """
    identity, report = item.stash[IDENTITY], scenario_reports_registry.get(item)
    steps = report.scenario.steps if report else []
    # pytest-bdd also marks the steps after a failed one as failed; a skipped or interrupted step has no stop time.
    passed = sum(each.stopped is not None and not each.failed for each in report.step_reports) if report else 0
    lines = [f"Scenario: {identity.title}  ({identity.feature_file}:{identity.line})"]
    for number, step in enumerate(steps):
        mark = "passed " if number < passed else "FAILED " if number == passed else "skipped"
        lines.append(f"  {mark} {step.keyword} {step.name}")
    line = identity.line
    if passed < len(steps):
        line = steps[passed].line_number
        lines += ["", f"Failed at {identity.feature_file}:{line}: {steps[passed].keyword} {steps[passed].name}"]
    lines += [*(f"  {each}" for each in problem.splitlines()), "", f"Likely cause: {likely_cause}"]
    again = command("pytest", *chosen_options(item.config), item.nodeid)
    return "\n".join([*lines, "", "Rerun:", f"  {again}", ""]), line


def _prepare_traceback(item: pytest.Item, error: pytest.ExceptionInfo[BaseException]) -> bool:
    """Return whether pytest's traceback follows: on request, or if `error` is not explained. Drop hidden frames."""
    option = item.config.option
    is_complete = option.verbose > 0 or option.fulltrace
    is_asked_for = is_complete or option.showlocals or option.tbstyle not in _SHORT_STYLES
    if not is_asked_for and is_explained(error.value):
        # pytest would parse the source of every frame.
        item.repr_failure = lambda excinfo, style=None: ""  # type: ignore[method-assign]  # noqa: ARG005
        return False
    if not is_complete:
        inside = error.traceback.cut(path=_SCENARIO_FILE)
        error.traceback = inside.filter(lambda entry: _is_below(str(entry.path), item.config.rootpath)) or inside
    return True


def _texts(value: object, depth: int = 5) -> Iterator[str]:
    """Yield the repr of `value`, and of dataclass fields that are not in it: pytest compares them as well."""
    yield repr(value)
    if depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), depth - 1)


def _is_below(path: str, root: Path) -> bool:
    return path.startswith(f"{root}{os.sep}") and "site-packages" not in path and ".venv" not in path


def _problem(error: BaseException) -> str:
    message = "\n".join([_fixture_problem(error) or str(error), *getattr(error, "__notes__", [])])
    return message if is_explained(error) else f"{type(error).__name__}: {message}"


def _fixture_problem(error: BaseException) -> str:
    """Return pytest's reason why a fixture cannot be used, and where to fix it; empty for other errors."""
    if not isinstance(error, pytest.FixtureLookupError):
        return ""
    shown = error.formatrepr()
    place = f"{os.path.relpath(shown.filename)}:{shown.firstlineno + 1}" if error.fixturestack else "the step"
    reason = shown.errorstring.splitlines()[0].strip()
    return f"{reason}. Correct the parameter in {place}, or define the fixture in conftest.py."


def _step_frames(root: Path, error: BaseException) -> str:
    """Return the frames of `error` in this repository, without the package's; the last one is the step."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    inside = list(dropwhile(lambda frame: frame.filename != _SCENARIO_FILE, frames)) or frames
    return "\n".join(
        f"{os.path.relpath(frame.filename, root)}:{frame.lineno}: in {frame.name}\n    {frame.line}"
        for frame in inside
        if _is_below(frame.filename, root) and not frame.filename.startswith(_FOLDER)
    )


def likely_cause_of(error: BaseException, api: str) -> str:
    """Return the likely cause: the name of the first category that matches the run's `api` and the error."""
    kinds, text = {kind.__name__ for kind in type(error).__mro__}, str(error)
    calls_an_api = api != "replay"
    fitting = (
        category["name"]
        for category in ALLURE["categories"]
        if (kinds.intersection(category["kinds"]) and (calls_an_api or category.get("in_replay", True)))
        or (calls_an_api and "texts" in category and re.search(category["texts"], text))
    )
    return str(next(fitting))


def is_explained(error: BaseException) -> bool:
    """Return whether the message of `error` is written for people who know the features but not the code."""
    is_from_package = type(error).__module__.startswith("oneentry_scenarios.")
    is_of_a_step = isinstance(error, AssertionError | pytest.fail.Exception | pytest.skip.Exception)
    return bool(_fixture_problem(error) or (str(error) and (is_from_package or is_of_a_step)))


def message_of(error: BaseException) -> str:
    """Return the message of `error`, without the exchange of a failed call, which reports show separately."""
    explained = _fixture_problem(error) or (str(error.args[0]) if is_explained(error) else "")
    return explained or f"{type(error).__name__}: {error}".removesuffix(": ")


def same_failures(stats: Mapping[str, Sequence[object]]) -> list[str]:
    """Describe each cause that several failures in pytest's `stats` share, the most frequent first."""
    causes: dict[str, list[Any]] = {}
    for report in (*stats.get("failed", ()), *stats.get("error", ())):
        if failure := getattr(report, "failure", None):
            causes.setdefault(_group_key(failure[0]), []).append(report)
    return [_described(each) for each in sorted(causes.values(), key=len, reverse=True) if len(each) > 1]


def _described(reports: list[Any]) -> str:
    (problem, likely_cause), first = reports[0].failure, dict(reports[0].user_properties)[PROPERTY_SCENARIO]
    lines = "\n  ".join([*problem.splitlines(), f"Likely cause: {likely_cause}", f"First scenario: {first}"])
    return f"Same failure in {len(reports)} scenarios:\n  {lines}"


def _group_key(problem: str) -> str:
    """Return the key for grouping failures: the first detail of the problem, or else its first line."""
    first, *lines = problem.splitlines()
    details = (line.strip() for line in lines if line[:1] == " " and line[-1] != ":" and "pytest " not in line)
    return _VARYING.sub("*", next(details, first))
