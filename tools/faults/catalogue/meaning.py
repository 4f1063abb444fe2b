"""Meaning: every answer has its documented shape, and says what is not so."""

from tools.faults.catalogue.table import D, O, faults, simple
from tools.faults.changes import Edit, answer, caller, newest, owner, put, sends, which_order, without_newest
from tools.faults.injection import ORDERS, Change, MockShop
from tools.faults.messages import Answer, Request, json_answer

SESSION = sends("type", "session", success=True)


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


async def _another_order(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Another order of the same buyer's."""
    if not given.is_success:
        return None
    order = await shop.order(request, caller(request, shop))
    return await shop.ask(request.to("GET", f"{ORDERS}/{order['id']}?langCode=en_US"))


async def _session_of_another_order(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """A session for another order of the same buyer's; in a list where there is one."""
    if not given.is_success:
        return None
    session = await shop.session(request, caller(request, shop))
    return json_answer(given.status, [session] if isinstance(given.json, list) else session)


async def _tokens_of_the_other(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The right user by name, with the tokens of the other one."""
    if not given.is_success:
        return None
    other = await shop.sign_in(request, shop.other_than(given.json["userIdentifier"]))
    return other.changed(put("userIdentifier", given.json["userIdentifier"]))


async def _the_other_user(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    return await shop.ask_as(request, owner(request, shop)) if given.is_success else None


async def _same_pair(request: Request, shop: MockShop) -> Answer | None:
    """The sign-in as it was given out, not renewed."""
    given = [answer for asked, answer in shop.passed if asked.operation == "auth" and answer.is_success]
    same = [each for each in given if each.json["refreshToken"] == request.json["refreshToken"]]
    return same[-1] if same else None


async def _same_refresh_token(request: Request, given: Answer, _: MockShop) -> Answer | None:
    return given.changed(put("refreshToken", request.json["refreshToken"])) if given.is_success else None


async def _same_access_token(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    earlier = [each.json["accessToken"] for asked, each in shop.passed if asked.operation == "auth" and each.is_success]
    return given.changed(put("accessToken", earlier[-1])) if given.is_success and earlier else None


async def _change_not_kept(request: Request, shop: MockShop) -> Answer | None:
    """A change is confirmed, by what an order made of it would say; the order itself stays."""
    made = await shop.ask(request.to("POST", ORDERS, request.json))
    return json_answer(200, {**made.json, **which_order(request, shop)}) if made.is_success else None


async def _order_of_before(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    """A changed order is confirmed as it was before."""
    before = [each for asked, each in shop.passed if asked.operation == "create_order" and each.is_success]
    return json_answer(given.status, before[-1].json) if given.is_success and before else None


# A line or two a fault.
# fmt: off
FAULTS = simple("meaning") + faults("meaning", [
    # Signing in and out
    ("auth/other-users-tokens", "signing in gives the tokens of another user", D, "user|userIdentifier|identifier",
     Change(after=_tokens_of_the_other), "get_user"),
    ("refresh/same-pair", "renewing gives the old pair of tokens", O, "token|tokens|accessToken|refreshToken",
     Change(instead=_same_pair)),
    ("refresh/refresh-token-kept", "renewing gives a new access token, and the old refresh token", O,
     "refresh token|refreshToken", Change(after=_same_refresh_token)),
    ("refresh/access-token-kept", "renewing gives a new refresh token, and the old access token", O,
     "access token|accessToken", Change(after=_same_access_token), "get_user"),
    ("logout_all/false", "signing out everywhere is answered with false", D, "true|done|false",
     answer(lambda _: False)),
    ("logout_all/success-false", "signing out everywhere is answered with an object that says no", D, "true|done|false",
     answer(lambda _: {"success": False})),
    ("get_auth_provider_by_marker/lifetime", "the provider says that sign-ins last twice as long", D, "good for|exp",
     answer(put("config.accessTokenTtlSec", lambda seconds: 2 * seconds))),
    ("get_user/other-user", "another user is shown", D, "user|identifier", Change(after=_the_other_user)),
    # The shop
    ("get_all_statuses_by_storage_marker/other-default", "another status is called the default", D, "status|isDefault",
     answer(_default("paid_for")), "get_order_by_marker_and_id"),
    ("get_accounts/ids-swapped", "cash and card have each other's ids", D, "account|paymentAccountId",
     answer(_swapped_ids), "create_session"),
    # A new order
    ("create_order/total-inexact", "the new order's total has an error of binary fractions", D, "totalSum|total|price",
     answer(put("totalSum", lambda total: total + 0.00000000001))),
    ("create_order/name-mangled", "letters beyond ASCII are mangled in the new order", D, "formData|name",
     answer(put("formData.en_US.0.value", _mangled))),
    # An order read back
    ("get_order_by_marker_and_id/another-order", "another order of the same buyer's is shown", D, "id|order",
     Change(after=_another_order)),
    ("get_order_by_marker_and_id/total-other", "the total read back differs from the one confirmed", D,
     "totalSum|total|price", answer(put("totalSum", lambda total: f"{float(total) + 1:.2f}"))),
    ("get_order_by_marker_and_id/name-mangled", "letters beyond ASCII are mangled in what is read back", D,
     "formData|name", answer(put("formData.0.value", _mangled))),
    ("get_order_by_marker_and_id/name-cut", "a long name is cut at 200 letters", D, "formData|name",
     answer(put("formData.0.value", lambda name: name[:200]))),
    ("get_order_by_marker_and_id/status-too-early", "an order that nobody paid is in the status of a paid one", D,
     "statusIdentifier|status", answer(put("statusIdentifier", _instead_of("inProgress", "paid_for")))),
    # The history
    ("get_all_orders_by_marker/one-lost", "the newest order is not shown", D, "history|order|items",
     answer(without_newest)),
    ("get_all_orders_by_marker/total-other", "an order's total in the history differs", D, "totalSum|total|price",
     answer(newest(put("totalSum", lambda total: f"{float(total) + 1:.2f}")))),
    # A changed order
    ("update_order_by_marker_and_id/as-before", "a changed order is confirmed as it was before", D,
     "products|lines|total|totalSum|price", Change(after=_order_of_before)),
    ("update_order_by_marker_and_id/not-kept", "a change is confirmed and not made", D,
     "products|lines|total|totalSum|price|quantity", Change(instead=_change_not_kept), "get_order_by_marker_and_id"),
    # The preview
    ("preview_order/total-other", "the preview's total is that of one piece", D, "totalSum|total|price",
     answer(put("totalSum", lambda total: round(total / 3, 2)))),
    # A new session
    ("create_session/other-type", "the new session is of another type", D, "type",
     answer(put("type", lambda kind: {"session": "intent", "intent": "session"}[kind]))),
    ("create_session/link-http", "the link is not https", O, "paymentUrl|link|https",
     answer(put("paymentUrl", lambda link: link and link.replace("https:", "http:")))),
    ("create_session/link-of-cash", "a session in cash has a link", O, "paymentUrl|link",
     answer(put("paymentUrl", lambda link: link or "https://checkout.stripe.com/c/pay/cs_1"), when=SESSION)),
    # Sessions read back
    ("get_session_by_id/another-session", "the session of another order is shown", D, "id|session|orderId",
     Change(after=_session_of_another_order)),
    ("get_session_by_order_id/another-session", "the session of another order is shown", D, "id|session|orderId",
     Change(after=_session_of_another_order)),
    ("get_sessions/one-lost", "the newest session is not shown", D, "session|list|items", answer(without_newest)),
])
# fmt: on
