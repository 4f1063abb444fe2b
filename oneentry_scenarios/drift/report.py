"""What a run with `--drift` found: kept per scenario, shown in the terminal and in `reports/drift.json`."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import Finding, compare
from oneentry_scenarios.drift.response_diff import Impact

#: What a finding is about, by where its cassette was recorded from; and what to make of it.
SUBJECTS = {"project": "drift", "mock server": "first contact"}
_MEANING = {
    "drift": "The API no longer says what the cassettes say, which were recorded from a project.",
    "first contact": (
        "These cassettes were recorded from the mock server, so the API may have been like this all along: is our "
        "picture of it right?\nUnder each finding stands the line of the mock server's fidelity table that it concerns "
        "(oneentry_scenarios/mock_server/README.md)."
    ),
}
_COLUMNS = ("kind", "operation", "where", "what", "was", "now", "scenario")


@dataclass
class DriftReport:
    """What is found in one run."""

    #: A scenario and one of its findings each, in plain values.
    findings: list[dict[str, Any]] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)

    def look(self, node_id: str, title: str, before: Cassette, now: Cassette, *, has_passed: bool) -> list[Finding]:
        """Compare a scenario's answers with its cassette."""
        self.compared.append(node_id)
        found = compare(before, now, has_passed=has_passed)
        scenario = {"scenario": title, "node_id": node_id, "subject": SUBJECTS[before.recorded_from]}
        self.findings += [scenario | finding.to_dict() for finding in found]
        return found

    @property
    def is_breaking(self) -> bool:
        """Whether a client that worked may stop working."""
        return any(finding["kind"] == Impact.BREAKING for finding in self.findings)

    @property
    def record_command(self) -> str | None:
        """The command that records the scenarios with findings, and only them."""
        drifted = sorted({finding["node_id"] for finding in self.findings})
        return f"pytest --api=live --record {shlex.join(drifted)}" if drifted else None

    def write(self, path: Path) -> None:
        """Write all of it for machines; see docs/drift.md for the keys."""
        document = {
            "format": 1,
            "breaking": sum(finding["kind"] == Impact.BREAKING for finding in self.findings),
            "additive": sum(finding["kind"] == Impact.ADDITIVE for finding in self.findings),
            "compared": sorted(self.compared),
            "not_compared": sorted(self.not_compared),
            "record_command": self.record_command,
            "findings": sorted(self.findings, key=lambda each: (each["node_id"], each["call"], each["where"])),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """All of it for the terminal: a table for each subject, then what to do."""
        kinds = [finding["kind"] for finding in self.findings]
        breaking, additive = kinds.count(Impact.BREAKING), kinds.count(Impact.ADDITIVE)
        counted = f"{breaking} breaking and {additive} additive" if kinds else "no"
        lines = [f"{len(self.compared)} scenarios compared with their cassettes: {counted} findings"]
        for subject in SUBJECTS.values():
            if rows := self._rows(subject):
                lines += ["", f"{subject.capitalize()}. {_MEANING[subject]}", "", *_table(rows)]
        if self.not_compared:
            lines += ["", "Without a cassette of their own, so not compared:", *map("  {}".format, self.not_compared)]
        if self.record_command:
            lines += ["", "To record exactly the scenarios with findings:", f"  {self.record_command}"]
        return lines

    def _rows(self, subject: str) -> dict[tuple[str, ...], list[str]]:
        """The findings of a subject, each once, with the scenarios that met it: columns, fidelity -> scenarios."""
        rows: dict[tuple[str, ...], list[str]] = {}
        for finding in self.findings:
            if finding["subject"] == subject:
                row = tuple(finding[name] for name in (*_COLUMNS[:-1], "fidelity"))
                scenarios = rows.setdefault(row, [])
                if finding["scenario"] not in scenarios:
                    scenarios.append(finding["scenario"])
        # "breaking" comes before "additive".
        return dict(sorted(rows.items(), key=lambda row: (row[0][0] == Impact.ADDITIVE, row[0])))


def _table(rows: dict[tuple[str, ...], list[str]]) -> list[str]:
    cells = [_COLUMNS[:-1], *(row[:-1] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(row: tuple[str, ...], scenario: str) -> str:
        return "  ".join([*map(str.ljust, row, widths), scenario])

    lines = [line(_COLUMNS[:-1], _COLUMNS[-1])]
    for row, scenarios in rows.items():
        more = f" (+{len(scenarios) - 1})" if len(scenarios) > 1 else ""
        lines.append(line(row[:-1], scenarios[0] + more))
        if fidelity := row[-1]:
            lines.append(f"    fidelity: {fidelity}")
    return lines
