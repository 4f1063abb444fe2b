"""A run with `--drift`: its findings per scenario, in the terminal and in `reports/drift.json`."""

import json
from typing import Any, cast

import pytest

from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario
from oneentry_scenarios.cassettes.target import TARGET, RecordingTarget, RunningScenario, chosen_options
from oneentry_scenarios.drift.compare import compare
from oneentry_scenarios.drift.response_diff import Impact
from oneentry_scenarios.environment import command
from oneentry_scenarios.problem import read_toml

_SUBJECTS = read_toml(__file__, "subjects.toml")
_COLUMNS = ("impact", "operation", "where", "what", "was", "now")


class DriftRun:
    """The findings of a run with `--drift`."""

    def __init__(self) -> None:
        #: Findings with their scenarios, as plain values.
        self._findings: list[dict[str, Any]] = []
        self._compared: list[str] = []
        self._not_compared: list[str] = []

    def pytest_scenario_ended(self, item: pytest.Item, scenario: RunningScenario, has_passed: bool) -> None:
        """Compare the scenario's responses with its cassette, and announce the findings."""
        node_id, identity = item.nodeid, scenario.identity
        try:
            before = Cassette.read(item.config.rootpath / identity.cassette)
            now = cast("RecordingTarget", item.config.stash[TARGET]).cassette_of(scenario)
        except (FileNotFoundError, CassetteError) as error:
            self._not_compared.append(f"{node_id}: {error}" if isinstance(error, CassetteError) else node_id)
            return
        if before.scenario != RecordedScenario.model_validate(identity):
            self._not_compared.append(node_id)
            return
        self._compared.append(node_id)
        about = {"scenario": identity.title, "node_id": node_id, "subject": _SUBJECTS[before.recorded_from]["name"]}
        if findings := [*compare(before, now, has_passed=has_passed)]:
            self._findings += [about | finding._asdict() for finding in findings]
            item.ihook.pytest_scenario_drift(item=item, findings=findings)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write `reports/drift.json` (keys: docs/drift.md); fail the run if a finding is breaking."""
        document = {
            "format": 1,
            "breaking": self._count("breaking"),
            "additive": self._count("additive"),
            "compared": sorted(self._compared),
            "not_compared": sorted(self._not_compared),
            "record_command": self._record_command(session.config),
            "findings": sorted(self._findings, key=lambda each: (each["node_id"], each["call"], each["where"])),
        }
        path = session.config.rootpath / "reports" / "drift.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if document["breaking"] and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the summary."""
        terminalreporter.section("drift", red=bool(self._count("breaking")), green=not self._findings)
        terminalreporter.write_line(self.pytest_run_notes(terminalreporter.config)["Drift"])

    def pytest_run_notes(self, config: pytest.Config) -> dict[str, str]:
        """Return the summary: the number of findings, a table for each subject, and the record command."""
        breaking, additive = self._count("breaking"), self._count("additive")
        counted = f"{breaking} breaking, {additive} additive" if self._findings else "none"
        lines = [f"Scenarios compared with their cassettes: {len(self._compared)}. Findings: {counted}"]
        for subject in _SUBJECTS.values():
            if table := self._table(subject["name"]):
                lines += ["", f"{subject['name'].capitalize()}. {subject['meaning']}", "", *table]
        if self._not_compared:
            lines += ["", "Not compared (if no reason is given, there is no matching cassette):"]
            lines += map("  {}".format, self._not_compared)
        if record := self._record_command(config):
            lines += ["", "To re-record only the scenarios with findings:", f"  {record}"]
        return {"Drift": "\n".join(lines)}

    def _count(self, impact: Impact) -> int:
        return sum(finding["impact"] == impact for finding in self._findings)

    def _record_command(self, config: pytest.Config) -> str | None:
        drifted = sorted({finding["node_id"] for finding in self._findings})
        return command("pytest", *chosen_options(config), "--record", *drifted) if drifted else None

    def _table(self, subject: str) -> list[str]:
        """Return the table of a subject: each finding once, with its first scenario and its evidence row."""
        rows: dict[tuple[str, ...], dict[str, None]] = {}
        for finding in self._findings:
            if finding["subject"] == subject:
                row = tuple(finding[name] for name in (*_COLUMNS, "evidence"))
                rows.setdefault(row, {})[finding["scenario"]] = None
        widths = [max(map(len, column)) for column in zip(_COLUMNS, *(row[:-1] for row in rows), strict=True)]
        lines = []
        breaking_first = sorted(rows.items(), key=lambda row: (row[0][0] == "additive", row[0]))
        for (*cells, evidence), (scenario, *others) in breaking_first:
            more = f" (+{len(others)})" if others else ""
            lines.append("  ".join([*map(str.ljust, cells, widths), scenario + more]))
            lines += [f"    evidence: {evidence}"] if evidence else []
        return lines and ["  ".join([*map(str.ljust, _COLUMNS, widths), "scenario"]), *lines]
