"""What faults are made of: small changes to a request, to an answer, or to how the answer arrives."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from tools.faults.injection import Change, Shop
from tools.faults.messages import Answer, Delivery, Request, json_answer

#: Makes another JSON value of one.
Edit = Callable[[Any], Any]
When = Callable[[Request, Answer, Shop], bool]
#: What the suite should have asked, or what is asked in its place.
Reask = Callable[[Request, Shop], Awaitable[Request]]


class Absent(Exception):
    """What is to be changed is not there."""


# When a fault applies ------------------------------------------------------------------------------------------------


def succeeds(_: Request, answer: Answer, __: Shop) -> bool:
    """The API says yes."""
    return answer.is_success


def refuses(_: Request, answer: Answer, __: Shop) -> bool:
    """The API says no."""
    return not answer.is_success


def says(*words: str) -> When:
    """The API says no, in these words."""
    return lambda _, answer, __: not answer.is_success and any(each in answer.body.decode() for each in words)


def sends(path: str, value: object, *, success: bool = False) -> When:
    """The request has this value at `path`; such a request is refused, unless `success`."""
    return lambda request, answer, _: (
        answer.is_success == success and bool(request.body) and found(request.json, path) == value
    )


# Members of JSON -----------------------------------------------------------------------------------------------------


def found(value: Any, path: str) -> Any:
    """What is at a path such as `products.0.quantity`; `None` where there is nothing."""
    try:
        for key in _keys(path):
            value = value[key]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def put(path: str, new: object) -> Edit:
    """Another value at `path`; a function makes it of the present one."""

    def edit(value: Any) -> Any:
        holder, last = _holder(value, path)
        holder[last] = new(holder[last]) if callable(new) else new
        return value

    return edit


def add(path: str, new: object) -> Edit:
    """A value at `path`, where there need be none yet."""

    def edit(value: Any) -> Any:
        *above, last = _keys(path)
        for key in above:
            value_of(value, key)
        holder = value
        for key in above:
            holder = holder[key]
        holder[last] = new
        return value

    return edit


def drop(path: str) -> Edit:
    """Nothing at `path`."""

    def edit(value: Any) -> Any:
        holder, last = _holder(value, path)
        del holder[last]
        return value

    return edit


def both(*edits: Edit) -> Edit:
    """One after the other."""

    def edit(value: Any) -> Any:
        for each in edits:
            value = each(value)
        return value

    return edit


def value_of(value: Any, key: str | int) -> Any:
    """A member, which must be there."""
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        raise Absent(str(key)) from None


def _holder(value: Any, path: str) -> tuple[Any, str | int]:
    *above, last = _keys(path)
    for key in above:
        value = value_of(value, key)
    value_of(value, last)
    return value, last


def _keys(path: str) -> list[str | int]:
    return [int(key) if key.lstrip("-").isdigit() else key for key in path.split(".")]


# Changes -------------------------------------------------------------------------------------------------------------


def answer(*edits: Edit, when: When = succeeds) -> Change:
    """The answer's JSON is another."""

    async def after(request: Request, given: Answer, shop: Shop) -> Answer | None:
        if not when(request, given, shop):
            return None
        try:
            return given.changed(both(*edits))
        except Absent:
            return None

    return Change(after=after)


def reply(change: Callable[[Answer], Answer], when: When = succeeds) -> Change:
    """Status, headers, bytes or delivery of the answer are others."""

    async def after(request: Request, given: Answer, shop: Shop) -> Answer | None:
        return change(given) if when(request, given, shop) else None

    return Change(after=after)


def status(code: int, when: When = succeeds) -> Change:
    """The same body with another status."""
    return reply(lambda given: replace(given, status=code), when)


def body(change: Callable[[bytes], bytes], when: When = succeeds) -> Change:
    """Other bytes, counted right."""
    return reply(lambda given: replace(given, body=change(given.body)), when)


def page(code: int, text: str, when: When = succeeds) -> Change:
    """A page for people, as something before the API shows it."""
    shown = Answer(code, (("content-type", "text/html"),), f"<html><body><h1>{text}</h1></body></html>".encode())
    return reply(lambda _: shown, when)


def error(code: int, words: str, when: When = succeeds, *, headers: tuple[tuple[str, str], ...] = ()) -> Change:
    """A refusal in the API's shape, after the request was carried out."""
    shown = json_answer(code, {"statusCode": code, "message": words})
    return reply(lambda _: replace(shown, headers=(*shown.headers, *headers)), when)


def arrives(delivery: Delivery, when: When = succeeds) -> Change:
    """The right answer, delivered so."""
    return reply(lambda given: replace(given, delivery=delivery), when)


def every(number: int, change: Change) -> Change:
    """A change of every so manieth call of the run only."""

    async def after(request: Request, given: Answer, shop: Shop) -> Answer | None:
        shop.notes["calls"] = shop.notes.get("calls", 0) + 1
        is_due = shop.notes["calls"] % number == 0 and change.after is not None
        return await change.after(request, given, shop) if is_due and change.after else None

    return Change(after=after)


def passes(reask: Reask, when: When = refuses, retell: Edit | None = None) -> Change:
    """What is refused is let pass: something that is allowed is carried out in its place."""

    async def after(request: Request, given: Answer, shop: Shop) -> Answer | None:
        if not when(request, given, shop):
            return None
        passed = await shop.ask(await reask(request, shop))
        return passed.changed(retell) if retell else passed

    return Change(after=after)


def refused_but_done(reask: Reask, when: When = refuses) -> Change:
    """What is refused is carried out all the same."""

    async def after(request: Request, given: Answer, shop: Shop) -> Answer | None:
        if not when(request, given, shop):
            return None
        await shop.ask(await reask(request, shop))
        return given

    return Change(after=after)


def request_with(edit: Edit) -> Reask:
    """The request with another body."""

    async def reask(request: Request, _: Shop) -> Request:
        return request.with_json(edit(copy.deepcopy(request.json)))

    return reask


def as_user(user: Callable[[Request, Shop], str]) -> Reask:
    """The request with a good token of a user."""

    async def reask(request: Request, shop: Shop) -> Request:
        token = await shop.token(request, user(request, shop))
        return request.with_headers(authorization=f"Bearer {token}")

    return reask


def caller(request: Request, shop: Shop) -> str:
    """Whose token the request carries, good or no longer so."""
    return shop.user_of(request.token)


def owner(request: Request, shop: Shop) -> str:
    """The other registered user, whose orders and sessions those are that this caller may not see."""
    return shop.other_than(caller(request, shop))


def which_order(request: Request, shop: Shop) -> dict[str, Any]:
    """What stays the same of an order that is changed: its id and when it was created."""
    order_id = int(request.path.rpartition("/")[2])
    created = [given.json for asked, given in shop.passed if asked.operation == "create_order" and given.is_success]
    return next({"id": order_id, "createdDate": each["createdDate"]} for each in created if each["id"] == order_id)


def last_user(_: Request, shop: Shop) -> str:
    """Who signed in last with success; the first registered user where nobody did."""
    users = [
        given.json["userIdentifier"] for asked, given in shop.passed if asked.operation == "auth" and given.is_success
    ]
    return users[-1] if users else shop.other_than("")
