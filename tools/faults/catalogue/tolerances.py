"""Tolerances: what a healthy shop may do otherwise, gone wrong. Each check that lets something pass has one here."""

from typing import Any

from tools.faults.catalogue.table import catalogued, later
from tools.faults.changes import Edit, add, after, also, answer, both, caller, on, put
from tools.faults.injection import PASSWORDS, Change, MockShop
from tools.faults.messages import Answer, Request

CREATE, READ, PREVIEW = "create_order", "get_order_by_marker_and_id", "preview_order"
STATUSES = "get_all_statuses_by_storage_marker"


def _at(edits: dict[str, Edit]) -> Change:
    """Change the answers of several operations, each in its way."""
    return also(*(on(operation, answer(edit)) for operation, edit in edits.items()))


async def _echoed(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The answer has the caller's password, deep in an undocumented field."""
    user = given.json["userIdentifier"] if request.operation == "auth" else caller(request, shop)
    return given.changed(add("authData", [{"marker": "password_reg", "value": PASSWORDS[user]}]))


def _with_axes(**further: Any) -> Edit:
    """Newer servers: the statuses of the order are an axis, and there is one more."""

    def edit(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
        more = {**statuses[0], "id": 90, "identifier": "notShipped", "isDefault": True, "axis": "fulfillment"}
        return [*({**each, "axis": "order"} for each in statuses), {**more, **further}]

    return edit


def _stuck(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "total": 0}


CHANGES: dict[str, Change] = {
    # Passwords
    "auth/password-echoed": after(_echoed),
    "get_user/password-echoed": after(_echoed),
    "create_order/password-echoed": after(_echoed),
    # A new order may lack its currency, its account and its date
    "any/currency-only-read": _at({CREATE: put("currency", ""), READ: put("currency", "EUR")}),
    "any/account-only-read": _at(
        {CREATE: put("paymentAccountIdentifier", None), READ: put("paymentAccountIdentifier", "stripe")}
    ),
    "any/date-only-read": _at({CREATE: put("createdDate", None), READ: put("createdDate", later(hours=-1))}),
    "create_order/date-two-minutes-late": answer(put("createdDate", later(hours=1, minutes=2))),
    # A total may be discounted as the preview says
    "create_order/total-discounted": answer(put("totalSum", lambda total: total - 10)),
    "any/discount-not-given": _at(
        {
            PREVIEW: both(put("totalSumWithDiscount", lambda total: total - 10), put("totalDue", lambda due: due - 10)),
            CREATE: put("totalSum", lambda total: total - 5),
        }
    ),
    # Lists may be cut
    "get_all_orders_by_marker/total-stuck": answer(_stuck),
    "get_sessions/total-stuck": answer(_stuck),
    # Statuses may have axes
    "get_all_statuses_by_storage_marker/two-defaults": answer(_with_axes(axis="order")),
    "get_all_statuses_by_storage_marker/default-without-axis": answer(_with_axes(axis=None)),
    "any/default-of-no-axis": _at({STATUSES: _with_axes(), READ: put("statusIdentifier", "paid_for")}),
}
FAULTS = catalogued("meaning", "tolerances", CHANGES)
