"""A fault: one way in which an API can be wrong."""

from dataclasses import dataclass
from typing import Literal

from tools.faults.changes import on
from tools.faults.injection import Change
from tools.faults.messages import OPERATION_OF

FaultKind = Literal["answers", "meaning", "protection", "behaviour"]
#: How the rule that a fault breaks is known: by the vendor, by others' observation, by inference, or not at all.
RestsOn = Literal["documented", "observed", "inferred", "undocumented"]

KINDS: tuple[FaultKind, ...] = ("answers", "meaning", "protection", "behaviour")
#: A fault that rests on one of these breaks a rule that the real API is known to keep.
KNOWN: tuple[RestsOn, ...] = ("documented", "observed")


@dataclass(frozen=True)
class Fault:
    """A line of the catalogue.

    `id` is the operation and what is wrong with it, such as `create_order/total-missing`; `any/` means every
    operation. `names` are words for the field or the rule: a good diagnosis has one of them. `shows` are the
    operations at which the fault becomes visible, if not at its own. `patience` is the client's
    read time-out in seconds, if shorter than usual. `is_beside`: the change says itself at which operations it acts.
    """

    kind: FaultKind
    id: str
    title: str
    rests_on: RestsOn
    names: tuple[str, ...]
    change: Change
    shows: tuple[str, ...] = ()
    patience: float | None = None
    is_beside: bool = False

    def __post_init__(self) -> None:
        for name in {self._own, *self.shows} - {"any"}:
            if name not in OPERATION_OF:
                raise ValueError(f"{self.id}: {name} is none of {', '.join(OPERATION_OF)}")

    @property
    def operations(self) -> tuple[str, ...]:
        """The client's names of the operations at which it may be seen, its own first; empty for all."""
        return () if self._own == "any" else tuple(OPERATION_OF[name] for name in (self._own, *self.shows))

    @property
    def applied(self) -> Change:
        """The change, at its own operation only unless it acts beside."""
        return self.change if self.is_beside or self._own == "any" else on(self._own, self.change)

    @property
    def _own(self) -> str:
        return self.id.partition("/")[0]
