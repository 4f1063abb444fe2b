"""Pytest plugin: `--drift` compares what a project says now with the cassettes, and changes none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from oneentry_scenarios.cassettes.file import CassetteError, RecordedScenario
from oneentry_scenarios.cassettes.stash import TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oneentry_scenarios.cassettes.recording import RecordingTarget
    from oneentry_scenarios.cassettes.target import ScenarioRecording
    from oneentry_scenarios.drift.compare import Finding
    from oneentry_scenarios.drift.report import DriftReport


class Hooks:
    """The hook that this plugin calls; reports implement it."""

    def pytest_scenario_drift(self, item: pytest.Item, findings: Sequence[Finding]) -> None:
        """The responses to the scenario `item`, which has just ended, differ from its cassette; all is redacted."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for the comparison."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption(
        "--drift", action="store_true", help="compare what the API says with the cassettes; needs --api=live"
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook that this plugin calls."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config: pytest.Config) -> None:
    """With `--drift`, watch the run."""
    if not config.getoption("--drift"):
        return
    if config.getoption("--api") != "live" or config.getoption("--record"):
        raise pytest.UsageError(
            "--drift compares what a project says now with the cassettes and changes none: "
            + ("drop --record, or record in a second run" if config.getoption("--record") else "add --api=live")
        )
    from oneentry_scenarios.drift.report import DriftReport  # only here: it reads the mock server's fidelity table

    config.pluginmanager.register(DriftRun(DriftReport()), "oneentry_drift_run")


class DriftRun:
    """A run that looks for drift."""

    def __init__(self, report: DriftReport) -> None:
        self._report = report

    def pytest_scenario_recorded(self, item: pytest.Item, recording: ScenarioRecording, has_passed: bool) -> None:
        """Compare the scenario's responses with its cassette, and announce the findings."""
        before = recording.existing_cassette
        if before is None or before.scenario != RecordedScenario.of(recording.identity):
            self._report.not_compared.append(item.nodeid)
            return
        try:
            now = cast("RecordingTarget", item.config.stash[TARGET]).cassette_of(recording)
        except CassetteError as error:
            self._report.not_compared.append(f"{item.nodeid}: {error}")
            return
        findings = self._report.look(item.nodeid, recording.identity.title, before, now, has_passed=has_passed)
        if findings:
            item.ihook.pytest_scenario_drift(item=item, findings=findings)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write `reports/drift.json`; turn a run red in which a client that worked may stop working."""
        self._report.write(session.config.rootpath / "reports" / "drift.json")
        if self._report.is_breaking and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what was found, and what to do."""
        terminalreporter.section("drift", red=self._report.is_breaking, green=not self._report.findings)
        terminalreporter.write_line("\n".join(self._report.lines()))
