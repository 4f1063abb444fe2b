"""Refusals: each expected refusal is replaced by an error that has nothing to do with the request."""

from collections.abc import Mapping
from typing import Any

from tools.faults.catalogue import protection
from tools.faults.catalogue.protection import NOT_FOUND, PERMISSION
from tools.faults.catalogue.table import LINES, FaultLine, Reader, faults
from tools.faults.changes import after, always, error, page, sends
from tools.faults.fault import RestsOn
from tools.faults.injection import MockShop
from tools.faults.messages import Answer, Request

UNKNOWN_ORDER = sends("orderId", 987_654_321)


def _order_of_another(request: Request, given: Answer, shop: MockShop) -> bool:
    return NOT_FOUND(request, given, shop) and not UNKNOWN_ORDER(request, given, shop)


async def _unknown_path(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    return await error(404, f"Cannot {request.method} {request.path}", always).after(request, given, shop)


def _lines(id_: str, who: str, rests_on: RestsOn, options: Mapping[str, Any]) -> list[FaultLine]:
    when = Reader({**vars(protection), **globals()}).when(options)
    words = f"the refusal ({id_.partition('/')[2].replace('-', ' ')})"
    made = [
        ("429", "is a limit of calls", "429|too often", error(429, "Rate Limit Exceeded", when)),
        ("no-path", "is an unknown path", "path|Cannot", after(_unknown_path, when)),
        ("503", "is a gateway's failure", "503|fail", page(503, "Service Unavailable", when)),
    ]
    if who == "visitor":
        made.append(("mistake", "is about something else", "visitor|401", error(400, "No", when)))
    else:
        made.append(("permission", "is a missing permission", "permission", error(403, PERMISSION, when)))
    if who == "customer":
        made.append(("401", "says that the sign-in is over", "sign-in|401", error(401, "Unauthorized", when)))
    return [(f"{id_}-{by}", f"{words} {title}", rests_on, names, change) for by, title, names, change in made]


FAULTS = faults("protection", [line for id_, each in LINES["refusals"].items() for line in _lines(id_, *each)])
