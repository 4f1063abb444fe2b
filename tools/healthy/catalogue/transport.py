"""All responses: HTTP, JSON, dates, clocks and unknown fields."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from tools.faults.changes import also, answer, on
from tools.faults.injection import MockShop
from tools.faults.messages import Answer, Request
from tools.healthy.edits import READ, SESSIONS, WRITTEN, dates, living, moved, objects
from tools.healthy.shop import catalogued


def _headers(*new: tuple[str, str]) -> Callable[[Answer], Answer]:
    return lambda given: replace(given, headers=(*given.headers, *new))


async def _after_300_ms(_: Request, given: Answer, __: MockShop) -> Answer:
    await asyncio.sleep(0.3)
    return given


async def _zipped(request: Request, given: Answer, _: MockShop) -> Answer | None:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return None
    return replace(given, body=gzip.compress(given.body)).with_header("content-encoding", "gzip")


def _more(record: dict[str, Any]) -> dict[str, Any]:
    return {"importId": None, **record, "addedLater": {"list": [1, {"deep": True}], "text": "", "none": None}}


def _at_three_hours(moment: datetime) -> str:
    return moment.astimezone(timezone(timedelta(hours=3))).isoformat(timespec="milliseconds")


NAMES = {
    "cookies": _headers(("set-cookie", "session=abc123; Path=/; HttpOnly"), ("set-cookie", "lb=node-2; Path=/")),
    "closed": _headers(("connection", "close")),
    "more_fields": objects(_more),
    "at_three_hours": dates(_at_three_hours),
    "seconds": dates(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
    "microseconds": dates(lambda moment: f"{moment + timedelta(microseconds=137):%Y-%m-%dT%H:%M:%S.%fZ}"),
    "three_seconds_earlier": moved(seconds=-3),
    "orders_ahead": also(living(5), on(f"{WRITTEN}|{READ}|{SESSIONS}|get_accounts", answer(moved(seconds=20)))),
    "a_day": living(86_400),
}
SHOPS = catalogued("transport", {**globals(), **NAMES})
