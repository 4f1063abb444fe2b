"""Side effects of a broken server: they last, and show wherever the changed object is read."""

from collections.abc import Callable
from typing import Any

from tools.faults.changes import When, after, last_user, on
from tools.faults.injection import ORDERS, PASSWORDS, USERS, After, Change, MockShop, order_data
from tools.faults.members import Absent, Edit, found, put
from tools.faults.messages import Answer, Request, json_answer

READ, HISTORY = "get_order_by_marker_and_id", "get_all_orders_by_marker"
BY_ID, BY_ORDER, LIST = "get_session_by_id", "get_session_by_order_id", "get_sessions"
ORDER, SESSION = f"{READ}|{HISTORY}", f"{BY_ID}|{BY_ORDER}|{LIST}"
#: Returns the IDs of the orders that an exchange affects.
Which = Callable[[Request, Answer, MockShop], set[int]]


# Causes and affected orders ----------------------------------------------------------------------------------------


def done(operations: str) -> When:
    """Apply the effect if one of these operations succeeds."""
    return lambda request, given, _: request.operation in operations.split("|") and given.is_success


def refused(operations: str) -> When:
    """Apply the effect if one of these operations is refused."""
    return lambda request, given, _: request.operation in operations.split("|") and not given.is_success


def actor(request: Request, shop: MockShop) -> str:
    """Return the acting user, by the access token, the refresh token, or the name in a sign-in."""
    named = request.json if request.operation in ("auth", "refresh") else {}
    by_token = shop.user_of(named.get("refreshToken") or request.token)
    return by_token or str(found(named, "authData.0.value") or "")


def passed(operations: str, shop: MockShop) -> list[tuple[Request, Any]]:
    """Return the scenario's successful requests to these operations, with the JSON of their responses."""
    return [(asked, given.json) for asked, given in shop.passed if done(operations)(asked, given, shop)]


def placed(shop: MockShop) -> list[tuple[str, Any]]:
    """Return the orders of the scenario with their buyers, oldest first."""
    return [(actor(asked, shop), order) for asked, order in passed("create_order", shop)]


def this(request: Request, given: Answer, _: MockShop) -> set[int]:
    """Return the order that is placed, changed, paid or read, or all orders of a list."""
    if request.operation in (HISTORY, LIST, BY_ID, "create_order"):
        body = given.json if given.is_success else {"items": []}
        return {each.get("orderId", each["id"]) for each in body.get("items", [body])}
    last = str(request.json["orderId"] if request.operation == "create_session" else request.path.rpartition("/")[2])
    return {int(last)} if last.isdigit() else set()


def older(request: Request, given: Answer, shop: MockShop) -> set[int]:
    """Return the acting user's other orders."""
    mine = {order["id"] for user, order in placed(shop) if user == actor(request, shop)}
    return mine - this(request, given, shop)


def others(request: Request, given: Answer, shop: MockShop) -> set[int]:
    """Return the other person's orders, except one that the request is about."""
    theirs = {order["id"] for user, order in placed(shop) if user != actor(request, shop)}
    return theirs - this(request, given, shop)


# What is shown -------------------------------------------------------------------------------------------------------


def shown(given: Answer, which: Callable[[Any], Any], edit: Edit) -> Answer | None:
    """Return the response with some of its records edited; `None` if that changes nothing."""

    def edited(record: Any) -> Any:
        try:
            return edit(record) if which(record) else record
        except Absent:
            return record

    body = given.json
    page = body if isinstance(body, dict) and "items" in body else None
    new = [edited(each) for each in (page["items"] if page else body if isinstance(body, list) else [body])]
    left = [each for each in new if each is not None]
    if page:
        changed = given.with_json({**page, "items": left, "total": page["total"] - len(new) + len(left)})
    elif isinstance(body, list):
        changed = given.with_json(left)
    else:
        changed = given.with_json(*left) if left else json_answer(404, {"statusCode": 404, "message": "Not found"})
    return changed if changed.json != given.json else None


def always(operations: str, edit: Edit, which: Callable[[Any], Any] = bool) -> Change:
    """Change records wherever they are shown."""

    async def edited(_: Request, given: Answer, __: MockShop) -> Answer | None:
        return shown(given, which, edit)

    return on(operations, after(edited))


def lasting(cause: When, which: Which, edit: Edit, operations: str) -> Change:
    """After a cause, change some orders or their sessions wherever they are read."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        struck = shop.notes.setdefault("struck", set())
        show = always(operations, edit, lambda record: record.get("orderId", record["id"]) in struck)
        changed = await show.after(request, given, shop)
        if cause(request, given, shop):
            struck |= which(request, given, shop)
        return changed

    return Change(after=after)


def with_paid(edit: Edit, operations: str, *, same_buyer: bool) -> Change:
    """Once an order is paid, change other orders of the same buyer or of the other person."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        if not done(operations)(request, given, shop):
            return None
        struck, known = set(), [(user, order["id"]) for user, order in placed(shop)]
        for buyer, paid in known:
            read = await shop.ask_as(request.to("GET", f"{ORDERS}/{paid}"), buyer)
            if found(read.json, "isCompleted"):
                struck |= {other for user, other in known if (user == buyer) is same_buyer and other != paid}
        return shown(given, lambda record: record.get("orderId", record["id"]) in struck, edit)

    return Change(after=after)


async def cached(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Return the first response again, although the state has changed."""

    def asked(request: Request) -> tuple[object, ...]:
        return request.path, request.scope["query_string"], actor(request, shop)

    same = [body for before, body in passed(request.operation, shop) if asked(before) == asked(request)]
    return given.with_json(same[0]) if same and same[0] != given.json else None


def repeated(field: str, first: str = "") -> After:
    """Return the value that was issued first, by this operation or by `first`, each time."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        made = [body for _, body in passed(first or request.operation, shop) if body.get(field)][:1]
        again = [put(field, body[field]) for body in made]
        return shown(given, lambda x: x.get(field) and again, *again) if again else None

    return after


def reveals(secret: Callable[[Request, MockShop], object]) -> After:
    """Add a secret to the message of a refusal."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        text = secret(request, shop)
        return given.changed(put("message", lambda message: f"{message} ({text})")) if text else None

    return after


# Additional actions: the response stays the same; `None` if there is nothing to do ------------------------------------


def signs_out(*, same_user: bool, elsewhere: bool = False) -> After:
    """End the sign-ins of the acting user, with `elsewhere` only on other devices, or those of the other person."""

    async def after(request: Request, answer: Answer, shop: MockShop) -> Answer | None:
        here = request.headers.get("x-device-metadata")
        ended = False
        for asked, pair in passed("auth|refresh", shop):
            is_here = asked.headers["x-device-metadata"] == here
            if (pair["userIdentifier"] == actor(request, shop)) is same_user and not (elsewhere and is_here):
                out = asked.to("POST", f"{USERS}/logout", {"refreshToken": pair["refreshToken"]})
                given = await shop.ask(out.with_headers(authorization=f"Bearer {pair['accessToken']}"))
                ended = ended or given.is_success
        return answer if ended else None

    return after


async def signs_in(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Sign the acting user in once more."""
    user = actor(request, shop)
    return given if user in PASSWORDS and (await shop.sign_in(request, user)).is_success else None


def places(user: Callable[[Request, MockShop], str]) -> After:
    """Place an order for a user."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        new = request.to("POST", ORDERS, order_data("Somebody Else", product=14, quantity=1))
        return given if (await shop.ask_as(new, user(request, shop))).is_success else None

    return after


def to_each(which: Which, method: str, path: str, body: Callable[[Request, int], object]) -> After:
    """Send a request about each of these orders, as its buyer."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        wanted = [(user, order["id"]) for user, order in placed(shop) if order["id"] in which(request, given, shop)]
        asked = [
            await shop.ask_as(request.to(method, path.format(number), body(request, number)), user)
            for user, number in wanted
        ]
        return given if any(each.is_success for each in asked) else None

    return after


async def as_last_user(request: Request, shop: MockShop) -> Answer | None:
    """Treat the caller as the user who signed in last."""
    user = last_user(request, shop)
    return await shop.ask_as(request, user) if actor(request, shop) not in ("", user) else None
