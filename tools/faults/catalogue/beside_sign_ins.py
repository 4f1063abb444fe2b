"""Beside the answer: sign-ins end or live on, something more is done or said, people or records are mixed up."""

from typing import Any

from tools.faults import changes as c
from tools.faults import effects as e
from tools.faults.catalogue import protection as p
from tools.faults.catalogue.table import D, FaultLine, I, O, U
from tools.faults.changes import as_user, caller, last_user, on, owner, passes, put, says, sends
from tools.faults.effects import BY_ID, BY_ORDER, HISTORY, LIST, READ, does, done, refused
from tools.faults.fault import RestsOn
from tools.faults.injection import ORDERS, PASSWORDS, SESSIONS, USERS, Change, MockShop, sign_in_data
from tools.faults.messages import OPERATION_OF, Answer, Request
from tools.healthy.edits import claims

CREATE, UPDATE, PAY, ME = "create_order", "update_order_by_marker_and_id", "create_session", "get_user"
DEVICES = "get_active_sessions_by_marker"
#: Who is signed out notices at the next call, whichever it is.
ANY = "|".join(OPERATION_OF)
ELSEWHERE = e.signs_out(same_user=True, elsewhere=True)
SELF, OTHER = e.signs_out(same_user=True), e.signs_out(same_user=False)
CHRISTINA, BEN = list(PASSWORDS)[:2]


def _also(cause: str, id_: str, title: str, operations: str, deed: e.Deed, known: RestsOn = I) -> list[FaultLine]:
    """A line for each operation; the cause is `done` or `refused`."""
    when = {"done": done, "refused": refused}[cause]
    words = "sign-in|signed in|sign in|device|refuse|401"
    return [(f"{x}/{id_}", f"{x} {cause}: {title}", known, words, does(when(x), deed)) for x in operations.split()]


def _silently(operation: str, known: RestsOn, words: str, cases: dict[str, tuple[c.Reask, c.When]]) -> list[FaultLine]:
    """Refused, and done all the same."""
    return [
        (
            f"{operation}/{x}-silently",
            f"{operation} is refused ({x}) and done",
            known,
            words,
            on(operation, c.refused_but_done(*case)),
        )
        for x, case in cases.items()
    ]


def _of_another(request: Request, shop: MockShop) -> str:
    last = [order for user, order in e.placed(shop) if user != e.actor(request, shop)][-1:]
    return "".join(f"{x['formData']['en_US'][0]['value']}: {x['totalSum']} {x['currency']}" for x in last)


def _second_page(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    first = [x for a, x in e.passed(request.operation, shop) if e.actor(a, shop) == e.actor(request, shop)][-1:]
    is_later = b"offset=0" not in request.scope["query_string"] and first
    return given.with_json({**first[0], "total": given.json["total"]}) if is_later and first[0] != given.json else None


def _twice(_: Request, given: Answer, __: MockShop) -> Answer | None:
    items = given.json["items"]
    return given.with_json({**given.json, "items": [*items, items[-1]]}) if len(items) > 1 else None


def _counts_refused(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    tried = [a for a, x in shop.passed if refused(CREATE)(a, x, shop) and e.actor(a, shop) == e.actor(request, shop)]
    return given.changed(put("total", given.json["total"] + len(tried))) if tried else None


def _dearer(now: Any) -> Any:
    return f"{float(now) + 1:.2f}" if isinstance(now, str) else now + 1


def _after_preview(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    return e.shown(given, lambda _: e.passed("preview_order", shop), put("totalSum", _dearer))


def _form_of_the_last(_: Request, given: Answer, shop: MockShop) -> Answer | None:
    last = e.placed(shop)[-1:]
    return e.shown(given, bool, put("formData", last[0][1]["formData"]["en_US"])) if last else None


async def _form_of_the_first(request: Request, shop: MockShop) -> Answer | None:
    first = [order["formData"] for user, order in e.placed(shop) if user == e.actor(request, shop)][:1]
    is_other = request.operation == CREATE and first and first[0] != request.json["formData"]
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
ORDERED = "order|entries|history"

# A line or two a fault, or several faults of a kind.
# fmt: off
FAULTS = (
    *e.beside("protection", ANY, [
        *_also("done", "ends-other-device", "another device is signed out", "auth refresh logout", ELSEWHERE, O),
        *_also("done", "ends-other-device", "another device is signed out", f"{CREATE} {PAY}", ELSEWHERE),
        *_also("done", "ends-other-person", "the other person is signed out",
               f"auth refresh logout logout_all {CREATE} {PAY}", OTHER),
        *_also("refused", "refused-ends-other-device", "another device is signed out", f"auth {CREATE}", ELSEWHERE),
        *_also("refused", "refused-ends-other-person", "the other person is signed out", f"auth refresh {PAY}", OTHER),
        *_also("refused", "refused-ends-sign-in", "who asked is signed out", f"{CREATE} {PAY} {UPDATE}", SELF),
        *_also("done", "one-more-device", "who asked is signed in once more", f"refresh {CREATE}", e.signs_in, O),
        *_also("refused", "refused-one-more-device", "who asked is signed in", "refresh", e.signs_in, O),
        *_silently("auth", O, "device|sign-in|signed in", {
            "unknown-user": (p.right_sign_in, p.unknown_user),
            "empty-password": (p.right_sign_in, p.EMPTY_PASSWORD),
            "unknown-provider": (p.right_sign_in, says("rovider")),
            "unknown-app": (p.right_sign_in, says("Resource is closed"))}),
        ("refresh/alive-after-everywhere", "a sign-in that was ended everywhere is renewed", O, "refuse|renew",
         on("refresh", passes(_anew, _everywhere))),
        ("refresh/lifetime-shorter", "a renewed sign-in lives a minute", D, "expire|lifetime|exp",
         claims(lambda x: x | {"exp": x["iat"] + 60}, "refresh")),
        ("refresh/lifetime-longer", "a renewed sign-in lives ten years", D, "expire|lifetime|exp",
         claims(lambda x: x | {"exp": x["iat"] + 315_360_000}, "refresh")),
        ("auth/expired-before", "a new access token expired an hour ago", D, "expire|lifetime|exp",
         claims(lambda x: x | {"exp": x["iat"] - 3600})),
        ("auth/claims-other", "the access token names the other person", D, "user|token|claim",
         claims(lambda x: x | {"userIdentifier": CHRISTINA if x["userIdentifier"] == BEN else BEN})),
        ("auth/refresh-token-repeated", "each sign-in has the first one's refresh token", D, "refresh ?token|new",
         e.repeated("refreshToken", "auth", "auth")),
        (f"{DEVICES}/of-both", "the devices of the other person are shown, too", D, "device|sessions",
         on(DEVICES, Change(after=_of_both))),
        (f"{ME}/visitor-told", "a visitor is told who signed in last", I, "reveal|name|user",
         on(ME, e.reveals(p.ANONYMOUS, last_user))),
        *((f"{x}/last-user", f"{x}: the caller is taken for whoever signed in last", D,
           "user|order|session|refuse|device", e.as_last_user(x)) for x in (ME, CREATE, HISTORY, LIST, PAY, DEVICES)),
    ]),
    *e.beside("protection", f"{HISTORY}|{READ}|{BY_ORDER}|{BY_ID}|{LIST}", [
        *((f"{x}/refusal-reveals", f"{x}: the refusal shows another's order", I, "reveal|name|total|order",
           e.reveals(refused(x), _of_another)) for x in (CREATE, READ, UPDATE, PAY, BY_ORDER, BY_ID)),
        *_silently(CREATE, U, ORDERED, {
            "quantity": (p.ONE_PIECE, sends("products.0.quantity", 0)),
            "not-connected": (c.request_with(put("paymentAccountIdentifier", "cash")), says("not connected")),
            "unknown-product": (c.request_with(put("products.0.productId", 14)), says("Product")),
            "unknown-storage": (p.in_the_shops_storage, says("torage")),
            "visitor": (as_user(last_user), p.ANONYMOUS),
            "visitor-for-the-other": (as_user(_ben), p.ANONYMOUS)}),
        *_silently(PAY, U, "session", {
            "visitor": (as_user(last_user), p.ANONYMOUS),
            "unknown-order": (p.for_the_last_order, sends("orderId", 987_654_321))}),
        (f"{CREATE}/placed-for-other", "a new order is placed for the other person, too", D, ORDERED,
         does(done(CREATE), e.places(owner))),
        (f"{CREATE}/refused-placed-for-other", "a refused order is placed for the other person", I, ORDERED,
         does(refused(CREATE), e.places(owner))),
        (f"{UPDATE}/placed-again", "a change also places an order", D, ORDERED, does(done(UPDATE), e.places(caller))),
        ("preview_order/placed", "asking for the price places an order", D, ORDERED,
         does(done("preview_order"), e.places(caller))),
        (f"{UPDATE}/all-of-buyer", "a change changes all orders of the buyer", D, "form|products|lines|total",
         does(done(UPDATE), e.to_each(e.older, *CHANGE))),
        (f"{UPDATE}/all-of-other", "a change changes the other person's orders", D, "form|products|lines|total",
         does(done(UPDATE), e.to_each(e.others, *CHANGE))),
        (f"{UPDATE}/refused-own", "a change of another's order changes one's own", U, "form|products|lines|total",
         does(refused(UPDATE), e.to_each(e.older, *CHANGE))),
        (f"{UPDATE}/session-opened", "a change opens a payment session", I, "session",
         does(done(UPDATE), e.to_each(e.this, *OPEN))),
        (f"{PAY}/for-all", "a session is opened for the buyer's other orders, too", D, "session",
         does(done(PAY), e.to_each(e.older, *OPEN))),
        (f"{PAY}/for-other", "a session is opened for the other person's orders, too", D, "session",
         does(done(PAY), e.to_each(e.others, *OPEN))),
        (f"{PAY}/refused-own", "a session for another's order is refused and opened for one's own", U, "session",
         does(refused(PAY), e.to_each(e.older, *OPEN))),
    ]),
    *e.beside("meaning", f"{HISTORY}|{READ}|{BY_ORDER}|{BY_ID}|{LIST}", [
        *((f"{x}/cached", f"{x}: the first answer is given again, whatever happened since", D,
           "status|total|quantity|products|order|session|device", e.cached(x))
          for x in (READ, HISTORY, BY_ID, BY_ORDER, LIST, DEVICES)),
        *((f"{x}/{name}-repeated", f"{x}: a later one has the {name} of the first", D, f"{name}|{y}|twice|number",
           e.repeated(y, x, f"{x}|{e.SESSION}|{e.ORDER}" if y != "id" else x))
          for x, y, name in ((PAY, "paymentUrl", "link"), (PAY, "clientSecret", "secret"), (PAY, "id", "id"),
                             (CREATE, "id", "id"))),
        *((f"{x}/second-page-first", f"{x}: each page is the first one", D, "twice|entries|page|order|session",
           e.at(x, _second_page)) for x in (HISTORY, LIST)),
        *((f"{x}/twice", f"{x}: the last record is shown twice", D, "twice|entries|order|session", e.at(x, _twice))
          for x in (HISTORY, LIST)),
        (f"{HISTORY}/refused-counted", "the history counts refused orders", I, "total", e.at(HISTORY, _counts_refused)),
        (f"{CREATE}/after-preview", "what was previewed costs one more when it is ordered", D, "total|price",
         e.at(f"{CREATE}|{READ}|{HISTORY}", _after_preview)),
        (f"{READ}/form-of-last", "an order is shown in the name of the last one", D, "form|name",
         e.at(f"{READ}|{HISTORY}", _form_of_the_last)),
        (f"{CREATE}/form-of-first", "an order is placed with the form of its buyer's first", D, "form|name",
         Change(instead=_form_of_the_first)),
    ]),
)
# fmt: on
