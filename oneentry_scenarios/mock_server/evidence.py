"""The evidence table of the mock server's README as data: each response, its evidence level and its source."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from oneentry_scenarios.mock_server.answers import REFUSALS
from oneentry_scenarios.mock_server.routes import OPERATIONS

#: An operation, or a scope of several such as `needs.user`, and an outcome: `answered` or a refusal's name.
RowKey = tuple[str, str]


class EvidenceRow(NamedTuple):
    """A row of the evidence table: a response, its evidence `level` and its source."""

    operation: str
    outcome: str
    response: str
    level: str
    source: str


@cache
def evidence_rows() -> list[EvidenceRow]:
    """Return the rows of the evidence table that a request can reach."""
    pattern = r"^\| ([\w.]+) \| (\w+) \| (.*) \| ([\w ]+) \| (?:(.*) )?\|$"
    text = Path(__file__).with_name("README.md").read_text("utf-8")
    found = (EvidenceRow(*columns) for columns in re.findall(pattern, text, re.MULTILINE))
    return [row for row in found if row.operation != "operation" and not row.operation.startswith("controls.")]


def operation_of(method: str, url: str) -> str:
    """Return the requested operation; if the mock server does not serve it, method and path without IDs."""
    path = urlsplit(url).path
    known = (each.name for each in OPERATIONS if each.method == method and _pattern(each.path).match(path))
    return next(known, f"{method} {re.sub(r'/[0-9]+(?=/|$)', '/{id}', path)}")


def outcome_of(status: int, content: object) -> str:
    """Return the outcome of a response with this status and JSON: `answered` or the refusal's name."""
    if status < 400:
        return "answered"
    message = str(content.get("message", "")) if isinstance(content, dict) else ""
    refusals = [each for each in REFUSALS.values() if each.status == status and _pattern(each.template).match(message)]
    # A template with less literal text may also match the messages of other refusals.
    refusals.sort(key=lambda each: len(re.sub(r"\{\w+\}", "", each.template)))
    return refusals[-1].name if refusals else f"refused_{status}"


def row_for(key: RowKey, place: str) -> EvidenceRow | None:
    """Return the row that mentions the field at `place`, such as `response.body.totalSum`, else the first row."""
    operation, outcome = key
    others = {each.name for each in OPERATIONS} - {operation}
    about = [row for row in evidence_rows() if row.outcome == outcome and row.operation not in others]
    about.sort(key=lambda row: row.operation != operation)  # an operation's own rows come first
    fields = [f"`{name}`" for name in re.findall(r"\w+", place)]
    return next((row for row in about if any(field in row.response for field in fields)), about[0] if about else None)


def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern for texts from a template such as `/marker/{marker}/orders`."""
    parts = re.split(r"\{\w+\}", template.replace("{{", "\0").replace("}}", "\1"))
    literal = [re.escape(part.replace("\0", "{").replace("\1", "}")) for part in parts]
    return re.compile("[^/]+".join(literal) + "$" if template.startswith("/") else ".+".join(literal) + "$")
