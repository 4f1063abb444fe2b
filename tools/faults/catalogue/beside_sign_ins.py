"""Side effects: sign-ins end or stay valid, more is done or revealed than requested, users or records are mixed up."""

from typing import Any

from tools.faults import effects as e
from tools.faults.catalogue import protection as p
from tools.faults.catalogue.table import catalogued
from tools.faults.changes import caller, last_user, owner
from tools.faults.injection import ORDERS, PASSWORDS, SESSIONS, USERS, MockShop, sign_in_data
from tools.faults.members import more, put
from tools.faults.messages import OPERATION_OF, Answer, Request
from tools.healthy.edits import claims, listing

CHRISTINA, BEN = list(PASSWORDS)[:2]


def _of_another(request: Request, shop: MockShop) -> str:
    last = [order for user, order in e.placed(shop) if user != e.actor(request, shop)][-1:]
    return "".join(f"{x['formData']['en_US'][0]['value']}: {x['totalSum']} {x['currency']}" for x in last)


async def _second_page(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    first = [x for a, x in e.passed(request.operation, shop) if e.actor(a, shop) == e.actor(request, shop)][-1:]
    is_later = b"offset=0" not in request.scope["query_string"] and first
    return given.with_json({**first[0], "total": given.json["total"]}) if is_later and first[0] != given.json else None


async def _twice(_: Request, given: Answer, __: MockShop) -> Answer | None:
    items = given.json["items"]
    return given.with_json({**given.json, "items": [*items, items[-1]]}) if len(items) > 1 else None


async def _counts_refused(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    refused = [asked for asked, answer in shop.passed if e.refused("create_order")(asked, answer, shop)]
    tried = [asked for asked in refused if e.actor(asked, shop) == e.actor(request, shop)]
    return given.changed(put("total", given.json["total"] + len(tried))) if tried else None


async def _after_preview(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    return e.shown(given, lambda _: e.passed("preview_order", shop), put("totalSum", more(1)))


async def _form_of_the_last(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    last = e.placed(shop)[-1:]
    return e.shown(given, bool, put("formData", last[0][1]["formData"]["en_US"])) if last else None


async def _form_of_the_first(request: Request, shop: MockShop) -> Answer | None:
    first = [order["formData"] for user, order in e.placed(shop) if user == e.actor(request, shop)][:1]
    is_other = first and first[0] != request.json["formData"]
    return await shop.ask(request.with_json({**request.json, "formData": first[0]})) if is_other else None


async def _of_both(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    other = owner(request, shop)
    if not given.is_success or all(x["userIdentifier"] != other for _, x in e.passed("auth", shop)):
        return None
    return given.with_json([*given.json, *(await shop.ask_as(request, other)).json])


async def _anew(request: Request, shop: MockShop) -> Request:
    user = e.actor(request, shop)
    return request.to("POST", f"{USERS}/auth", sign_in_data(user, PASSWORDS[user]))


def _everywhere(request: Request, given: Answer, shop: MockShop) -> bool:
    out = [e.actor(asked, shop) for asked, _ in e.passed("logout_all", shop)]
    return not given.is_success and e.actor(request, shop) in out


def _ben(_: Request, __: MockShop) -> str:
    return BEN


CHANGE: Any = ("PUT", ORDERS + "/{}?langCode=en_US", lambda request, _: request.json)
OPEN: Any = ("POST", SESSIONS, lambda _, order: {"orderId": order, "type": "session"})
NAMES = {
    "ELSEWHERE": e.signs_out(same_user=True, elsewhere=True),
    "SELF": e.signs_out(same_user=True),
    "OTHER": e.signs_out(same_user=False),
    "lives_a_minute": claims(lambda x: x | {"exp": x["iat"] + 60}, "refresh"),
    "lives_ten_years": claims(lambda x: x | {"exp": x["iat"] + 315_360_000}, "refresh"),
    "expired_before": claims(lambda x: x | {"exp": x["iat"] - 3600}),
    "names_the_other": claims(lambda x: x | {"userIdentifier": CHRISTINA if x["userIdentifier"] == BEN else BEN}),
    "name_revealed": e.reveals(last_user),
    "order_revealed": e.reveals(_of_another),
    "placed_for_other": e.places(owner),
    "placed_for_caller": e.places(caller),
    "older_changed": e.to_each(e.older, *CHANGE),
    "others_changed": e.to_each(e.others, *CHANGE),
    "this_opened": e.to_each(e.this, *OPEN),
    "older_opened": e.to_each(e.older, *OPEN),
    "others_opened": e.to_each(e.others, *OPEN),
    "refresh_token_repeated": e.repeated("refreshToken"),
    "link_repeated": e.repeated("paymentUrl", "create_session"),
    "secret_repeated": e.repeated("clientSecret", "create_session"),
    "id_repeated": e.repeated("id"),
    "uncapped": listing(list, cap=None),
    "nine": listing(list, cap=9),
}
KNOWN = {**vars(e), **vars(p), **globals(), **NAMES}
SHOWN = f"{e.HISTORY}|{e.READ}|{e.BY_ORDER}|{e.BY_ID}|{e.LIST}"
FAULTS = (
    # A signed-out user is refused at the next call of any operation.
    *catalogued("protection", "sign-ins", KNOWN, "|".join(OPERATION_OF)),
    *catalogued("protection", "deeds", KNOWN, SHOWN),
    *catalogued("meaning", "mixed-up", KNOWN, SHOWN),
)
