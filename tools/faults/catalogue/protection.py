"""Protection: a user gets in, sees or does what they must not, or an invalid request is accepted."""

from tools.faults.catalogue.table import D, O, U, faults
from tools.faults.changes import (
    When,
    add,
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


async def _signed_in_under_the_name_given(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """An unknown user is signed in as the second user, under the name that they gave."""
    if not unknown_user(request, given, shop):
        return None
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
    if not given.is_success:
        return None
    others = (await shop.ask_as(request, owner(request, shop))).json
    return (
        given.changed(lambda own: {"items": [*own["items"], *others["items"]], "total": own["total"] + others["total"]})
        if others["items"]
        else None
    )


async def _changed_though_paid(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """A paid order is confirmed as changed, by what an order made of the change would say."""
    if not says("could not be canceled")(request, given, shop):
        return None
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
    if not _second_user(request, given, shop):
        return None
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


# A line or two a fault.
# fmt: off
FAULTS = faults("protection", [
    # Signing in and out
    ("auth/wrong-password", "a wrong password is accepted", D, "refuse|password",
     passes(right_sign_in, wrong_password)),
    ("auth/wrong-password-silently", "a wrong password is refused and opens a session", D, "devices|session",
     refused_but_done(right_sign_in, wrong_password), "get_active_sessions_by_marker|get_all_orders_by_marker"),
    ("auth/unknown-user", "an unknown user gets in", U, "refuse|user", Change(after=_signed_in_under_the_name_given)),
    ("auth/empty-password", "an empty password is accepted", O, "refuse|password",
     passes(right_sign_in, sign_in_with(1, ""))),
    ("auth/empty-user", "signing in without a name gets in as somebody", O, "refuse|user",
     passes(right_sign_in, sign_in_with(0, ""))),
    ("auth/unknown-provider", "signing in works at a provider that does not exist", O, "refuse|provider",
     passes(right_sign_in, says("rovider"))),
    ("auth/unknown-app", "an unknown app token is accepted", O, "refuse|application|Resource is closed",
     passes(right_sign_in, says("Resource is closed"))),
    ("refresh/spent-token", "a spent renewal token is accepted again", O, "refuse|renew",
     _fresh_sign_in(spent=True)),
    ("refresh/ended-sign-in", "a sign-in that was ended is renewed", O, "refuse|renew", _fresh_sign_in(spent=False)),
    ("logout/not-done", "signing out is confirmed and not done", O, "refuse|sign in|session",
     Change(instead=_answered_and_not_done), "get_user|refresh"),
    ("get_user/ended-sign-in", "the access token of an ended sign-in still works", O, "refuse|sign in|access token",
     passes(as_user(caller), says("is closed, sign in"))),
    ("logout_all/only-here", "signing out everywhere signs out on one device only", D, "refuse|sign in|session",
     Change(instead=_only_this_device), "get_user"),
    ("get_user/sign-in-over", "an access token that is over still works", D, "refuse|sign in|access token",
     passes(as_user(caller), says("expired"))),
    ("any/logout-all-elsewhere", "signing out everywhere spares the device that asks for it", D,
     "refuse|sign in|sign-in|session", Change(after=_only_elsewhere)),
    # Without signing in
    ("get_user/visitor", "a visitor is taken for a customer", O, "refuse|sign in|visitor", AS_A_CUSTOMER),
    ("create_order/visitor", "a visitor can order", O, "refuse|sign in|visitor", AS_A_CUSTOMER),
    ("create_session/visitor", "a visitor can open a payment session", O, "refuse|sign in|visitor", AS_A_CUSTOMER),
    # Orders and sessions of others
    ("get_order_by_marker_and_id/of-another", "another's order can be read", U, "refuse|order", AS_ITS_OWNER),
    ("update_order_by_marker_and_id/of-another", "another's order can be changed", U, "refuse|order", AS_ITS_OWNER),
    ("update_order_by_marker_and_id/of-another-silently", "changing another's order is refused and done", U,
     "products|lines|quantity|total|price", refused_but_done(as_user(owner), NOT_FOUND),
     "get_order_by_marker_and_id|get_all_orders_by_marker"),
    ("get_all_orders_by_marker/of-others", "the history shows the orders of others", D, "history|order|somebody else",
     Change(after=_of_both)),
    ("create_session/of-another", "a session can be opened for another's order", U, "refuse|order|session",
     AS_ITS_OWNER),
    ("create_session/of-another-silently", "opening a session for another's order is refused and done", U,
     "session", refused_but_done(as_user(owner), NOT_FOUND), "get_session_by_order_id|get_sessions"),
    ("get_session_by_order_id/of-another", "the session of another's order can be seen", U, "refuse|session",
     AS_ITS_OWNER),
    ("get_session_by_id/of-another", "the session of another's order can be seen by its number", U, "refuse|session",
     AS_ITS_OWNER),
    ("get_all_orders_by_marker/of-others-counted", "the history counts the orders of others and does not show them", D,
     "total", Change(after=_counts_all)),
    ("get_sessions/of-others-counted", "the list of sessions counts those of others and does not show them", U,
     "total", Change(after=_counts_all)),
    # A user who may do nothing, and so nothing with what is another's
    ("get_order_by_marker_and_id/permission", "the second user may not read orders at all", O, "permission",
     PERMISSION),
    ("update_order_by_marker_and_id/permission", "the second user may not change orders at all", O, "permission",
     PERMISSION),
    ("create_session/permission", "the second user may not open payment sessions at all", O, "permission", PERMISSION),
    ("get_session_by_order_id/permission", "the second user may not see payment sessions at all", O, "permission",
     PERMISSION),
    ("get_session_by_order_id/always-none", "the second user is shown no payment sessions of orders", D,
     "payment session", _for_the_second_user([])),
    ("get_all_orders_by_marker/always-none", "the second user's history is always empty", D, "entries|order",
     _for_the_second_user({"items": [], "total": 0})),
    ("get_sessions/always-none", "the second user's list of sessions is always empty", D, "entries|session",
     _for_the_second_user({"items": [], "total": 0})),
    ("get_sessions/of-others", "the list of sessions shows those of others", U, "session|order|somebody else",
     Change(after=_of_both)),
    # Orders that make no sense
    ("create_order/empty-form", "an order with an empty form is taken", O, "refuse|form",
     passes(FILLED_IN, says("empty form data section"))),
    ("create_order/empty-form-silently", "an order with an empty form is refused and kept", O, "order|history",
     refused_but_done(FILLED_IN, says("empty form data section")), "get_all_orders_by_marker"),
    ("create_order/account-not-connected", "an order is taken for an account that is not connected", O,
     "refuse|account", passes(request_with(put("paymentAccountIdentifier", "cash")), says("not connected"),
                              put("paymentAccountIdentifier", "bank"))),
    ("create_order/quantity-zero", "no pieces of a product can be ordered", U, "refuse|quantity",
     passes(ONE_PIECE, sends("products.0.quantity", 0))),
    ("create_order/quantity-negative", "less than no pieces can be ordered", U, "refuse|quantity",
     passes(ONE_PIECE, sends("products.0.quantity", -1))),
    ("create_order/quantity-fraction", "one and a half pieces can be ordered", U, "refuse|quantity",
     passes(ONE_PIECE, sends("products.0.quantity", 1.5))),
    ("create_order/unknown-product", "a product that does not exist can be ordered", U, "refuse|product",
     passes(request_with(put("products.0.productId", 14)), says("Product"))),
    ("create_order/unknown-storage", "an order is kept in a storage that does not exist", U, "refuse|storage",
     passes(in_the_shops_storage, says("torage"))),
    ("update_order_by_marker_and_id/paid", "an order that is paid can be changed", O, "refuse|find a mistake|paid",
     Change(after=_changed_though_paid)),
    ("create_session/unknown-order", "a session is opened for an order that does not exist", U, "refuse|order",
     passes(for_the_last_order, sends("orderId", 987_654_321), put("orderId", 987_654_321))),
    ("create_session/unknown-type", "a session of a type that does not exist is opened", U, "refuse|type",
     passes(request_with(put("type", "session")), sends("type", "cheque"), put("type", "cheque"))),
    ("create_session/unknown-type-silently", "a session of an unknown type is refused and opened", U, "session",
     refused_but_done(request_with(put("type", "session")), sends("type", "cheque")),
     "get_session_by_order_id|get_sessions"),
])
# fmt: on
