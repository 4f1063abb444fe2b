"""Answers: a field is missing, null, of another type or empty; status or content type is wrong; the JSON is broken."""

from tools.faults.catalogue.table import D, I, O, faults, simple
from tools.faults.changes import answer, body, page, put, reply, says, sends
from tools.faults.injection import Change

EMPTY_FORM = says("empty form data section")


def _cut(sent: bytes) -> bytes:
    return sent[: len(sent) * 2 // 3]


def _twice(member: bytes) -> Change:
    return body(lambda sent: sent[:1] + member + b"," + sent[1:])


# A line or two a fault.
# fmt: off
FAULTS = simple("answers") + faults("answers", [
    # Signing in and out
    ("auth/html", "a page for people in place of the sign-in, with success", D, "JSON|content type|text/html",
     page(201, "Welcome")),
    ("auth/unknown-app-html", "an unknown application is refused with a page for people", O,
     "Resource is closed|no message|JSON", page(403, "Forbidden", says("Resource is closed"))),
    # Ordering
    ("get_orders_storage_by_marker/accounts-texts", "the storage's accounts are texts rather than objects", D,
     "paymentAccountIdentifiers",
     answer(put("paymentAccountIdentifiers", lambda accounts: [x["identifier"] for x in accounts]))),
    ("get_all_statuses_by_storage_marker/default-missing", "no status says whether it is the default", D, "isDefault",
     answer(lambda value: [{k: x[k] for k in x if k != "isDefault"} for x in value])),
    ("get_all_statuses_by_storage_marker/none", "the list of statuses is empty", D, "status|default",
     answer(lambda _: [])),
    ("create_order/total-text", "the new order's total is a text rather than a number", D, "totalSum",
     answer(put("totalSum", lambda total: f"{total:.2f}"))),
    ("create_order/total-nan", "the new order's total is NaN, which is no JSON", D, "NaN|JSON|totalSum",
     answer(put("totalSum", float("nan")))),
    ("create_order/total-twice", "the new order has two totals", I, "totalSum", _twice(b'"totalSum":1')),
    ("create_order/form-flat", "the new order's form is not by language", D, "formData",
     answer(put("formData", lambda form: form["en_US"]))),
    ("create_order/content-type", "the new order is JSON but is called text/html", I,
     "content type|content-type|text/html",
     reply(lambda given: given.with_header("content-type", "text/html; charset=utf-8"))),
    ("create_order/cut", "the new order's JSON ends in the middle", D, "JSON", body(_cut)),
    ("get_order_by_marker_and_id/total-number", "the total read back is a number rather than a text", D, "totalSum",
     answer(put("totalSum", float))),
    ("get_order_by_marker_and_id/form-by-language", "the form read back is by language rather than flat", D, "formData",
     answer(put("formData", lambda form: {"en_US": form}))),
    ("get_order_by_marker_and_id/nothing", "reading an order is answered with success and no body", D, "JSON|empty",
     body(lambda _: b"")),
    ("get_all_orders_by_marker/list", "the history is a plain list", D, "items|total|body|object",
     answer(lambda value: value["items"])),
    ("update_order_by_marker_and_id/total-text", "the changed order's total is a text", D, "totalSum",
     answer(put("totalSum", lambda total: f"{total:.2f}"))),
    # Paying
    ("create_session/secret-null", "a new intent has no client secret", D, "clientSecret",
     answer(put("clientSecret", None), when=sends("type", "intent", success=True))),
    ("create_session/old-shape", "the new session has the members of the oldest client's type", D,
     "status|orderId|paymentAccountId",
     answer(lambda x: {"id": x["id"], "updatedDate": x["updatedDate"], "version": 0, "identifier": "x",
                       "paymentUrl": x["paymentUrl"]})),
    ("get_session_by_order_id/ids", "an order's sessions are ids", D, "object|0|body",
     answer(put("0", lambda session: session["id"]))),
    ("get_accounts/identifier-missing", "the accounts have no identifiers", D, "identifier",
     answer(lambda value: [{k: x[k] for k in x if k != "identifier"} for x in value])),
    ("get_accounts/none", "the list of accounts is empty", D, "account", answer(lambda _: [])),
])
# fmt: on
