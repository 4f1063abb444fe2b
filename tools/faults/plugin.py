"""Pytest plugin: runs the scenarios against the mock server with one fault applied, and writes the outcome to a file.

`pytest --api=mock -p tools.faults.plugin --fault create_order/total-missing --fault-result FILE`; without `--fault`,
no fault is applied. Only `tools.faults.run` loads this plugin.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext

from tools.faults.catalogue import FAULTS
from tools.faults.catalogue.broken import BROKEN
from tools.faults.injection import Change, Injector


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that name the fault and the file."""
    group = parser.getgroup("faults", "faults of the API")
    group.addoption("--fault", metavar="ID", help="the fault of tools/faults/catalogue to apply")
    group.addoption("--empty", metavar="PATTERN", action="append", default=[], help="a Then step to replace by a no-op")
    group.addoption("--only-with", metavar="PATTERN", help="run only the scenarios with this Then step")
    group.addoption("--fault-result", metavar="FILE", type=Path, required=True, help="where to write the outcome")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Insert the fault layer between the suite and the mock server."""
    # Imported here because pytest must import the modules first that it rewrites.
    from oneentry_scenarios.cassettes.target import TARGET, Mock

    wanted = config.getoption("--fault")
    fault = next((each for each in (*FAULTS, *BROKEN) if each.id == wanted), None)
    target = config.stash[TARGET]
    if wanted and fault is None:
        raise pytest.UsageError(f"--fault: {wanted} is not in the catalogue, see docs/faults.md")
    if not isinstance(target, Mock):
        raise pytest.UsageError("--fault: faults need the mock server; add --api=mock")
    if fault and fault.patience:
        target.read_timeout = fault.patience
    target.server.application = injector = Injector(target.server.application, fault.applied if fault else Change())
    config.pluginmanager.register(Watch(injector, config.getoption("--fault-result")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select the scenarios with the step of `--only-with`."""
    from oneentry_scenarios.gherkin.identity import IDENTITY, template_of

    for context in _then_steps(config.getoption("--only-with")):
        items[:] = [
            item
            for item in items
            if isinstance(item, pytest.Function)
            for steps in [template_of(item).render(item.stash[IDENTITY].row).steps]
            if any(step.type == "then" and context.parser.is_matching(step.name) for step in steps)
        ]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Replace the steps of `--empty` by no-ops, after the lint checks of the original steps."""
    for context in _then_steps(*session.config.getoption("--empty")):
        context.step_func = lambda: None


def _then_steps(*patterns: str | None) -> list[StepFunctionContext]:
    from pytest_bdd.steps import step_function_context_registry

    contexts = step_function_context_registry.values()
    return [context for context in contexts if context.type == "then" and context.parser.name in patterns]


class Watch:
    """Stores what each scenario received, and the first failure."""

    def __init__(self, injector: Injector, file: Path) -> None:
        self._injector = injector
        self._file = file
        self._received: dict[str, list[str]] = {}
        self._failure: dict[str, Any] | None = None

    def pytest_runtest_logstart(self) -> None:
        """Begin each scenario with a fresh shop."""
        self._injector.begin()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Store the first failure as printed."""
        from oneentry_scenarios.gherkin.identity import IDENTITY

        report = yield
        if report.failed and self._failure is None:
            identity = item.stash[IDENTITY]
            self._failure = {
                "scenario": report.nodeid,
                "when": report.when,
                "title": identity.title,
                "place": f"{identity.feature_file}:{identity.line}",
                "feature": identity.feature_file,
                "text": report.longreprtext,
            }
        return report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Store what the scenario received, for the comparison with a run without a fault."""
        received = self._injector.received
        self._received[nodeid] = [hashlib.sha256(each.encode()).hexdigest()[:16] for each in received]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the outcome."""
        result = {
            "applied": self._injector.applied,
            "errors": self._injector.errors,
            "received": self._received,
            "failure": self._failure,
        }
        self._file.write_text(json.dumps(result), encoding="utf-8")
