"""Meaning: responses have their documented format, but wrong contents."""

from typing import Any

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import caller, owner, which_order
from tools.faults.injection import ORDERS, MockShop
from tools.faults.members import put, value_of
from tools.faults.messages import Answer, Request, json_answer


def _without_newest(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page that counts its newest record but does not show it."""
    last = max((record["id"] for record in page["items"]), default=None)
    return {**page, "items": [record for record in page["items"] if record["id"] != last]}


def _mangled(text: str) -> str:
    """Return a text as written in UTF-8 and read as Latin-1."""
    return text.encode().decode("latin-1")


async def _another_order(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """Return another order of the same buyer."""
    order = await shop.order(request, caller(request, shop))
    return await shop.ask(request.to("GET", f"{ORDERS}/{order['id']}?langCode=en_US"))


async def _session_of_another_order(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Return a session for another order of the same buyer, in a list if the response is a list."""
    session = await shop.session(request, caller(request, shop))
    return json_answer(given.status, [session] if isinstance(given.json, list) else session)


async def _tokens_of_the_other(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Return the correct user name with the tokens of the other user."""
    other = await shop.sign_in(request, shop.other_than(given.json["userIdentifier"]))
    return other.changed(put("userIdentifier", given.json["userIdentifier"]))


async def _the_other_user(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    return await shop.ask_as(request, owner(request, shop))


async def _same_pair(request: Request, shop: MockShop) -> Answer | None:
    """Return the original sign-in instead of a renewed one."""
    given = [answer for asked, answer in shop.passed if asked.operation == "auth" and answer.is_success]
    same = [each for each in given if each.json["refreshToken"] == request.json["refreshToken"]]
    return same[-1] if same else None


async def _same_refresh_token(request: Request, given: Answer, _: MockShop) -> Answer | None:
    return given.changed(put("refreshToken", request.json["refreshToken"]))


async def _same_access_token(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    earlier = [each.json["accessToken"] for asked, each in shop.passed if asked.operation == "auth" and each.is_success]
    return given.changed(put("accessToken", earlier[-1])) if earlier else None


async def _change_not_kept(request: Request, shop: MockShop) -> Answer | None:
    """Confirm a change with the fields of a new order, but do not change the order."""
    made = await shop.ask(request.to("POST", ORDERS, request.json))
    return json_answer(200, {**made.json, **which_order(request, shop)}) if made.is_success else None


async def _order_of_before(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Confirm a changed order with its fields before the change."""
    before = [each for asked, each in shop.passed if asked.operation == "create_order" and each.is_success]
    return json_answer(given.status, before[-1].json) if before else None


async def _of_all_storages(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Return the history together with the orders of the other storage."""
    other = (await shop.ask(request.to("GET", request.path.replace("/orders/orders", "/bookings/orders")))).json
    page = given.json
    return json_answer(200, {"items": [*page["items"], *other["items"]], "total": page["total"] + other["total"]})


def _in_no_order(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page whose first two records are swapped."""
    first, second = value_of(page["items"], 0), value_of(page["items"], 1)
    return {**page, "items": [second, first, *page["items"][2:]]}


NAMES: dict[str, Any] = {
    "doubled": lambda seconds: 2 * seconds,
    "third": lambda total: round(total / 3, 2),
    "short": lambda name: name[:200],
    "paid_by_default": lambda all_: [{**each, "isDefault": each["identifier"] == "paid_for"} for each in all_],
    "paid_too_early": lambda now: "paid_for" if now == "inProgress" else now,
    "http": lambda link: link and link.replace("https:", "http:"),
    "or_a_link": lambda link: link or "https://checkout.stripe.com/c/pay/cs_1",
}
FAULTS = catalogued("meaning", "meaning", {**globals(), **NAMES})
