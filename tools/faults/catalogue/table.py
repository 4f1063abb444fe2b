"""Makes faults and healthy shops from the lines of TOML files, which describe changes in the words of `faults.toml`."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from oneentry_scenarios.mock_server.clock import iso
from tools.faults import changes as c
from tools.faults.changes import Edit, Reask, When
from tools.faults.fault import Fault, FaultKind, RestsOn
from tools.faults.injection import Change

D: RestsOn = "documented"
O: RestsOn = "observed"  # noqa: E741
I: RestsOn = "inferred"  # noqa: E741
U: RestsOn = "undocumented"

#: Id, title, what the rule rests on, words for the field or rule, the change; and where else it shows.
FaultLine = tuple[str, str, RestsOn, str, "Change"] | tuple[str, str, RestsOn, str, "Change", str]
LINES = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))


def faults(kind: FaultKind, lines: Sequence[FaultLine]) -> tuple[Fault, ...]:
    """The faults of one class. Several words or operations in one string are separated by `|`."""
    return tuple(_fault(kind, *line) for line in lines)


def catalogued(kind: FaultKind, section: str, names: Mapping[str, Any], beside: str = "") -> tuple[Fault, ...]:
    """The faults of a section of `faults.toml`, of one class; if it acts `beside` the answer: where they show, too."""
    made = []
    reader = Reader(names)
    for ids, (title, rests_on, words, change, *more) in LINES[section].items():
        options = dict(*more)
        operations, _, name = ids.partition("/")
        for operation in operations.split("|"):
            at = {"at": operation} if beside else {}
            does = reader.change(change, at | options)
            shows = "|".join((options.get("shows", ""), beside))
            fault = _fault(kind, f"{operation}/{name}", title.format(operation), rests_on, words, does, shows)
            made.append(replace(fault, patience=options.get("patience"), is_beside=bool(beside)))
    return tuple(made)


class Reader:
    """Reads the words of lines; those in no list below are names of a module or of `changes`, else a KeyError."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = {**vars(c), **names}

    def change(self, text: str | Mapping[str, str], options: Mapping[str, Any]) -> Change:
        """The change that a line describes: one, perhaps only at some operations, or one for each of several."""
        if at := options.get("at"):
            change = self.change(text, {**options, "at": ""})
            return change if at == "any" else c.on("|".join(self._names.get(x, x) for x in at.split("|")), change)
        if not isinstance(text, str):
            return c.also(*(c.on(operation, self.change(each, options)) for operation, each in text.items()))
        verb, _, rest = text.partition(" ")
        number, _, words = rest.partition(" ")
        when, answer = self.when(options), options.get("answer")
        made: dict[str, Callable[[], Change]] = {
            "status": lambda: c.status(int(number), when),
            "error": lambda: c.error(int(number), words, when),
            "page": lambda: c.page(int(number), words, when),
            "redirect": lambda: c.redirect(int(number)),
            "arrives": lambda: c.arrives(rest, when),  # type: ignore[arg-type]  # a delivery, or the layer fails
            "body": lambda: c.body(self._names[rest], when),
            "reply": lambda: c.reply(self._names[rest], when),
            "after": lambda: c.after(self._names[rest], when),
            "instead": lambda: Change(instead=self._names[rest]),
            "passes": lambda: c.passes(self._reask(rest), when, self.edit(answer) if answer else None),
            "silently": lambda: c.refused_but_done(self._reask(rest), when),
            "every": lambda: c.every(int(number), self.change(words, options)),
            "change": lambda: self._names[rest],
        }
        return made[verb]() if verb in made else c.answer(self.edit(text), when=when)

    def when(self, options: Mapping[str, Any]) -> When:
        """When the change applies."""
        if "sends" in options:
            path, value, *success = options["sends"]
            return c.sends(path, value, success=bool(success))
        if "refused" in options:
            return c.says(options["refused"])
        named: When = self._names[options.get("when", "succeeds")]
        return named

    def edit(self, text: str) -> Edit:
        """The edit that a text describes, or several in order."""
        return c.both(*(self._edit(each) for each in text.split("; ")))

    def _edit(self, text: str) -> Edit:
        verb, _, rest = text.partition(" ")
        at, _, by = rest.partition(" ")
        made: dict[str, Callable[[], Edit]] = {
            "drop": lambda: c.drop(at),
            "put": lambda: c.put(at, json.loads(by)),
            "add": lambda: c.add(at, json.loads(by)),
            "text": lambda: c.put(at, str),
            "number": lambda: c.put(at, float),
            "decimals": lambda: c.put(at, lambda now: f"{float(now):.2f}"),
            "more": lambda: c.put(at, c.more(json.loads(by))),
            "later": lambda: c.put(at, moved(float(by))),
            "swap": lambda: c.put(at, _swapped(*map(json.loads, by.split(" ")))),
            "by": lambda: c.put(at, self._names[by]),
            "newest": lambda: c.newest(self._edit(rest)),
            "each": lambda: c.records(self._edit(rest)),
            "in": lambda: c.put(at, c.records(self._edit(by))),
            "without": lambda: c.records(lambda record: {x: record[x] for x in record if x not in rest.split()}),
            "is": lambda: lambda _: json.loads(rest),
            "edit": lambda: self._names[rest],
        }
        return made[verb]()

    def _reask(self, text: str) -> Reask:
        verb, _, rest = text.partition(" ")
        if verb == "as":
            return c.as_user(self._names[rest])
        reask: Reask = c.request_with(self.edit(text)) if rest else self._names[verb]
        return reask


def moved(seconds: float) -> Edit:
    """A moment moved by so much."""
    return lambda text: iso(datetime.fromisoformat(text) + timedelta(seconds=seconds))


def _swapped(one: object, other: object) -> Edit:
    return lambda now: {one: other, other: one}.get(now, now)


def _fault(
    kind: FaultKind, id_: str, title: str, rests_on: RestsOn, names: str, change: Change, shows: str = ""
) -> Fault:
    return Fault(kind, id_, title, rests_on, _parts(names), change, _parts(shows))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
