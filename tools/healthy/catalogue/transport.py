"""The way a response comes, and what holds for all of them: HTTP, JSON, dates, clocks, fields that we do not know."""

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from tools.faults.changes import also, answer, arrives, body, on, reply
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request
from tools.healthy.edits import READ, SESSIONS, WRITTEN, by_language, claims, dates, moved, objects
from tools.healthy.shop import D, HealthyShop, O, P, shops

PLAIN_JSON = "RFC 8259"
ISO = "ISO 8601; the docs have one format, the Swift client decodes any text"
#: What a framework, a proxy and a rate limit add to each response.
USUAL_HEADERS = (
    ("x-powered-by", "Express"),
    ("etag", 'W/"1f-8QmYhz"'),
    ("vary", "Origin, Accept-Encoding"),
    ("access-control-allow-origin", "*"),
    ("access-control-allow-credentials", "true"),
    ("strict-transport-security", "max-age=15724800; includeSubDomains"),
    ("cf-ray", "8e0c1d2f3a4b5c6d-FRA"),
    ("x-ratelimit-remaining", "99"),
)


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


def _respelled(content: bytes) -> bytes:
    return json.dumps(json.loads(content), ensure_ascii=True, indent=2).replace("/", "\\/").encode()


def _more(record: dict[str, Any]) -> dict[str, Any]:
    return {"importId": None, **record, "addedLater": {"list": [1, {"deep": True}], "text": "", "none": None}}


def _with_german(title: dict[str, Any]) -> dict[str, Any]:
    return title | {"de_DE": {"title": "auf Deutsch"}}


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
    ("http/usual-headers", "headers of a framework, a proxy and a rate limit", P, "NestJS, nginx, Cloudflare",
     _headers(*USUAL_HEADERS)),
    ("http/header-spelling", "header names with capitals, the charset in upper case", P, "RFC 9110",
     reply(lambda given: replace(given, headers=(("Content-Type", "application/json; charset=UTF-8"),)), _always)),
    ("json/spelling", "JSON with line breaks, and with escapes for letters beyond ASCII", P, PLAIN_JSON,
     body(_respelled)),
    ("json/member-order", "the members of each object in another order", P, PLAIN_JSON,
     answer(objects(lambda each: dict(reversed(each.items()))))),
    ("json/more-fields", "more fields in every object, also nested and in lists", D,
     "SDK 1.0.152 to 1.0.160 (facts 8.3): each version adds some", answer(objects(_more))),
    ("json/two-languages", "the shop has a second language", D, "docs, localizeInfos by language",
     answer(by_language(_with_german))),
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
     also(claims(lambda each: each | {"exp": each["iat"] + 5}), on(ALL_DATES, answer(moved(seconds=20))))),
    ("tokens/iat-fraction", "a token begins and ends at a fraction of a second", P, "RFC 7519, NumericDate",
     claims(lambda each: each | {"iat": each["iat"] + 0.25, "exp": each["exp"] + 0.25})),
    ("tokens/a-day", "access tokens live a day", O, "service demo: 86400 on a live project",
     claims(lambda each: each | {"exp": each["iat"] + 86_400})),
    ("tokens/more-claims", "access tokens have more claims", P, "docs, auth: the claims differ by version",
     claims(lambda each: each | {"iss": "oneentry", "jti": "7d1c", "groups": [1], "deviceInfo": {"os": "Linux"}})),
    ("tokens/no-user-agent", "access tokens do not name the user agent", D, "docs, auth (November 2025)",
     claims(lambda each: {name: each[name] for name in each if name != "userAgent"})),
])
# fmt: on
