"""`python -m tools.coverage`: the operations and refusals that the scenarios reach, according to their cassettes.

The rows are those of the mock server's evidence table. A row that no scenario reaches needs a reason in
`docs/coverage.toml`; without one, the command fails. It writes `docs/coverage.md`; `--check` only compares the file.
"""

import sys
import tomllib
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.mock_server.evidence import RowKey, evidence_rows, operation_of, outcome_of
from oneentry_scenarios.mock_server.routes import OPERATIONS
from tools.checkout import ROOT, measured

REASONS = ROOT / "docs" / "coverage.toml"
TABLE = ROOT / "docs" / "coverage.md"
_HEAD = Path(__file__).with_name("coverage.md.in").read_text("utf-8")


def rows() -> dict[RowKey, str]:
    """Return the rows of the evidence table that a request can reach, with their evidence levels."""
    return {(row.operation, row.outcome): row.level for row in evidence_rows()}


def reached() -> dict[RowKey, set[str]]:
    """Return the rows that cassettes reach, with the names of their scenarios."""
    found: dict[RowKey, set[str]] = defaultdict(set)
    scopes = {operation for operation, _ in rows()} - {operation.name for operation in OPERATIONS}
    for path in sorted((measured() / "cassettes").rglob("*.json")):
        cassette = Cassette.read(path)
        for request, response in ((each.request, each.response) for each in cassette.interactions):
            outcome = outcome_of(response.status, response.body.structure if response.body else None)
            for scope in (operation_of(request.method, request.url), *scopes):
                found[scope, outcome].add(cassette.scenario.name)
    return found


def table() -> tuple[str, list[RowKey]]:
    """Return the table as Markdown, and the rows that have neither a scenario nor a reason."""
    reasons = [(entry["rows"], entry["reason"]) for entry in tomllib.loads(REASONS.read_text("utf-8"))["unreached"]]
    scenarios = reached()
    unexplained = []
    lines = []
    for row, level in rows().items():
        names = sorted(scenarios.get(row, ()))
        if names:
            # No names or counts of several scenarios: each new scenario would change most rows and conflict in merges.
            reach = names[0] if len(names) == 1 else "several"
        else:
            reach = next((f"*none: {reason}*" for patterns, reason in reasons if matches(" ".join(row), patterns)), "")
            if not reach:
                unexplained.append(row)
        lines.append(f"| {row[0]} | {row[1]} | {level} | {reach} |")
    return _HEAD + "\n".join(lines) + "\n", unexplained


def main(arguments: list[str]) -> int:
    """Write the table, or compare it with `--check`; print the rows that need a scenario or a reason."""
    text, unexplained = table()
    is_stale = arguments == ["--check"] and text != TABLE.read_text("utf-8")
    if is_stale:
        print("docs/coverage.md is out of date. Run: .venv/bin/python -m tools.coverage", file=sys.stderr)
    elif not arguments:
        TABLE.write_text(text, encoding="utf-8")
    for operation, outcome in unexplained:
        print(
            f"{operation} / {outcome}: no scenario reaches it. Add one, or a reason to docs/{REASONS.name}.",
            file=sys.stderr,
        )
    return 1 if unexplained or is_stale else 0


def matches(row: str, patterns: list[str]) -> bool:
    """Return whether one of the patterns matches a row, written as "operation outcome"."""
    return any(fnmatchcase(row, pattern) for pattern in patterns)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
