"""Broken shops for tests of the command; they are not in the catalogue."""

from tools.faults.changes import answer, on, reply
from tools.faults.members import put
from tools.faults.messages import Answer
from tools.healthy.edits import fields
from tools.healthy.shop import HealthyShop


def _raise(_: Answer) -> Answer:
    raise ZeroDivisionError("the layer breaks down")


_DEARER = fields("create_order", totalSum=lambda order: order["totalSum"] + 1)
BROKEN = (
    HealthyShop("broken/total", "orders cost one more", "plainly allowed", "-", _DEARER),
    HealthyShop("broken/no-change", "nothing is changed", "plainly allowed", "-", answer(put("id", lambda id_: id_))),
    HealthyShop("broken/layer", "the layer fails", "plainly allowed", "-", on("create_order", reply(_raise))),
)
