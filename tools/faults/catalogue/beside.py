"""Beside the answer: an order or a payment session changes though nothing was done to it, or not that."""

from collections.abc import Callable
from functools import partial

from tools.faults import effects as e
from tools.faults.catalogue.table import D, FaultLine, I, O, moved
from tools.faults.changes import Edit, When, add, both, put, sends
from tools.faults.effects import BY_ID, HISTORY, LIST, ORDER, READ, SESSION, Which
from tools.faults.fault import RestsOn
from tools.faults.injection import Change

done, refused, this, older, others = e.done, e.refused, e.this, e.older, e.others
LINK = "https://checkout.stripe.com/c/pay/cs_of_somebody_else"
#: What becomes of an order or a session, the words for it, and how.
BECOMES: dict[str, tuple[str, str, Edit]] = {
    "dearer": ("costs 10 more", "total|price", put("totalSum", lambda total: f"{float(total) + 10:.2f}")),
    "canceled": ("is canceled", "status", put("statusIdentifier", "canceled")),
    "paid": ("is paid", "status|isCompleted", both(put("statusIdentifier", "paid_for"), put("isCompleted", True))),
    "line": ("has one piece more", "quantity|products|lines", put("products.0.quantity", lambda number: number + 1)),
    "name": ("is in another name", "form|name", put("formData.0.value", "Somebody Else")),
    "account": (
        "is to be paid otherwise",
        "account",
        put("paymentAccountIdentifier", lambda now: {"cash": "stripe"}.get(now, "cash")),
    ),
    "currency": ("is in another currency", "currency|price", put("currency", "EUR")),
    "date": ("is of a minute later", "created|date", put("createdDate", moved(60))),
    "link": ("leads elsewhere", "link|paymentUrl", put("paymentUrl", LINK)),
    "gone": ("is gone", "missing|gone|not found|entries|shown|lacks", lambda _: None),
    "ended": ("is canceled", "status", put("status", "canceled")),
    "expired": ("is expired", "status", put("status", "expired")),
    "completed": ("is completed", "status", put("status", "completed")),
    "type": ("is of the other type", "type", put("type", lambda now: {"session": "intent"}.get(now, "session"))),
    "account-id": ("is of another account", "account", put("paymentAccountId", lambda now: 3 - now)),
    "order": ("is for another order", "orderId|order", put("orderId", lambda now: now + 1)),
    "amount": ("is over another amount", "amount", add("amount", 7)),
    "secret": ("has another secret", "secret", put("clientSecret", "pi_1_secret_2")),
}
CREATE, UPDATE, PAY = "create_order", "update_order_by_marker_and_id", "create_session"


def _card(_: str) -> When:
    return sends("paymentAccountIdentifier", "stripe", success=True)


def _new_order(_: str) -> When:
    return done(CREATE)


def _is_paid(record: dict[str, object]) -> bool:
    return record.get("isCompleted") is True or record.get("status") == "completed"


def _each(id_: str, title: str, known: RestsOn, things: str, change: Callable[[Edit], Change]) -> list[FaultLine]:
    """A line for each of the things that may become of an order, or of its sessions."""
    of = [(name, *BECOMES[name]) for name in things.split()]
    return [(f"{id_}-{name}", f"{title} {what}", known, words, change(edit)) for name, what, words, edit in of]


def _after(
    id_: str, cause: Callable[[str], When], which: Which, title: str, known: RestsOn, things: str, at: str = ORDER
) -> list[FaultLine]:
    when = cause(id_.partition("/")[0])
    return _each(id_, title, known, things, lambda edit: e.lasting(when, which, edit, at))


def _paid(operation: str, title: str, things: str, at: str) -> list[FaultLine]:
    return _each(f"{operation}/paid", title, D, things, lambda edit: e.always(at, edit, _is_paid))


_session = partial(_after, at=SESSION)


# A line or two for several faults.
# fmt: off
FAULTS = (
    *e.beside("meaning", ORDER, [
        *_after(f"{CREATE}/older", done, older, "a new order, and the buyer's older one", I,
                "dearer canceled paid line name account date gone"),
        *_after(f"{CREATE}/others", done, others, "a new order, and the other's", I, "dearer canceled name gone"),
        *_after(f"{CREATE}/refused-older", refused, older, "a refused order, and the buyer's older one", I,
                "dearer canceled gone"),
        *_after(f"{CREATE}/refused-others", refused, others, "a refused order, and the other person's", I, "canceled"),
        *_after(f"{READ}/card", _card, this, "an order by card, read back,", D,
                "dearer currency line name account date canceled"),
        *_after(f"{READ}/again", done, this, "an order that was read before", D, "dearer paid date"),
        *_after(f"{HISTORY}/older", _new_order, older, "an older order, only in the history,", D,
                "dearer canceled line name date", HISTORY),
        *_after(f"{HISTORY}/again", done, this, "an order that was in the history", I, "canceled", READ),
        *_after(f"{UPDATE}/itself", done, this, "an order that was changed", D, "canceled date account"),
        *_after(f"{UPDATE}/older", done, older, "a change, and another of the buyer's orders", I, "dearer canceled"),
        *_after(f"{UPDATE}/refused", refused, this, "a refused change, and the order", O, "canceled name"),
        *_after(f"{UPDATE}/refused-listed", refused, this, "a refused change: the order in the history", O, "line",
                HISTORY),
        *_after(f"{PAY}/itself", done, this, "a new session, and its order", I, "dearer paid line name account date"),
        *_after(f"{PAY}/older", done, older, "a new session, and another of the buyer's orders", I,
                "canceled paid link"),
        *_after(f"{PAY}/others", done, others, "a new session, and the other person's order", I, "canceled paid"),
        *_after(f"{PAY}/refused", refused, this, "a refused session, and the order", I, "canceled paid dearer"),
        *_after("preview_order/older", done, older, "the price is asked, and an order of before", I, "dearer"),
        *_after("auth/older", done, older, "the buyer signs in again, and an order of before", I, "canceled gone"),
        *_after("auth/refused", refused, older, "a wrong password, and an order of that user", I, "canceled"),
        *_after("refresh/older", done, older, "the sign-in is renewed, and an order of before", I, "gone"),
        *_after("logout/older", done, older, "the buyer signs out, and an order of before", I, "canceled"),
        *_after("logout_all/others", done, others, "signing out everywhere, and the other's order", I, "canceled"),
        *_paid(READ, "an order that is paid", "dearer line name account", ORDER),
        (f"{READ}/paid-together", "one order is paid, and so is another of its buyer's", D, "status|isCompleted",
         e.with_paid(BECOMES["paid"][2], ORDER, same_buyer=True)),
        (f"{READ}/paid-for-others", "one order is paid, and so is one of the other person", D, "status|isCompleted",
         e.with_paid(BECOMES["paid"][2], ORDER, same_buyer=False)),
    ]),
    *e.beside("meaning", SESSION, [
        *_session(f"{PAY}/older-session", done, older, "a new session, and that of another order", I,
                "ended link account-id gone"),
        *_session(f"{PAY}/others-session", done, others, "a new session, and the other's", I, "ended gone"),
        *_session(f"{PAY}/later", done, this, "a session, when it is looked up,", O, "expired"),
        *_session(f"{PAY}/refused-session", refused, this, "a refused session, and that of the order", I, "ended gone"),
        *_session(f"{PAY}/card", _card, this, "a session by card, when it is looked up,", D,
                "account-id link type date order amount secret"),
        *_session(f"{CREATE}/older-session", done, older, "a new order, and the session of an older one", I,
                "ended gone"),
        *_session(f"{CREATE}/others-session", done, others, "a new order, and the other person's session", I, "ended"),
        *_session(f"{UPDATE}/older-session", done, older, "a change, and the session of another order", I, "ended"),
        *_session(f"{UPDATE}/refused-session", refused, this, "a refused change, and the order's session", O, "ended"),
        *_session(f"{BY_ID}/again", done, this, "a session that was looked up before", D, "completed date"),
        *_session(f"{LIST}/again", done, this, "a session that was listed before", D, "expired"),
        *_session("auth/older-session", done, older, "the buyer signs in again, and a session of before", I, "ended"),
        *_paid(BY_ID, "a session that is paid", "account-id date order", SESSION),
    ]),
)
# fmt: on
