"""Orders, their lists, statuses and previews."""

from typing import Any

from tools.faults.changes import sends
from tools.faults.injection import PASSWORDS, MockShop
from tools.faults.messages import Answer, Request
from tools.healthy.edits import CAP, listing, newest_first, oldest_first
from tools.healthy.shop import catalogued

NEW_READ: dict[str, object] = {
    "discountConfig": None,
    "isPartial": None,
    "paymentStrategy": "once",
    "split": {"completed": [], "partial": [], "stages": []},
    "fulfillmentStatusIdentifier": None,
    "fulfillmentStatusLocalizeInfos": None,
    "paymentStatusIdentifier": "inProgress-payment",
    "paymentStatusLocalizeInfos": {"en_US": {"title": "In progress"}},
}
NEW_WRITTEN: dict[str, object] = {
    "statusIdentifier": "inProgress",
    "statusLocalizeInfos": {"en_US": {"title": "In progress"}},
    "couponCode": None,
    "additionalDiscountsMarkers": [],
    "discountConfig": None,
    "bonusApplied": 0,
}


def _with_gifts(order: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**line, "isGift": False} for line in order["products"]]


def _without_axes(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    newer = ("axis", "isFinalSuccess", "isCancelFinal", "isMapped")
    return [{name: each[name] for name in each if name not in newer} for each in statuses if each["axis"] == "order"]


def _fields_by_marker(form: dict[str, Any]) -> dict[str, Any]:
    return form | {"attributes": {each["marker"]: each for each in form["attributes"]}}


def _fewest_in_fields(form: dict[str, Any]) -> dict[str, Any]:
    return form | {
        "attributes": [{name: each[name] for name in ("type", "marker", "validators")} for each in form["attributes"]]
    }


async def _as_guest(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Accept an order without a sign-in; the mock server stores it for the second user."""
    if request.operation != "create_order" or given.status != 401 or request.token:
        return None
    return await shop.ask_as(request, list(PASSWORDS)[1])


def _odd(request: Request, given: Answer, shop: MockShop) -> bool:
    return any(sends("products.0.quantity", number)(request, given, shop) for number in (0, -1, 1.5))


NAMES: dict[str, Any] = {
    "oldest_capped": listing(oldest_first),
    "newest_capped": listing(newest_first),
    "oldest_all": listing(oldest_first, None),
    "newest_all": listing(newest_first, None),
    "newest_three": listing(newest_first, 3),
    "total_of_shown": listing(newest_first, total=CAP),
    "new_written": lambda order: order | NEW_WRITTEN | {"totalDue": order["totalSum"]},
    "new_read": lambda order: order | {"totalSumRaw": order["totalSum"]} | NEW_READ | {"products": _with_gifts(order)},
    "lower": str.lower,
    "no_decimals": lambda total: total.rstrip("0").rstrip(".") if "." in total else total,  # as JavaScript writes it
    "or_false": lambda is_completed: is_completed or False,
}
SHOPS = catalogued("orders", {**globals(), **NAMES})
