"""Broken faults for tests of the command; they are not in the catalogue."""

from tools.faults.catalogue.table import faults
from tools.faults.changes import answer, reply, says
from tools.faults.members import put
from tools.faults.messages import Answer


def _raise(_: Answer) -> Answer:
    raise ZeroDivisionError("the layer breaks down")


BROKEN = faults(
    "answers",
    (
        (f"create_order/broken-{id_}", title, "undocumented", "id", change)
        for id_, title, change in (
            ("no-change", "nothing is changed", answer(put("id", lambda number: number))),
            ("never", "never applied", answer(put("id", 1), when=says("no such words"))),
            ("layer", "the layer fails", reply(_raise)),
        )
    ),
)
