"""Makes faults from the catalogue's lines."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools.faults.changes import Edit, answer, drop, later, newest, put, says, status, succeeds
from tools.faults.fault import Fault, FaultKind, RestsOn
from tools.faults.injection import Change

D: RestsOn = "documented"
O: RestsOn = "observed"  # noqa: E741
I: RestsOn = "inferred"  # noqa: E741
U: RestsOn = "undocumented"

#: Id, title, what the rule rests on, words for the field or rule, the change; and where else it shows.
FaultLine = tuple[str, str, RestsOn, str, "Change"] | tuple[str, str, RestsOn, str, "Change", str]


def faults(kind: FaultKind, lines: Sequence[FaultLine | Fault]) -> tuple[Fault, ...]:
    """The faults of one class. Several words or operations in one string are separated by `|`."""
    return tuple(line if isinstance(line, Fault) else _fault(kind, *line) for line in lines)


def simple(kind: FaultKind) -> tuple[Fault, ...]:
    """The faults of one class from `simple.toml`."""
    listed = tomllib.loads(Path(__file__).with_name("simple.toml").read_text(encoding="utf-8"))[kind]
    return tuple(
        _fault(kind, id_, title, rests_on, names, _change(change, **dict(*more)), dict(*more).get("shows", ""))
        for id_, (title, rests_on, names, change, *more) in listed.items()
    )


def _change(change: str, refused: str = "", **_: str) -> Change:
    when = says(refused) if refused else succeeds
    if change.startswith("status "):
        return status(int(change[7:]), when)
    return answer(*(_edit(*each.split(" ", 2)) for each in change.split("; ")), when=when)


def _edit(verb: str, at: str, by: str = "null") -> Edit:
    if verb == "newest":
        return newest(_edit(at, *by.split(" ", 1)))
    number = json.loads(by)
    edits = {
        "drop": lambda: drop(at),
        "put": lambda: put(at, number),
        "text": lambda: put(at, str),
        "more": lambda: put(at, lambda now: now + number),
        "later": lambda: put(at, later(seconds=number)),
    }
    return edits[verb]()


def _fault(
    kind: FaultKind, id_: str, title: str, rests_on: RestsOn, names: str, change: Change, shows: str = ""
) -> Fault:
    return Fault(kind, id_, title, rests_on, _parts(names), change, _parts(shows))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
