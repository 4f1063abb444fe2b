"""The parts of healthy shops, in addition to those of faults: small changes to responses."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import jwt

from oneentry_scenarios.mock_server import checks
from oneentry_scenarios.mock_server.clock import iso
from tools.faults.changes import When, also, answer, on, reply, says
from tools.faults.injection import Change, MockShop
from tools.faults.members import Edit, put, records
from tools.faults.messages import Answer, Request

#: Operations by the records in their responses.
WRITTEN = "create_order|update_order_by_marker_and_id"
READ = "get_order_by_marker_and_id|get_all_orders_by_marker"
SESSIONS = "create_session|get_session_by_id|get_session_by_order_id|get_sessions"
SESSIONS_READ = "get_session_by_id|get_session_by_order_id|get_sessions"
LISTS = "get_all_orders_by_marker|get_sessions"
#: Messages of refusals that were observed in a live project, with their status.
OBSERVED_WORDS = (
    "empty form data section",
    "Your payment account is not connected",
    "Login or password values are missed",
    "Resource is closed",
    "auth provider not defined",
    "refresh token",
    "Order must have a payment",
    "must be a number conforming to the specified constraints",
    "There is no coupon",  # the words are ours, the status is observed (SDK rules)
    "You cannot refund uncompleted order",
)
#: The documented cap: the number of records of a list that can be read.
CAP = 10
_LANGUAGE = re.compile("[a-z]{2}_[A-Z]{2}")
_KEY = "the key of a shop that signs its tokens otherwise, no secret"


def fields(operations: str, **new: object) -> Change:
    """Set these fields of each record; a function receives the record and returns the value."""

    def edit(record: dict[str, Any]) -> dict[str, Any]:
        return record | {name: value(record) if callable(value) else value for name, value in new.items()}

    return on(operations, answer(records(edit)))


def objects(edit: Edit) -> Edit:
    """Apply `edit` to every object, at any depth, except those whose members are languages."""

    def apply(value: Any) -> Any:
        if isinstance(value, list):
            return [apply(each) for each in value]
        if not isinstance(value, dict):
            return value
        inner = {name: apply(each) for name, each in value.items()}
        return inner if any(map(_LANGUAGE.fullmatch, inner)) else edit(inner)

    return apply


def dates(write: Callable[[datetime], str]) -> Edit:
    """Write every date in another format."""
    return objects(
        lambda each: {
            name: write(datetime.fromisoformat(value)) if name.endswith("Date") and isinstance(value, str) else value
            for name, value in each.items()
        }
    )


def moved(**by: float) -> Edit:
    """Move every date by this time."""
    return dates(lambda moment: iso(moment + timedelta(**by)))


# Lists ---------------------------------------------------------------------------------------------------------------


def listing(edit: Callable[[list[Any]], list[Any]], cap: int | None = CAP, *, total: int | None = None) -> Change:
    """Edit the whole list, without the mock server's cap, and return the requested page of it.

    At most `cap` records can be read, and the returned total is at most `total`.
    """

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        if not given.is_success:
            return None
        all_records = edit((await _whole(request, shop)).json["items"])
        query = parse_qs(request.scope["query_string"].decode())
        offset, limit = (int(query.get(name, [default])[0]) for name, default in (("offset", "0"), ("limit", "30")))
        last = offset + limit if cap is None else min(offset + limit, cap)
        count = len(all_records)
        shown = {"items": all_records[offset:last], "total": count if total is None else min(count, total)}
        return given.with_json(shown)

    return Change(after=after)


def newest_first(listed: list[Any]) -> list[Any]:
    """Sort records by ID, newest first: IDs only grow."""
    return sorted(listed, key=lambda each: each["id"], reverse=True)


def oldest_first(listed: list[Any]) -> list[Any]:
    """Sort records by ID, oldest first."""
    return sorted(listed, key=lambda each: each["id"])


async def _whole(request: Request, shop: MockShop) -> Answer:
    # The cap is a setting of a user group; the mock server has no option for it.
    cap, checks.MOST_RECORDS = checks.MOST_RECORDS, 1_000_000
    try:
        return await shop.ask(request.to("GET", f"{request.path}?offset=0&limit=1000000&langCode=en_US"))
    finally:
        checks.MOST_RECORDS = cap


# Tokens --------------------------------------------------------------------------------------------------------------


def claims(edit: Edit, at: str = "auth|refresh") -> Change:
    """Change the claims of access tokens; the mock server receives its own tokens back."""

    async def instead(request: Request, shop: MockShop) -> Answer:
        real = shop.notes.setdefault("real tokens", {})
        if request.token in real:
            request = request.with_headers(authorization=f"Bearer {real[request.token]}")
        given = await shop.ask(request)
        if request.operation not in at.split("|") or not given.is_success:
            return given
        token = given.json["accessToken"]
        new = edit(jwt.decode(token, options={"verify_signature": False}))
        shown = jwt.encode(new, _KEY, algorithm="HS256", headers=jwt.get_unverified_header(token))
        real[shown] = token
        return given.with_json({**given.json, "accessToken": shown})

    return Change(instead=instead)


def living(seconds: int) -> Change:
    """Set the lifetime of access tokens, and the provider's configuration accordingly."""
    config = fields("get_auth_provider_by_marker", config=lambda each: each["config"] | {"accessTokenTtlSec": seconds})
    return also(claims(lambda each: each | {"exp": each["iat"] + seconds}), config)


# Refusals ------------------------------------------------------------------------------------------------------------


def with_status(code: int, when: When) -> Change:
    """Change the status of a refusal and keep its message."""
    return reply(lambda given: replace(given, status=code).changed(put("statusCode", code)), when)


def is_not_observed(_: Request, given: Answer, __: MockShop) -> bool:
    """Return whether the refusal is not observed in a live project."""
    return given.status in (400, 404, 422) and not any(words in given.body.decode() for words in OBSERVED_WORDS)


NOT_FOUND = says("Order not found", "Payment session not found")
