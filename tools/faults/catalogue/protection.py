"""Protection: a user gets in, sees or does what they must not, or an invalid request is accepted."""

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import (
    When,
    add,
    after,
    answer,
    as_user,
    caller,
    error,
    last_user,
    owner,
    passes,
    put,
    refused_but_done,
    request_with,
    says,
    sends,
    which_order,
)
from tools.faults.injection import PASSWORDS, Change, MockShop, sign_in_data
from tools.faults.messages import Answer, Request, json_answer

ANONYMOUS = says("send the header Authorization")
NOT_FOUND = says("not found")


async def right_sign_in(request: Request, shop: MockShop) -> Request:
    """A correct sign-in of the named user; of the second user if the name is unknown."""
    name = str(request.json["authData"][0]["value"])
    user = name if name in PASSWORDS else shop.other_than(next(iter(PASSWORDS)))
    path = request.path.replace("no-such-marker", "email")
    return request.to("POST", path, sign_in_data(user, PASSWORDS[user])).with_headers(x_app_token="your-app-token")


def sign_in_with(index: int, *values: str) -> When:
    """A refused sign-in in which the user's name (0) or the password (1) is one of these."""
    return lambda request, given, _: not given.is_success and request.json["authData"][index]["value"] in values


def wrong_password(request: Request, given: Answer, _: MockShop) -> bool:
    """A refused sign-in of a registered user."""
    user, password = (each["value"] for each in request.json["authData"])
    return given.status == 401 and user in PASSWORDS and password != PASSWORDS[user]


def unknown_user(request: Request, given: Answer, _: MockShop) -> bool:
    """A refused sign-in of someone who is not registered."""
    return given.status == 401 and request.json["authData"][0]["value"] not in PASSWORDS


async def _signed_in_under_the_name_given(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """An unknown user is signed in as the second user, under the name that they gave."""
    answer = await shop.ask(await right_sign_in(request, shop))
    return answer.changed(put("userIdentifier", request.json["authData"][0]["value"]))


def is_spent(request: Request, shop: MockShop) -> bool:
    """Whether the refresh token was renewed before, rather than ended by signing out."""
    token = request.json["refreshToken"]
    return any(asked.operation == "refresh" and asked.json["refreshToken"] == token for asked, _ in shop.passed)


def _fresh_sign_in(*, spent: bool) -> Change:
    """A refused renewal is answered with a new sign-in of the same user."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        if given.is_success or is_spent(request, shop) is not spent:
            return None
        user = shop.user_of(request.json["refreshToken"])
        return await shop.ask(
            request.to("POST", request.path.replace("refresh", "auth"), sign_in_data(user, PASSWORDS[user]))
        )

    return Change(after=after)


async def _answered_and_not_done(_: Request, __: MockShop) -> Answer | None:
    return json_answer(201, True)


async def _only_this_device(request: Request, shop: MockShop) -> Answer | None:
    """Signing out everywhere signs out here only."""
    here = [each.json for _, each in shop.passed if each.is_success and request.token.encode() in each.body]
    if not here:
        return None
    path = request.path.replace("logout-all", "logout")
    asked = request.to("POST", path, {"refreshToken": here[-1]["refreshToken"]})
    return await shop.ask(asked)


async def _of_both(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The history, or the list of sessions, of all buyers."""
    others = (await shop.ask_as(request, owner(request, shop))).json
    return (
        given.changed(lambda own: {"items": [*own["items"], *others["items"]], "total": own["total"] + others["total"]})
        if others["items"]
        else None
    )


async def _changed_though_paid(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """A paid order is confirmed as changed, by what an order made of the change would say."""
    made = await shop.ask(request.to("POST", request.path.rpartition("/")[0], request.json))
    return json_answer(200, {**made.json, **which_order(request, shop)})


async def in_the_shops_storage(request: Request, _: MockShop) -> Request:
    """The order is placed in a storage that there is."""
    return request.to("POST", request.path.replace("no-such-marker", "orders"), request.json)


async def for_the_last_order(request: Request, shop: MockShop) -> Request:
    """The session is asked for an order that there is."""
    order = await shop.order(request, caller(request, shop))
    return request.with_json({**request.json, "orderId": order["id"]})


def _is_second_user(request: Request, shop: MockShop) -> bool:
    return caller(request, shop) == list(PASSWORDS)[1]


def _second_user(request: Request, given: Answer, shop: MockShop) -> bool:
    """The second user calls, about whatever it is."""
    return given.is_success and _is_second_user(request, shop)


def _for_the_second_user(value: object) -> Change:
    return answer(lambda _: value, when=_second_user)


async def _counts_all(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The list hides what is not the second user's, and counts it."""
    others = (await shop.ask_as(request, owner(request, shop))).json
    return given.changed(add("total", given.json["total"] + others["total"])) if others["total"] else None


async def _only_elsewhere(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Signing out everywhere leaves the calling device signed in, with the token that it has."""
    spared = shop.notes.setdefault("spared", set())
    if request.operation == "logout_all":
        spared.add(request.token)
    is_due = request.operation == "get_user" and request.token in spared and not given.is_success
    return await shop.ask_as(request, caller(request, shop)) if is_due else None


AS_ITS_OWNER = passes(as_user(owner), NOT_FOUND)
AS_A_CUSTOMER = passes(as_user(last_user), ANONYMOUS)
ONE_PIECE = request_with(put("products.0.quantity", 1))
PERMISSION = error(403, "Permission data not found. Provide the permission for requested url", _second_user)
FILLED_IN = request_with(put("formData", {"en_US": [{"marker": "name", "type": "string", "value": "Nobody"}]}))


CHANGES: dict[str, Change] = {
    # Signing in and out
    "auth/wrong-password": passes(right_sign_in, wrong_password),
    "auth/wrong-password-silently": refused_but_done(right_sign_in, wrong_password),
    "auth/unknown-user": after(_signed_in_under_the_name_given, unknown_user),
    "auth/empty-password": passes(right_sign_in, sign_in_with(1, "")),
    "auth/empty-user": passes(right_sign_in, sign_in_with(0, "")),
    "auth/unknown-provider": passes(right_sign_in, says("rovider")),
    "auth/unknown-app": passes(right_sign_in, says("Resource is closed")),
    "refresh/spent-token": _fresh_sign_in(spent=True),
    "refresh/ended-sign-in": _fresh_sign_in(spent=False),
    "logout/not-done": Change(instead=_answered_and_not_done),
    "get_user/ended-sign-in": passes(as_user(caller), says("is closed, sign in")),
    "logout_all/only-here": Change(instead=_only_this_device),
    "get_user/sign-in-over": passes(as_user(caller), says("expired")),
    "any/logout-all-elsewhere": Change(after=_only_elsewhere),
    # Without signing in
    "get_user/visitor": AS_A_CUSTOMER,
    "create_order/visitor": AS_A_CUSTOMER,
    "create_session/visitor": AS_A_CUSTOMER,
    # Orders and sessions of others
    "get_order_by_marker_and_id/of-another": AS_ITS_OWNER,
    "update_order_by_marker_and_id/of-another": AS_ITS_OWNER,
    "update_order_by_marker_and_id/of-another-silently": refused_but_done(as_user(owner), NOT_FOUND),
    "get_all_orders_by_marker/of-others": after(_of_both),
    "create_session/of-another": AS_ITS_OWNER,
    "create_session/of-another-silently": refused_but_done(as_user(owner), NOT_FOUND),
    "get_session_by_order_id/of-another": AS_ITS_OWNER,
    "get_session_by_id/of-another": AS_ITS_OWNER,
    "get_all_orders_by_marker/of-others-counted": after(_counts_all, _second_user),
    "get_sessions/of-others-counted": after(_counts_all, _second_user),
    # A user who may do nothing, and so nothing with what is another's
    "get_order_by_marker_and_id/permission": PERMISSION,
    "update_order_by_marker_and_id/permission": PERMISSION,
    "create_session/permission": PERMISSION,
    "get_session_by_order_id/permission": PERMISSION,
    "get_session_by_order_id/always-none": _for_the_second_user([]),
    "get_all_orders_by_marker/always-none": _for_the_second_user({"items": [], "total": 0}),
    "get_sessions/always-none": _for_the_second_user({"items": [], "total": 0}),
    "get_sessions/of-others": after(_of_both),
    # Orders that make no sense
    "create_order/empty-form": passes(FILLED_IN, says("empty form data section")),
    "create_order/empty-form-silently": refused_but_done(FILLED_IN, says("empty form data section")),
    "create_order/account-not-connected": passes(
        request_with(put("paymentAccountIdentifier", "cash")),
        says("not connected"),
        put("paymentAccountIdentifier", "bank"),
    ),
    "create_order/quantity-zero": passes(ONE_PIECE, sends("products.0.quantity", 0)),
    "create_order/quantity-negative": passes(ONE_PIECE, sends("products.0.quantity", -1)),
    "create_order/quantity-fraction": passes(ONE_PIECE, sends("products.0.quantity", 1.5)),
    "create_order/unknown-product": passes(request_with(put("products.0.productId", 14)), says("Product")),
    "create_order/unknown-storage": passes(in_the_shops_storage, says("torage")),
    "update_order_by_marker_and_id/paid": after(_changed_though_paid, says("could not be canceled")),
    "create_session/unknown-order": passes(
        for_the_last_order, sends("orderId", 987_654_321), put("orderId", 987_654_321)
    ),
    "create_session/unknown-type": passes(
        request_with(put("type", "session")), sends("type", "cheque"), put("type", "cheque")
    ),
    "create_session/unknown-type-silently": refused_but_done(
        request_with(put("type", "session")), sends("type", "cheque")
    ),
}
FAULTS = catalogued("protection", "protection", CHANGES)
