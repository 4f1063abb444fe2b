"""Shops that do not belong into the catalogue, for tests of the command."""

from tools.faults.changes import answer, on, put, reply
from tools.faults.messages import Answer
from tools.healthy.edits import fields
from tools.healthy.shop import P, shops


def _raise(_: Answer) -> Answer:
    raise ZeroDivisionError("the layer breaks down")


BROKEN = shops(
    [
        ("broken/total", "orders cost one more", P, "-", fields("create_order", totalSum=lambda x: x["totalSum"] + 1)),
        ("broken/no-change", "nothing is changed", P, "-", answer(put("id", lambda number: number))),
        ("broken/layer", "the layer fails", P, "-", on("create_order", reply(_raise))),
    ]
)
