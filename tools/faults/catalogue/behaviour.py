"""Behaviour: slow, broken off, sent elsewhere, too busy, or done otherwise than once."""

from dataclasses import replace

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import When, after, arrives, error, every, page, reply, says, succeeds
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request

ELSEWHERE = "https://elsewhere.invalid/"


def _redirect(code: int) -> Change:
    return reply(lambda given: replace(given, status=code, body=b"", headers=(("location", ELSEWHERE),)))


def _gzip_in_name_only(given: Answer) -> Answer:
    return given.with_header("content-encoding", "gzip")


async def _twice(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The request is carried out twice, and answered once."""
    await shop.ask(request)
    return given


def crash(when: When = succeeds) -> Change:
    """The server fails, whatever it has done."""
    return error(500, "Internal server error", when)


BUSY = error(429, "Rate Limit Exceeded", headers=(("retry-after", "30"),))

CHANGES: dict[str, Change] = {
    "auth/slow": arrives("never"),
    "create_order/slow": arrives("never"),
    "get_session_by_order_id/stalls": arrives("stalls"),
    "any/500-now-and-then": every(20, crash()),
    "any/dropped-now-and-then": every(25, arrives("dropped")),
    "any/429-now-and-then": every(30, BUSY),
    "auth/dropped": arrives("dropped"),
    "auth/redirect": _redirect(307),
    "auth/wrong-password-crash": crash(says("Wrong password")),
    "refresh/dropped": arrives("dropped"),
    "logout/500": crash(),
    "get_active_sessions_by_marker/gzip": reply(_gzip_in_name_only),
    "get_orders_storage_by_marker/redirect": _redirect(301),
    "get_all_statuses_by_storage_marker/502": page(502, "Bad Gateway"),
    "create_order/500-after": crash(),
    "create_order/twice": after(_twice),
    "create_order/unknown-product-crash": crash(says("Product")),
    "get_order_by_marker_and_id/cut": arrives("cut"),
    "get_all_orders_by_marker/429": BUSY,
    "update_order_by_marker_and_id/conflict": error(409, "Conflict"),
    "preview_order/500": crash(),
    "create_session/redirect": _redirect(302),
    "create_session/twice": after(_twice),
    "get_session_by_id/503": page(503, "Service Unavailable"),
    "get_sessions/dropped": arrives("dropped"),
    "get_accounts/204": reply(lambda given: replace(given, status=204, headers=(), body=b"")),
}
FAULTS = catalogued("behaviour", "behaviour", CHANGES)
