"""Makes faults from the catalogue's lines."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from oneentry_scenarios.mock_server.clock import iso
from tools.faults.changes import Edit, answer, drop, newest, put, says, status, succeeds
from tools.faults.fault import Fault, FaultKind, RestsOn
from tools.faults.injection import Change

D: RestsOn = "documented"
O: RestsOn = "observed"  # noqa: E741
I: RestsOn = "inferred"  # noqa: E741
U: RestsOn = "undocumented"

#: Id, title, what the rule rests on, words for the field or rule, the change; and where else it shows.
FaultLine = tuple[str, str, RestsOn, str, "Change"] | tuple[str, str, RestsOn, str, "Change", str]


def later(**by: float) -> Edit:
    """A moment moved by so much."""
    return lambda text: iso(datetime.fromisoformat(text) + timedelta(**by))


def faults(kind: FaultKind, lines: Sequence[FaultLine | Fault]) -> tuple[Fault, ...]:
    """The faults of one class. Several words or operations in one string are separated by `|`."""
    return tuple(line if isinstance(line, Fault) else _fault(kind, *line) for line in lines)


def catalogued(kind: FaultKind, section: str, changes: Mapping[str, Change]) -> tuple[Fault, ...]:
    """The faults of a section of `faults.toml`, of one class; `changes` has those that are not written there."""
    listed = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))[section]
    if wrong := changes.keys() ^ {id_ for id_, line in listed.items() if not line[3]}:
        raise ValueError(f"{section}: these must have a change in faults.toml or in the module: {', '.join(wrong)}")
    made = []
    for id_, (title, rests_on, names, change, *more) in listed.items():
        options = dict(*more)
        does = _change(change, options.get("refused")) if change else changes[id_]
        fault = _fault(kind, id_, title, rests_on, names, does, options.get("shows", ""))
        made.append(replace(fault, patience=options.get("patience")))
    return tuple(made)


def _change(change: str, refused: str | None) -> Change:
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
