"""Creates faults and healthy shops from the rows of TOML files; `faults.toml` explains the syntax of changes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from oneentry_scenarios.mock_server.clock import iso
from oneentry_scenarios.problem import read_toml
from tools.faults import changes as c
from tools.faults import members as m
from tools.faults.changes import Reask, When
from tools.faults.fault import Fault, FaultKind, RestsOn
from tools.faults.injection import Change
from tools.faults.members import Edit

#: ID, title, evidence level of the rule, words for the field or rule, and the change.
FaultLine = tuple[str, str, RestsOn, str, Change]
LINES = read_toml(__file__, "faults.toml")


def faults(kind: FaultKind, lines: Iterable[FaultLine], beside: str = "") -> tuple[Fault, ...]:
    """Return the faults of one class; `|` separates words and operations; side effects are visible at `beside`."""
    return tuple(
        Fault(kind, id_, title, rests_on, _parts(words), change, _parts(beside), is_beside=bool(beside))
        for id_, title, rests_on, words, change in lines
    )


def catalogued(kind: FaultKind, section: str, names: Mapping[str, Any], beside: str = "") -> tuple[Fault, ...]:
    """Return the faults of a section of `faults.toml`; side effects are also visible at `beside`."""
    made: list[Fault] = []
    reader = Reader(names)
    for ids, (title, rests_on, words, change, *more) in LINES[section].items():
        options = dict(*more)
        operations, _, name = ids.partition("/")
        shows = "|".join((options.get("shows", ""), beside))
        for operation in operations.split("|"):
            does = reader.change(change, {"at": operation if beside else "any"} | options)
            [fault] = faults(kind, [(f"{operation}/{name}", title.format(operation), rests_on, words, does)], beside)
            made.append(replace(fault, shows=_parts(shows), patience=options.get("patience")))
    return tuple(made)


class Reader:
    """Parses changes, which may use names of a module and of `changes`; unknown words raise KeyError."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = {**vars(m), **vars(c), **names}

    def change(self, text: str | Mapping[str, str], options: Mapping[str, Any]) -> Change:
        """Return the change of a row: one for all or some operations (`at`), or one for each of several operations."""
        try:
            if not isinstance(text, str):
                return c.also(*(c.on(operation, self._change(each, options)) for operation, each in text.items()))
            change, at = self._change(text, options), options.get("at", "any").split("|")
            return change if at == ["any"] else c.on("|".join(self._names.get(x, x) for x in at), change)
        except KeyError as error:
            error.add_note(f"in the line with {text!r}")
            raise

    def _change(self, text: str, options: Mapping[str, Any]) -> Change:
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
            "every": lambda: c.every(int(number), self._change(words, options)),
            "change": lambda: self._names[rest],
        }
        return made[verb]() if verb in made else c.answer(self.edit(text), when=when)

    def when(self, options: Mapping[str, Any]) -> When:
        """Return the condition of the change."""
        if "sends" in options:
            path, value, *success = options["sends"]
            return c.sends(path, value, success=bool(success))
        if "refused" in options:
            return c.says(options["refused"])
        named: When = self._names[options.get("when", "succeeds")]
        return named

    def edit(self, text: str) -> Edit:
        """Return the edit that a text describes, or several in order."""
        return m.both(*(self._edit(each) for each in text.split("; ")))

    def _edit(self, text: str) -> Edit:
        verb, _, rest = text.partition(" ")
        at, _, by = rest.partition(" ")
        made: dict[str, Callable[[], Edit]] = {
            "drop": lambda: m.drop(at),
            "put": lambda: m.put(at, json.loads(by)),
            "add": lambda: m.add(at, json.loads(by)),
            "text": lambda: m.put(at, str),
            "number": lambda: m.put(at, float),
            "decimals": lambda: m.put(at, lambda now: f"{float(now):.2f}"),
            "more": lambda: m.put(at, m.more(json.loads(by))),
            "later": lambda: m.put(at, _moved(float(by))),
            "swap": lambda: m.put(at, _swapped(*map(json.loads, by.split(" ")))),
            "by": lambda: m.put(at, self._names[by]),
            "newest": lambda: m.newest(self._edit(rest)),
            "each": lambda: m.records(self._edit(rest)),
            "in": lambda: m.put(at, m.records(self._edit(by))),
            "without": lambda: m.records(lambda record: {x: record[x] for x in record if x not in rest.split()}),
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


def _moved(seconds: float) -> Edit:
    return lambda text: iso(datetime.fromisoformat(text) + timedelta(seconds=seconds))


def _swapped(one: object, other: object) -> Edit:
    return lambda now: {one: other, other: one}.get(now, now)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
