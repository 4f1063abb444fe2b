"""Tolerances: faults that resemble tolerated differences of healthy shops. Each tolerant check has one here."""

from typing import Any

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import caller
from tools.faults.injection import PASSWORDS, MockShop
from tools.faults.members import Edit, add
from tools.faults.messages import Answer, Request


async def _echoed(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Add the caller's password to the response, in an undocumented nested field."""
    user = given.json["userIdentifier"] if request.operation == "auth" else caller(request, shop)
    return given.changed(add("authData", [{"marker": "password_reg", "value": PASSWORDS[user]}]))


def _with_axes(**further: Any) -> Edit:
    """Give the order statuses an axis, as newer servers do, and add a status of another axis."""

    def edit(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
        more = {**statuses[0], "id": 90, "identifier": "notShipped", "isDefault": True, "axis": "fulfillment"}
        return [*({**each, "axis": "order"} for each in statuses), {**more, **further}]

    return edit


NAMES = {
    "with_axes": _with_axes(),
    "with_two_defaults": _with_axes(axis="order"),
    "with_no_axis": _with_axes(axis=None),
}
FAULTS = catalogued("meaning", "tolerances", {**globals(), **NAMES})
