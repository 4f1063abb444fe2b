"""Meaning: every answer has its documented shape, and says what is not so."""

from typing import Any

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import Edit, after, answer, caller, newest, owner, put, sends, which_order
from tools.faults.injection import ORDERS, Change, MockShop
from tools.faults.messages import Answer, Request, json_answer

SESSION = sends("type", "session", success=True)


def _without_newest(page: dict[str, Any]) -> dict[str, Any]:
    """A page that counts its newest record and does not show it."""
    last = max((record["id"] for record in page["items"]), default=None)
    return {**page, "items": [record for record in page["items"] if record["id"] != last]}


def _mangled(text: str) -> str:
    """As a text looks that was written as UTF-8 and read as Latin-1."""
    return text.encode().decode("latin-1")


def _instead_of(right: str, wrong: str) -> Edit:
    return lambda now: wrong if now == right else now


def _swapped_ids(accounts: list[dict[str, object]]) -> list[dict[str, object]]:
    ids = {"cash": 2, "stripe": 1}
    return [{**each, "id": ids.get(str(each["identifier"]), each["id"])} for each in accounts]


def _default(*names: str) -> Edit:
    return lambda statuses: [{**each, "isDefault": each["identifier"] in names} for each in statuses]


async def _another_order(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """Another order of the same buyer's."""
    order = await shop.order(request, caller(request, shop))
    return await shop.ask(request.to("GET", f"{ORDERS}/{order['id']}?langCode=en_US"))


async def _session_of_another_order(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """A session for another order of the same buyer's; in a list where there is one."""
    session = await shop.session(request, caller(request, shop))
    return json_answer(given.status, [session] if isinstance(given.json, list) else session)


async def _tokens_of_the_other(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The right user by name, with the tokens of the other one."""
    other = await shop.sign_in(request, shop.other_than(given.json["userIdentifier"]))
    return other.changed(put("userIdentifier", given.json["userIdentifier"]))


async def _the_other_user(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    return await shop.ask_as(request, owner(request, shop))


async def _same_pair(request: Request, shop: MockShop) -> Answer | None:
    """The sign-in as it was given out, not renewed."""
    given = [answer for asked, answer in shop.passed if asked.operation == "auth" and answer.is_success]
    same = [each for each in given if each.json["refreshToken"] == request.json["refreshToken"]]
    return same[-1] if same else None


async def _same_refresh_token(request: Request, given: Answer, _: MockShop) -> Answer | None:
    return given.changed(put("refreshToken", request.json["refreshToken"]))


async def _same_access_token(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    earlier = [each.json["accessToken"] for asked, each in shop.passed if asked.operation == "auth" and each.is_success]
    return given.changed(put("accessToken", earlier[-1])) if earlier else None


async def _change_not_kept(request: Request, shop: MockShop) -> Answer | None:
    """A change is confirmed, by what an order made of it would say; the order itself stays."""
    made = await shop.ask(request.to("POST", ORDERS, request.json))
    return json_answer(200, {**made.json, **which_order(request, shop)}) if made.is_success else None


async def _order_of_before(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    """A changed order is confirmed as it was before."""
    before = [each for asked, each in shop.passed if asked.operation == "create_order" and each.is_success]
    return json_answer(given.status, before[-1].json) if before else None


CHANGES: dict[str, Change] = {
    # Signing in and out
    "auth/other-users-tokens": after(_tokens_of_the_other),
    "refresh/same-pair": Change(instead=_same_pair),
    "refresh/refresh-token-kept": after(_same_refresh_token),
    "refresh/access-token-kept": after(_same_access_token),
    "logout_all/false": answer(lambda _: False),
    "logout_all/success-false": answer(lambda _: {"success": False}),
    "get_auth_provider_by_marker/lifetime": answer(put("config.accessTokenTtlSec", lambda seconds: 2 * seconds)),
    "get_user/other-user": after(_the_other_user),
    # The shop
    "get_all_statuses_by_storage_marker/other-default": answer(_default("paid_for")),
    "get_accounts/ids-swapped": answer(_swapped_ids),
    # A new order
    "create_order/total-inexact": answer(put("totalSum", lambda total: total + 0.00000000001)),
    "create_order/name-mangled": answer(put("formData.en_US.0.value", _mangled)),
    # An order read back
    "get_order_by_marker_and_id/another-order": after(_another_order),
    "get_order_by_marker_and_id/total-other": answer(put("totalSum", lambda total: f"{float(total) + 1:.2f}")),
    "get_order_by_marker_and_id/name-mangled": answer(put("formData.0.value", _mangled)),
    "get_order_by_marker_and_id/name-cut": answer(put("formData.0.value", lambda name: name[:200])),
    "get_order_by_marker_and_id/status-too-early": answer(
        put("statusIdentifier", _instead_of("inProgress", "paid_for"))
    ),
    # The history
    "get_all_orders_by_marker/one-lost": answer(_without_newest),
    "get_all_orders_by_marker/total-other": answer(newest(put("totalSum", lambda total: f"{float(total) + 1:.2f}"))),
    # A changed order
    "update_order_by_marker_and_id/as-before": after(_order_of_before),
    "update_order_by_marker_and_id/not-kept": Change(instead=_change_not_kept),
    # The preview
    "preview_order/total-other": answer(put("totalSum", lambda total: round(total / 3, 2))),
    # A new session
    "create_session/other-type": answer(put("type", lambda kind: {"session": "intent", "intent": "session"}[kind])),
    "create_session/link-http": answer(put("paymentUrl", lambda link: link and link.replace("https:", "http:"))),
    "create_session/link-of-cash": answer(
        put("paymentUrl", lambda link: link or "https://checkout.stripe.com/c/pay/cs_1"), when=SESSION
    ),
    # Sessions read back
    "get_session_by_id/another-session": after(_session_of_another_order),
    "get_session_by_order_id/another-session": after(_session_of_another_order),
    "get_sessions/one-lost": answer(_without_newest),
}
FAULTS = catalogued("meaning", "meaning", CHANGES)
