"""Orders, lists of them, statuses and the preview."""

from typing import Any

from tools.faults.catalogue.protection import ONE_PIECE
from tools.faults.changes import answer, on, passes, put, request_with, sends, status
from tools.faults.injection import PASSWORDS, Change, MockShop
from tools.faults.messages import Answer, Request
from tools.healthy.edits import CAP, LISTS, READ, WRITTEN, fields, listing, newest_first, oldest_first, without
from tools.healthy.shop import D, HealthyShop, O, P, shops

CAPPED = "docs, getAllOrdersByMarker: ten records unless the user group may read more"
MAY_BE_SO = "the mock server may be like this itself"
NEW_READ: dict[str, object] = {
    "totalSumRaw": lambda order: order["totalSum"],
    "discountConfig": None,
    "isPartial": None,
    "paymentStrategy": "once",
    "split": {"completed": [], "partial": [], "stages": []},
    "fulfillmentStatusIdentifier": None,
    "fulfillmentStatusLocalizeInfos": None,
    "paymentStatusIdentifier": "inProgress-payment",
    "paymentStatusLocalizeInfos": {"en_US": {"title": "In progress"}},
    "products": lambda order: [{**line, "isGift": False} for line in order["products"]],
}
NEW_WRITTEN: dict[str, object] = {
    "statusIdentifier": "inProgress",
    "statusLocalizeInfos": {"en_US": {"title": "In progress"}},
    "couponCode": None,
    "additionalDiscountsMarkers": [],
    "discountConfig": None,
    "bonusApplied": 0,
    "totalDue": lambda order: order["totalSum"],
}


def _image(value: object) -> Change:
    return fields(READ, products=lambda order: [{**line, "previewImage": value} for line in order["products"]])


def _no_decimals(order: dict[str, Any]) -> str:
    """As JavaScript writes a number: 340.00 as 340, 10.50 as 10.5."""
    text = str(order["totalSum"])
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_axes(statuses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    newer = ("axis", "isFinalSuccess", "isCancelFinal", "isMapped")
    return [{name: each[name] for name in each if name not in newer} for each in statuses if each["axis"] == "order"]


async def _as_guest(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """An order without a sign-in is placed; the mock server keeps it for the second user."""
    if request.operation != "create_order" or given.status != 401 or request.token:
        return None
    return await shop.ask_as(request, list(PASSWORDS)[1])


def _odd(request: Request, given: Answer, shop: MockShop) -> bool:
    return any(sends("products.0.quantity", number)(request, given, shop) for number in (0, -1, 1.5))


def _unpromised(id_: str, title: str, source: str, change: Change) -> HealthyShop:
    return HealthyShop(id_, title, P, source, change, unseen="live runs need not try it (issue 15, point 4)")


GUEST = "facts 8.4; docs, guest-order"

# fmt: off
SHOPS = shops([
    HealthyShop("lists/oldest-capped", "lists show the oldest ten records, oldest first", D, CAPPED,
                on(LISTS, listing(oldest_first)), unseen=MAY_BE_SO),
    HealthyShop("lists/newest-capped", "lists show the newest ten records, newest first", D,
                "docs, getAllOrdersByMarker: four generations of examples", on(LISTS, listing(newest_first)),
                unseen=MAY_BE_SO),
    ("lists/oldest-all", "lists show everything, oldest first", D, CAPPED, on(LISTS, listing(oldest_first, None))),
    ("lists/newest-all", "lists show everything, newest first", D, CAPPED, on(LISTS, listing(newest_first, None))),
    ("lists/newest-three", "a user group may read three records of a list", D,
     "platform rules, permission rules: the cap is a setting", on(LISTS, listing(newest_first, 3))),
    ("lists/total-of-shown", "the total of a list counts only what the user group may read", P,
     "nothing says what total counts under a cap", on(LISTS, listing(newest_first, total=CAP))),
    ("created/currency-empty", "the currency of a created order is empty", P, "facts 8.4",
     fields(WRITTEN, currency="")),
    ("created/account-missing", "a created order does not name its payment account", O,
     "shop demo, useCreateOrder.ts: not reliably populated", without(WRITTEN, "paymentAccountIdentifier")),
    ("created/date-missing", "a created order has no date", D, "SDK CreateOrderResponseSchema: optional",
     without(WRITTEN, "createdDate")),
    ("created/new-shape", "a created order has all the fields of today's client", D,
     "SDK CreateOrderResponseSchema; SDK rules (1.0.157); iOS OrdersServiceTests", fields(WRITTEN, **NEW_WRITTEN)),
    ("read/new-shape", "orders have all the fields of the newest server, also in lists", D,
     "docs, getAllOrdersByMarker (2026-04 to 2026-06); SDK rules", fields(READ, **NEW_READ)),
    ("read/old-shape", "orders have no link and no titles of statuses", D, "docs, getAllOrdersByMarker (2025-07)",
     without(READ, "paymentUrl", "statusLocalizeInfos", "totalSumRaw", "discountConfig", "isPartial",
             "paymentStrategy", "split")),
    ("read/fewest-fields", "orders lack all that is optional, except their status", D, "SDK OrderEntitySchema",
     without(READ, "formIdentifier", "attributeSetIdentifier", "paymentAccountIdentifier",
             "paymentAccountLocalizeInfos", "statusLocalizeInfos")),
    ("currency/lower", "currencies are in lower case, also in the preview", D, "docs, order 205: usd",
     fields(f"{WRITTEN}|{READ}|preview_order", currency=lambda order: order["currency"].lower())),
    ("read/currency-empty", "the currency of orders that are read is empty", D, "docs, getAllOrdersByMarker (2026-04)",
     fields(READ, currency="")),
    HealthyShop("read/total-no-decimals", 'totals without decimals, such as "340"', D,
                "docs, getAllOrdersByMarker (2026-04)", fields(READ, totalSum=_no_decimals), unseen=MAY_BE_SO),
    HealthyShop("read/total-two-decimals", 'totals with two decimals, such as "340.00"', D,
                "docs, getAllOrdersByMarker (2025-07)",
                fields(READ, totalSum=lambda order: f"{float(order['totalSum']):.2f}"), unseen=MAY_BE_SO),
    ("read/image-null", "the picture of a product is null", D, "SDK, order schema", _image(None)),
    ("read/image-empty", "the picture of a product is an empty text", D, "docs, getAllOrdersByMarker (2026-06)",
     _image("")),
    ("read/cash-not-completed", "isCompleted is false for cash, rather than null", D, "docs, users/order-history",
     fields(READ, isCompleted=lambda order: order["isCompleted"] or False)),
    ("statuses/no-axes", "statuses have no axes, and one default", D, "SDK before 1.0.158 (facts 8.3)",
     on("get_all_statuses_by_storage_marker", answer(_without_axes))),
    ("statuses/position-null", "the position of statuses and storages is null", D, "facts 8.3; SDK",
     fields("get_all_statuses_by_storage_marker|get_orders_storage_by_marker|get_all_orders_storage", position=None)),
    ("storage/type-null", "the general type of a storage is null", D, "SDK, order storages",
     fields("get_orders_storage_by_marker|get_all_orders_storage", generalTypeId=None)),
    ("preview/status-200", "a preview is answered with 200", P, "facts 1.2: no status is observed",
     on("preview_order", status(200))),
    ("preview/currency-empty", "the currency of a preview is empty", P, "facts 8.2: currencies are often empty",
     fields("preview_order", currency="")),
    ("preview/discounts-null", "a preview says nothing of discounts", P, "docs: discountConfig may be null",
     fields("preview_order", discountConfig=None)),
    _unpromised("unpromised/guest-order", "a visitor may order", GUEST, Change(after=_as_guest)),
    _unpromised("unpromised/quantities", "0, -1 or 1.5 pieces may be ordered", "facts 8.1, 8.4",
                passes(ONE_PIECE, _odd)),
    _unpromised("unpromised/unknown-product", "an unknown product may be ordered", "facts 2.3: not documented",
                passes(request_with(put("products.0.productId", 14)), sends("products.0.productId", 987_654_321))),
])
# fmt: on
