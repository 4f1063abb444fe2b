"""The parts of faults: small changes to a request, to a response, or to its delivery."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from tools.faults.injection import After, Change, MockShop
from tools.faults.members import Absent, Edit, found
from tools.faults.messages import Answer, Delivery, Request, json_answer

When = Callable[[Request, Answer, MockShop], bool]
#: Returns the request to send instead of the suite's.
Reask = Callable[[Request, MockShop], Awaitable[Request]]


# When a fault applies ------------------------------------------------------------------------------------------------


def succeeds(_: Request, answer: Answer, __: MockShop) -> bool:
    """Return whether the API accepts the request."""
    return answer.is_success


def refuses(_: Request, answer: Answer, __: MockShop) -> bool:
    """Return whether the API refuses the request."""
    return not answer.is_success


def always(_: Request, __: Answer, ___: MockShop) -> bool:
    """Apply the fault to every response."""
    return True


def says(*words: str) -> When:
    """Apply the fault if the API refuses the request with one of these texts."""
    return lambda _, answer, __: not answer.is_success and any(each in answer.body.decode() for each in words)


def sends(path: str, value: object, *, success: bool = False) -> When:
    """Apply the fault if the request has this value at `path` and is refused, or accepted with `success`."""
    return lambda request, answer, _: (
        answer.is_success == success and bool(request.body) and found(request.json, path) == value
    )


# Changes -------------------------------------------------------------------------------------------------------------


def after(change: After, when: When = succeeds) -> Change:
    """Change the response if `when` applies."""

    async def changed(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        return await change(request, given, shop) if when(request, given, shop) else None

    return Change(after=changed)


def answer(edit: Edit, when: When = succeeds) -> Change:
    """Change the JSON of the response."""

    async def edited(_: Request, given: Answer, __: MockShop) -> Answer | None:
        try:
            return given.changed(edit)
        except Absent:
            return None

    return after(edited, when)


def reply(change: Callable[[Answer], Answer], when: When = succeeds) -> Change:
    """Change status, headers, bytes or delivery of the response."""

    async def changed(_: Request, given: Answer, __: MockShop) -> Answer | None:
        return change(given)

    return after(changed, when)


def status(code: int, when: When = succeeds) -> Change:
    """Return the same body with another status."""
    return reply(lambda given: replace(given, status=code), when)


def body(change: Callable[[bytes], bytes], when: When = succeeds) -> Change:
    """Change the bytes of the body; the content length is adapted."""
    return reply(lambda given: replace(given, body=change(given.body)), when)


def page(code: int, text: str, when: When = succeeds) -> Change:
    """Return an HTML page, like a proxy."""
    shown = Answer(code, (("content-type", "text/html"),), f"<html><body><h1>{text}</h1></body></html>".encode())
    return reply(lambda _: shown, when)


def error(code: int, words: str, when: When = succeeds, *, headers: tuple[tuple[str, str], ...] = ()) -> Change:
    """Carry out the request, but return a refusal in the API's format."""
    shown = json_answer(code, {"statusCode": code, "message": words})
    return reply(lambda _: replace(shown, headers=(*shown.headers, *headers)), when)


def redirect(code: int) -> Change:
    """Carry out the request, but redirect the caller to another host."""
    headers = (("location", "https://elsewhere.invalid/"),)
    return reply(lambda given: replace(given, status=code, body=b"", headers=headers))


def arrives(delivery: Delivery, when: When = succeeds) -> Change:
    """Deliver the correct response differently."""
    return reply(lambda given: replace(given, delivery=delivery), when)


def every(number: int, change: Change) -> Change:
    """Apply a change only to every `number`-th call of the run."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        shop.notes["calls"] = shop.notes.get("calls", 0) + 1
        return await change.after(request, given, shop) if shop.notes["calls"] % number == 0 else None

    return Change(after=after)


def on(operations: str, change: Change) -> Change:
    """Apply a change to these operations only; `|` separates several."""
    names = operations.split("|")

    async def instead(request: Request, shop: MockShop) -> Answer | None:
        return await change.instead(request, shop) if request.operation in names else None

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        return await change.after(request, given, shop) if request.operation in names else None

    return Change(instead, after)


def also(first: Change, *others: Change) -> Change:
    """All the changes, in this order; only the first may answer instead of the mock server."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        changed = None
        for each in (first, *others):
            changed = await each.after(request, changed or given, shop) or changed
        return changed

    return Change(first.instead, after)


def passes(reask: Reask, when: When, edit: Edit | None = None) -> Change:
    """Accept a request that should be refused: the mock server carries out an allowed request instead."""
    return _carried_out(reask, when, lambda _, passed: passed.changed(edit) if edit else passed)


def refused_but_done(reask: Reask, when: When) -> Change:
    """Refuse the request but carry it out."""
    return _carried_out(reask, when, lambda given, _: given)


def _carried_out(reask: Reask, when: When, shown: Callable[[Answer, Answer], Answer]) -> Change:
    async def done(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        return shown(given, await shop.ask(await reask(request, shop)))

    return after(done, when)


def request_with(edit: Edit) -> Reask:
    """Edit the body of the request."""

    async def reask(request: Request, _: MockShop) -> Request:
        return request.with_json(edit(request.json))

    return reask


def as_user(user: Callable[[Request, MockShop], str]) -> Reask:
    """Send the request with a valid token of a user."""

    async def reask(request: Request, shop: MockShop) -> Request:
        token = await shop.token(request, user(request, shop))
        return request.with_headers(authorization=f"Bearer {token}")

    return reask


def caller(request: Request, shop: MockShop) -> str:
    """Return the user of the request's token, valid or not."""
    return shop.user_of(request.token)


def owner(request: Request, shop: MockShop) -> str:
    """Return the other registered user, whose orders and sessions this caller must not see."""
    return shop.other_than(caller(request, shop))


def which_order(request: Request, shop: MockShop) -> dict[str, Any]:
    """Return the fields of an order that an update keeps: ID and creation date."""
    order_id = int(request.path.rpartition("/")[2])
    created = [given.json for asked, given in shop.passed if asked.operation == "create_order" and given.is_success]
    return next({"id": order_id, "createdDate": each["createdDate"]} for each in created if each["id"] == order_id)


def last_user(_: Request, shop: MockShop) -> str:
    """Return the last user who signed in, or the first registered one."""
    users = [
        given.json["userIdentifier"] for asked, given in shop.passed if asked.operation == "auth" and given.is_success
    ]
    return users[-1] if users else shop.other_than("")
