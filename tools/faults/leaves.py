"""`python -m tools.faults.leaves [PATTERN ...]`: replays scenarios with changed values of recorded responses.

Values are the leaves of a response's JSON, its status and its content type. An undetected change needs a reason in
leaves.toml. Shell patterns for "operation field change" select changes; only a full run is written to `docs/faults.md`.
"""

import json
import os
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oneentry_scenarios.cassettes.file import Cassette, RecordedResponse
from oneentry_scenarios.mock_server.evidence import operation_of
from tools.checkout import measured, run_all, run_pytest
from tools.faults.members import Edit, drop, put
from tools.faults.report import LEAVES, table, write

REASONS = Path(__file__).with_name("leaves.toml")
#: The new statuses for a success (True) and for a refusal (False).
STATUSES = {True: (200, 201, 204, 404), False: (400, 401, 403, 404, 500, 201)}
_WHOLE = {"status": "HTTP-status", "body.json": "body"}
#: The number of changes, and the number of undetected ones by name.
Outcome = tuple[int, Counter[str]]
_DOCS = Path(__file__).with_name("leaves.md.in").read_text("utf-8")


@dataclass(frozen=True)
class Leaf:
    """A value of the response at `position` in a cassette; `edit` changes it in the response's JSON.

    `name` consists of operation, field and change, without positions in lists; `!` marks a refusal.
    """

    name: str
    position: int
    edit: Edit

    def changed(self, cassette: Cassette) -> Cassette:
        """Return the cassette with the changed value."""
        interactions = [*cassette.interactions]
        changed = interactions[self.position]
        response = RecordedResponse.model_validate(self.edit(changed.response.model_dump(mode="json")))
        interactions[self.position] = changed.model_copy(update={"response": response})
        return cassette.model_copy(update={"interactions": interactions})


def leaves(cassette: Cassette) -> Iterator[Leaf]:
    """Yield each change of each value of each response."""
    for position, (request, response) in enumerate((each.request, each.response) for each in cassette.interactions):
        operation = operation_of(request.method, request.url).partition(".")[2] + "!" * (response.status >= 400)
        for path, value in _values(response.model_dump(mode="json", exclude={"reason"})):
            field = re.sub(r"^(headers|body)[.](json[.]((items[.])?[0-9]+[.])?)?", "", path)
            field = _WHOLE.get(path, re.sub(r"[.][0-9]+(?=[.]|$)", ".*", field))
            for how, new in ((how, new) for how, new in _ways(path, value) if new != value):
                yield Leaf(f"{operation} {field} {how}", position, put(path, new))
            if path != "status" and not re.search(r"[.](json|[0-9]+)$", path):
                yield Leaf(f"{operation} {field} missing", position, drop(path))


def _values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not members:
        yield path, value
    for key, member in members:
        yield from _values(member, f"{path}.{key}".lstrip("."))


def _ways(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield other values, with the name of the change."""
    if path == "status":
        yield from ((str(each), each) for each in STATUSES[value < 400] if each != value)
    elif path.startswith("headers."):
        yield "other", "text/html"
    elif value is None:
        yield from (("a-text", "https://other.invalid/"), ("a-number", 7))
    else:
        yield "null", None
        yield from _of_its_type(value)


def _of_its_type(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "opposite", not value
    elif isinstance(value, int | float):
        yield from (("one-more", value + 1), ("many-more", value + 1006), ("zero", 0), ("negative", -value or -1))
    elif isinstance(value, str):
        yield from (("empty", ""), ("other", f"{value}-other"))
        if re.fullmatch(r"[0-9.]+", value):
            yield "one-more", str(float(value) + 1)
        if re.match(r"\d{4}-\d\d-\d\dT", value):
            for how, days in (("later", 1), ("earlier", -1)):
                yield how, (datetime.fromisoformat(value) + timedelta(days=days)).isoformat()


def replayed(patterns: Sequence[str] = ("*",), every: int = 1) -> Outcome:
    """Make every `every`-th matching change, on all cores."""
    cores = os.cpu_count() or 1
    made, green = 0, Counter[str]()

    def run(part: int) -> dict[str, Any]:
        with TemporaryDirectory() as directory:
            file = Path(directory) / "green.json"
            options = [f"--change={each}" for each in patterns] + [f"--part={part}/{cores * every}", f"--green={file}"]
            plugins = ["-p", "tools.faults.leaves_plugin", "--alluredir", directory]
            done = run_pytest(*plugins, *options, "features", cwd=measured())
            if done.returncode:
                raise RuntimeError(f"Scenarios fail without a change. Fix them first.\n{done.stdout}")
            outcome: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return outcome

    for outcome in run_all(run, range(cores), lambda _: None):
        made += outcome["made"]
        green += Counter(outcome["green"])
    return made, green


def explained(green: Counter[str]) -> tuple[dict[str, str], list[str]]:
    """Return the first matching reason of each name, and the patterns that match nothing."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8"))["reasons"]
    patterns = [(pattern, entry["reason"]) for entry in entries for pattern in entry["of"]]
    reasons, idle = {}, dict(patterns)
    for name in green:
        for pattern, reason in patterns:
            if fnmatchcase(name, pattern):
                reasons[name] = reason
                idle.pop(pattern, None)
                break
    return reasons, [*idle]


def for_docs(made: int, green: Counter[str], reasons: dict[str, str]) -> str:
    """Return the undetected changes by field and reason, as a section in Markdown."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in sorted(green):
        groups[name.split()[1], reasons.get(name, "*not explained yet*")].append(name)
    rows = []
    for (field, reason), names in sorted(groups.items()):
        operations, _, changes = (", ".join(dict.fromkeys(part)) for part in zip(*map(str.split, names), strict=True))
        rows.append(f"| `{field}` | {operations} | {changes} | {sum(green[name] for name in names)} | {reason} |")
    head = ("field", "of", "changed to", "undetected", "why")
    left = green.total()
    return _DOCS.format(heading=LEAVES, made=made, found=made - left, left=left, table=table(head, rows))


def main(patterns: list[str]) -> int:
    """Make the changes, print those without a reason, and after a full run write all into `docs/faults.md`."""
    made, green = replayed(patterns or ["*"])
    reasons, idle = explained(green)
    problems = [f"{name}: {green[name]} undetected, without a reason" for name in sorted(green.keys() - reasons)]
    problems += [f"{pattern}: matches no undetected change" for pattern in idle if not patterns]
    print(f"{made} changes of recorded values, {green.total()} undetected", *problems, sep="\n  ")
    if not patterns:
        write(for_docs(made, green, reasons))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
