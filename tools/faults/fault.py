"""A fault: one way in which an API can be wrong."""

from dataclasses import dataclass
from typing import Literal

from tools.faults.changes import on
from tools.faults.injection import Change
from tools.faults.messages import OPERATION_OF

FaultKind = Literal["answers", "meaning", "protection", "behaviour"]
#: Evidence level of the rule that a fault breaks: the vendor, observations of others, inference, or none.
RestsOn = Literal["documented", "observed", "inferred", "undocumented"]

KINDS: tuple[FaultKind, ...] = ("answers", "meaning", "protection", "behaviour")
#: With these evidence levels, the real API is known to keep the rule.
KNOWN: tuple[RestsOn, ...] = ("documented", "observed")


@dataclass(frozen=True)
class Fault:
    """A row of the catalogue.

    id: the operation and what is wrong with it, such as `create_order/total-missing`; `any/` means every operation.
    names: words for the field or the rule, of which a clear failure message has one.
    shows: the operations at which the fault becomes visible, besides its own.
    patience: the client's read timeout in seconds, if shorter than usual.
    is_beside: the change itself selects its operations.
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
                raise ValueError(f"{self.id}: unknown operation {name} (available: {', '.join(OPERATION_OF)})")

    @property
    def operations(self) -> tuple[str, ...]:
        """The client's names of the operations at which the fault is visible, its own first; empty for all."""
        return () if self._own == "any" else tuple(OPERATION_OF[name] for name in (self._own, *self.shows))

    @property
    def applied(self) -> Change:
        """The change, limited to its own operation unless `is_beside`."""
        return self.change if self.is_beside or self._own == "any" else on(self._own, self.change)

    @property
    def _own(self) -> str:
        return self.id.partition("/")[0]
