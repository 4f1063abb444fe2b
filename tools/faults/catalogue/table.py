"""Makes faults of the catalogue's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.faults.fault import Fault, Kind, RestsOn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.faults.injection import Change

D: RestsOn = "documented"
O: RestsOn = "observed"  # noqa: E741
I: RestsOn = "inferred"  # noqa: E741
U: RestsOn = "undocumented"

#: Id, title, what the rule rests on, words for the field or rule, the change; and where else it comes to light.
Line = tuple[str, str, RestsOn, str, "Change"] | tuple[str, str, RestsOn, str, "Change", str]


def faults(kind: Kind, lines: Sequence[Line | Fault]) -> tuple[Fault, ...]:
    """The lines of one class. Of several words or operations in one text, `|` stands between."""
    return tuple(line if isinstance(line, Fault) else _fault(kind, *line) for line in lines)


def _fault(kind: Kind, id_: str, title: str, rests_on: RestsOn, names: str, change: Change, shows: str = "") -> Fault:
    return Fault(kind, id_, title, rests_on, _parts(names), change, _parts(shows))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
