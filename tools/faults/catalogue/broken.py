"""Faults that are themselves wrong, for tests of the command; not in the catalogue."""

from tools.faults.catalogue.table import U, faults
from tools.faults.changes import answer, put, reply, says
from tools.faults.messages import Answer


def _raise(_: Answer) -> Answer:
    raise ZeroDivisionError("the layer breaks down")


BROKEN = faults(
    "answers",
    [
        ("create_order/broken-no-change", "nothing is changed", U, "id", answer(put("id", lambda number: number))),
        ("create_order/broken-never", "never applied", U, "id", answer(put("id", 1), when=says("no such words"))),
        ("create_order/broken-layer", "the layer fails", U, "id", reply(_raise)),
    ],
)
