"""Behaviour: slow, broken off, sent elsewhere, too busy, or done otherwise than once."""

from dataclasses import replace

from tools.faults.catalogue.table import D, I, U, faults
from tools.faults.changes import When, arrives, error, every, page, reply, says, succeeds
from tools.faults.fault import Fault
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request

#: Seconds that the client waits where the fault is that nothing comes.
PATIENCE = 2.0
ELSEWHERE = "https://elsewhere.invalid/"
TIME = ("took too long", "time")
CONNECTION = "connection|disconnected|closed"


def _slow(id_: str, title: str, change: Change) -> Fault:
    return Fault("behaviour", id_, title, I, TIME, change, patience=PATIENCE)


def _redirect(code: int) -> Change:
    return reply(lambda given: replace(given, status=code, body=b"", headers=(("location", ELSEWHERE),)))


def _gzip_in_name_only(given: Answer) -> Answer:
    return given.with_header("content-encoding", "gzip")


async def _twice(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The request is carried out twice, and answered once."""
    if not given.is_success:
        return None
    await shop.ask(request)
    return given


def crash(when: When = succeeds) -> Change:
    """The server fails, whatever it has done."""
    return error(500, "Internal server error", when)


BUSY = error(429, "Rate Limit Exceeded", headers=(("retry-after", "30"),))

# A line or two a fault.
# fmt: off
FAULTS = faults("behaviour", [
    _slow("auth/slow", "signing in takes longer than anybody waits", arrives("never")),
    _slow("create_order/slow", "ordering takes longer than anybody waits; the order is kept", arrives("never")),
    _slow("get_session_by_order_id/stalls", "an order's session stops halfway and the connection stays",
          arrives("stalls")),
    ("any/500-now-and-then", "every 20th call is answered with 500", I, "500", every(20, crash())),
    ("any/dropped-now-and-then", "the connection is dropped at every 25th call", I, CONNECTION,
     every(25, arrives("dropped"))),
    ("any/429-now-and-then", "every 30th call is one too many", D, "429", every(30, BUSY)),
    ("auth/dropped", "the connection is dropped while signing in", I, CONNECTION, arrives("dropped")),
    ("auth/redirect", "signing in is sent on to another host", I, "redirect", _redirect(307)),
    ("auth/wrong-password-crash", "a wrong password makes the server fail", D, "500", crash(says("Wrong password"))),
    ("refresh/dropped", "the connection is dropped while renewing; the old token is spent", I, CONNECTION,
     arrives("dropped")),
    ("logout/500", "signing out makes the server fail", I, "500", crash()),
    ("get_active_sessions_by_marker/gzip", "the open sessions are called gzip and are not", I,
     "gzip|content-encoding|decompress|header", reply(_gzip_in_name_only)),
    ("get_orders_storage_by_marker/redirect", "the storage has moved to another host", I, "redirect", _redirect(301)),
    ("get_all_statuses_by_storage_marker/502", "something before the API answers that it is not there", I, "502",
     page(502, "Bad Gateway")),
    ("create_order/500-after", "the order is kept and answered with 500", I, "500", crash()),
    ("create_order/twice", "the order is kept twice", I, "order|twice|history", Change(after=_twice),
     "get_all_orders_by_marker"),
    ("create_order/unknown-product-crash", "an unknown product makes the server fail", U, "500",
     crash(says("Product"))),
    ("get_order_by_marker_and_id/cut", "the connection is cut within an order", I, CONNECTION,
     arrives("cut")),
    ("get_all_orders_by_marker/429", "the history is asked for too often", D, "429", BUSY),
    ("update_order_by_marker_and_id/conflict", "a change is made and answered with 409", I, "409",
     error(409, "Conflict")),
    ("preview_order/500", "the preview makes the server fail", I, "500", crash()),
    ("create_session/redirect", "a new session is sent on to another host", I, "redirect", _redirect(302)),
    ("create_session/twice", "two sessions are opened", I, "session|twice|canceled|status", Change(after=_twice),
     "get_session_by_id|get_session_by_order_id|get_sessions"),
    ("get_session_by_id/503", "the shop is closed for maintenance", I, "503", page(503, "Service Unavailable")),
    ("get_sessions/dropped", "the connection is dropped while listing sessions", I, CONNECTION,
     arrives("dropped")),
    ("get_accounts/204", "the accounts are answered with 204 and nothing", I, "204|JSON|empty",
     reply(lambda given: replace(given, status=204, headers=(), body=b""))),
])
# fmt: on
