"""The way a response comes, and what holds for all of them: HTTP, JSON, dates, clocks, fields that we do not know."""

import asyncio
import gzip
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from tools.faults.changes import also, answer, arrives, on, reply
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request
from tools.healthy.edits import READ, SESSIONS, WRITTEN, dates, living, moved, objects
from tools.healthy.shop import D, HealthyShop, O, P, shops

ISO = "ISO 8601; the docs have one format, the Swift client decodes any text"


def _always(_: Request, __: Answer, ___: MockShop) -> bool:
    return True


def _headers(*new: tuple[str, str]) -> Change:
    return reply(lambda given: replace(given, headers=(*given.headers, *new)), _always)


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


ALL_DATES = f"{WRITTEN}|{READ}|{SESSIONS}|get_accounts"

# A line or two a shop.
# fmt: off
SHOPS = shops([
    HealthyShop("http/slow", "every call takes 300 ms", P, "no response time is promised",
                Change(after=_after_300_ms), unseen="only the time differs"),
    ("http/cookies", "every response sets a cookie", P, "RFC 6265",
     _headers(("set-cookie", "session=abc123; Path=/; HttpOnly"), ("set-cookie", "lb=node-2; Path=/"))),
    ("http/gzip", "responses are compressed if the client allows it", P, "RFC 9110", Change(after=_zipped)),
    ("http/closed", "the connection is closed after each response", P, "RFC 9112", _headers(("connection", "close"))),
    ("http/chunked", "responses come in chunks, without a length", P, "RFC 9112", arrives("chunked", _always)),
    ("json/more-fields", "more fields in every object, also nested and in lists", D,
     "SDK 1.0.152 to 1.0.160 (facts 8.3): each version adds some", answer(objects(_more))),
    ("dates/offset", "dates with the offset +03:00", P, ISO, answer(dates(_at_three_hours))),
    ("dates/seconds", "dates without a fraction", P, ISO,
     answer(dates(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"))),
    ("dates/microseconds", "dates with six decimals", P, ISO,
     answer(dates(lambda moment: f"{moment + timedelta(microseconds=137):%Y-%m-%dT%H:%M:%S.%fZ}"))),
    HealthyShop("clock/ahead", "the shop's clock is five minutes ahead of ours", P, "no clock is promised",
                clock=timedelta(minutes=5), unseen="only the time differs"),
    HealthyShop("clock/behind", "the shop's clock is five minutes behind ours", P, "no clock is promised",
                clock=timedelta(minutes=-5), unseen="only the time differs"),
    ("clock/orders-behind", "the clock that dates orders is 3 s behind the one that dates tokens", P,
     "issue 15: a minute is allowed", on(ALL_DATES, answer(moved(seconds=-3)))),
    ("clock/orders-ahead", "tokens live 5 s, and the clock that dates orders is 20 s ahead", P,
     "issue 15: a minute is allowed; lifetimes are a setting (docs, accessTokenTtlSec)",
     also(living(5), on(ALL_DATES, answer(moved(seconds=20))))),
    ("tokens/a-day", "access tokens live a day", O, "service demo: 86400 on a live project", living(86_400)),
])
# fmt: on
