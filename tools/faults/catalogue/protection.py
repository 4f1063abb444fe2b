"""Protection: a user signs in, sees or does something without permission, or an invalid request is accepted."""

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import caller, error, owner, request_with, says, sends, which_order
from tools.faults.injection import PASSWORDS, MockShop, sign_in_data
from tools.faults.members import add, put
from tools.faults.messages import Answer, Request, json_answer

ANONYMOUS = says("send the header Authorization")
NOT_FOUND = says("not found")
EMPTY_USER, EMPTY_PASSWORD = sends("authData.0.value", ""), sends("authData.1.value", "")


async def right_sign_in(request: Request, shop: MockShop) -> Request:
    """Return a correct sign-in of the named user, or of the second user if the name is unknown."""
    name = str(request.json["authData"][0]["value"])
    user = name if name in PASSWORDS else shop.other_than(next(iter(PASSWORDS)))
    path = request.path.replace("no-such-marker", "email")
    return request.to("POST", path, sign_in_data(user, PASSWORDS[user])).with_headers(x_app_token="your-app-token")


def wrong_password(request: Request, given: Answer, _: MockShop) -> bool:
    """Apply the fault to a refused sign-in of a registered user."""
    user, password = (each["value"] for each in request.json["authData"])
    return given.status == 401 and user in PASSWORDS and password != PASSWORDS[user]


def unknown_user(request: Request, given: Answer, _: MockShop) -> bool:
    """Apply the fault to a refused sign-in of a person who is not registered."""
    return given.status == 401 and request.json["authData"][0]["value"] not in PASSWORDS


async def _signed_in_under_the_name_given(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """Sign an unknown user in as the second user, under the given name."""
    answer = await shop.ask(await right_sign_in(request, shop))
    return answer.changed(put("userIdentifier", request.json["authData"][0]["value"]))


def spent(request: Request, given: Answer, shop: MockShop) -> bool:
    """Apply the fault to a refused renewal with a used refresh token, not one that signing out ended."""
    renewed = [asked.json["refreshToken"] for asked, _ in shop.passed if asked.operation == "refresh"]
    return not given.is_success and request.json["refreshToken"] in renewed


def ended(request: Request, given: Answer, shop: MockShop) -> bool:
    """Apply the fault to a refused renewal of a sign-in that signing out ended."""
    return not given.is_success and not spent(request, given, shop)


async def _signed_in_anew(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """Respond to a refused renewal with a new sign-in of the same user."""
    user = shop.user_of(request.json["refreshToken"])
    new = request.to("POST", request.path.replace("refresh", "auth"), sign_in_data(user, PASSWORDS[user]))
    return await shop.ask(new)


async def _answered_and_not_done(_: Request, __: MockShop) -> Answer | None:
    return json_answer(201, True)


async def _only_this_device(request: Request, shop: MockShop) -> Answer | None:
    """Sign out on this device only instead of everywhere."""
    here = [each.json for _, each in shop.passed if each.is_success and request.token.encode() in each.body]
    if not here:
        return None
    path = request.path.replace("logout-all", "logout")
    asked = request.to("POST", path, {"refreshToken": here[-1]["refreshToken"]})
    return await shop.ask(asked)


async def _of_both(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Return the history, or the list of sessions, of all buyers."""
    others = (await shop.ask_as(request, owner(request, shop))).json
    if not others["items"]:
        return None
    return given.changed(lambda mine: {name: mine[name] + others[name] for name in ("items", "total")})


async def _changed_though_paid(request: Request, _: Answer, shop: MockShop) -> Answer | None:
    """Confirm the change of a paid order, with the fields of a new order."""
    made = await shop.ask(request.to("POST", request.path.rpartition("/")[0], request.json))
    return json_answer(200, {**made.json, **which_order(request, shop)})


async def in_the_shops_storage(request: Request, _: MockShop) -> Request:
    """Send the order to an existing storage."""
    return request.to("POST", request.path.replace("no-such-marker", "orders"), request.json)


async def for_the_last_order(request: Request, shop: MockShop) -> Request:
    """Request the session for an existing order."""
    order = await shop.order(request, caller(request, shop))
    return request.with_json({**request.json, "orderId": order["id"]})


def _second_user(request: Request, given: Answer, shop: MockShop) -> bool:
    """Apply the fault to any successful call of the second user."""
    return given.is_success and caller(request, shop) == list(PASSWORDS)[1]


async def _counts_all(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Count all records in the list, but show only the second user's."""
    others = (await shop.ask_as(request, owner(request, shop))).json
    return given.changed(add("total", given.json["total"] + others["total"])) if others["total"] else None


async def _only_elsewhere(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Leave the calling device signed in, with its token, after signing out everywhere."""
    spared = shop.notes.setdefault("spared", set())
    if request.operation == "logout_all":
        spared.add(request.token)
    is_due = request.operation == "get_user" and request.token in spared and not given.is_success
    return await shop.ask_as(request, caller(request, shop)) if is_due else None


PERMISSION = "Permission data not found. Provide the permission for requested url"
NO_PERMISSION = error(403, PERMISSION, _second_user)
FILLED_IN = request_with(put("formData", {"en_US": [{"marker": "name", "type": "string", "value": "Nobody"}]}))
FAULTS = catalogued("protection", "protection", globals())
