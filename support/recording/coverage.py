"""Which operations and refusals the scenarios reach, by their cassettes: `python -m support.recording.coverage`.

The rows are those of the stand-in's fidelity table. A row that no scenario reaches needs a written reason, in
`docs/coverage.toml`; without one, this fails. The table is written to `docs/coverage.md`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from support.recording.cassette import Cassette
from support.standin.refusals import Refusal
from support.standin.routes import OPERATIONS

if TYPE_CHECKING:
    from support.recording.cassette import Interaction

ROOT = Path(__file__).resolve().parents[2]
FIDELITY = ROOT / "support" / "standin" / "README.md"
REASONS = ROOT / "docs" / "coverage.toml"
TABLE = ROOT / "docs" / "coverage.md"

#: An operation, or the scope of several such as `needs.user`; and an outcome: `answered`, or a refusal's name.
Row = tuple[str, str]


class Line(NamedTuple):
    """A line of the fidelity table: what is answered, how that is known, and from where."""

    operation: str
    outcome: str
    answer: str
    mark: str
    source: str


def lines() -> list[Line]:
    """The lines of the fidelity table that a request can reach."""
    pattern = r"^\| ([\w.]+) \| (\w+) \| (.*) \| ([\w ]+) \| (?:(.*) )?\|$"
    found = (Line(*columns) for columns in re.findall(pattern, FIDELITY.read_text("utf-8"), re.MULTILINE))
    return [line for line in found if line.operation != "operation" and not line.operation.startswith("controls.")]


def rows() -> dict[Row, str]:
    """The rows of the fidelity table that a request can reach, each with its mark."""
    return {(line.operation, line.outcome): line.mark for line in lines()}


def reached() -> dict[Row, set[str]]:
    """The rows that cassettes reach, each with the names of their scenarios."""
    found: dict[Row, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "cassettes").rglob("*.json")):
        cassette = Cassette.read(path)
        for interaction in cassette.interactions:
            operation, outcome = row_of(interaction)
            for scope in (operation, *_SCOPES):
                found[scope, outcome].add(cassette.scenario.name)
    return found


def row_of(interaction: Interaction) -> Row:
    """The operation that was asked for, and its outcome."""
    operation, response = operation_of(interaction), interaction.response
    if response.status < 400:
        return operation, "answered"
    content = response.body.structure if response.body else None
    message = str(content.get("message", "")) if isinstance(content, dict) else ""
    refusals = (each for each in Refusal if each.status == response.status and _pattern(each.template).match(message))
    return operation, next((each.name.lower() for each in refusals), f"refused_{response.status}")


def operation_of(interaction: Interaction) -> str:
    """The operation that was asked for; of one that the stand-in does not know, method and path without ids."""
    method, path = interaction.request.method, urlsplit(interaction.request.url).path
    known = (each.name for each in OPERATIONS if each.method == method and _pattern(each.path).match(path))
    return next(known, f"{method} {re.sub(r'/[0-9]+(?=/|$)', '/{id}', path)}")


def line_of(row: Row, place: str) -> Line | None:
    """The line about a row that mentions the field at `place`, such as `response.body.totalSum`; else its first."""
    operation, outcome = row
    about = [line for line in lines() if line.outcome == outcome and line.operation in (operation, *_SCOPES)]
    about.sort(key=lambda line: line.operation != operation)  # an operation's own lines come first
    fields = [f"`{name}`" for name in re.findall(r"\w+", place)]
    return next((line for line in about if any(field in line.answer for field in fields)), about[0] if about else None)


def table() -> tuple[str, list[Row]]:
    """The table as Markdown, and the rows that are neither reached nor explained."""
    reasons = [(entry["rows"], entry["reason"]) for entry in tomllib.loads(REASONS.read_text("utf-8"))["unreached"]]
    scenarios = reached()
    unexplained = []
    lines = []
    for row, mark in rows().items():
        names = sorted(scenarios.get(row, ()))
        if names:
            told = names[0] if len(names) == 1 else f"{names[0]} (+{len(names) - 1})"
        else:
            told = next((f"*none: {reason}*" for patterns, reason in reasons if matches(" ".join(row), patterns)), "")
            if not told:
                unexplained.append(row)
        lines.append(f"| {row[0]} | {row[1]} | {mark} | {told} |")
    reach = sum(1 for row in rows() if scenarios.get(row))
    return _HEAD.format(reach=reach, all=len(lines)) + "\n".join(lines) + "\n", unexplained


def main() -> int:
    """Write the table; name the rows that need a scenario or a reason."""
    text, unexplained = table()
    TABLE.write_text(text, encoding="utf-8")
    for operation, outcome in unexplained:
        print(
            f"{operation} / {outcome}: no scenario reaches it. Add one, or a reason to docs/{REASONS.name}.",
            file=sys.stderr,
        )
    return 1 if unexplained else 0


def matches(row: str, patterns: list[str]) -> bool:
    """Whether one of the patterns fits a row, written as "operation outcome"."""
    return any(fnmatchcase(row, pattern) for pattern in patterns)


def _pattern(template: str) -> re.Pattern[str]:
    """A pattern for texts made of a template such as `/marker/{marker}/orders`."""
    parts = re.split(r"\{\w+\}", template.replace("{{", "\0").replace("}}", "\1"))
    literal = [re.escape(part.replace("\0", "{").replace("\1", "}")) for part in parts]
    return re.compile("[^/]+".join(literal) + "$" if template.startswith("/") else ".+".join(literal) + "$")


_SCOPES = sorted({operation for operation, _ in rows()} - {operation.name for operation in OPERATIONS})
_HEAD = """# What the scenarios reach

Made by `python -m support.recording.coverage` from the cassettes; a test sees that it is up to date. Rows as in the
stand-in's [fidelity table](../support/standin/README.md), where `any` and `needs.…` stand for all operations that they
concern. Reasons for empty rows are in [`coverage.toml`](coverage.toml).

{reach} of {all} rows are reached.

| operation | outcome | mark | scenario |
|---|---|---|---|
"""


if __name__ == "__main__":
    sys.exit(main())
