"""Answers: a field is missing, null, of another type or empty; status or content type is wrong; the JSON is broken."""

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import answer, body, page, put, reply, says, sends
from tools.faults.injection import Change

EMPTY_FORM = says("empty form data section")


def _cut(sent: bytes) -> bytes:
    return sent[: len(sent) * 2 // 3]


def _twice(member: bytes) -> Change:
    return body(lambda sent: sent[:1] + member + b"," + sent[1:])


CHANGES: dict[str, Change] = {
    # Signing in and out
    "auth/html": page(201, "Welcome"),
    "auth/unknown-app-html": page(403, "Forbidden", says("Resource is closed")),
    # Ordering
    "get_orders_storage_by_marker/accounts-texts": answer(
        put("paymentAccountIdentifiers", lambda accounts: [x["identifier"] for x in accounts])
    ),
    "get_all_statuses_by_storage_marker/default-missing": answer(
        lambda value: [{k: x[k] for k in x if k != "isDefault"} for x in value]
    ),
    "get_all_statuses_by_storage_marker/none": answer(lambda _: []),
    "create_order/total-text": answer(put("totalSum", lambda total: f"{total:.2f}")),
    "create_order/total-nan": answer(put("totalSum", float("nan"))),
    "create_order/total-twice": _twice(b'"totalSum":1'),
    "create_order/form-flat": answer(put("formData", lambda form: form["en_US"])),
    "create_order/content-type": reply(lambda given: given.with_header("content-type", "text/html; charset=utf-8")),
    "create_order/cut": body(_cut),
    "get_order_by_marker_and_id/total-number": answer(put("totalSum", float)),
    "get_order_by_marker_and_id/form-by-language": answer(put("formData", lambda form: {"en_US": form})),
    "get_order_by_marker_and_id/nothing": body(lambda _: b""),
    "get_all_orders_by_marker/list": answer(lambda value: value["items"]),
    "update_order_by_marker_and_id/total-text": answer(put("totalSum", lambda total: f"{total:.2f}")),
    # Paying
    "create_session/secret-null": answer(put("clientSecret", None), when=sends("type", "intent", success=True)),
    "create_session/old-shape": answer(
        lambda x: {
            "id": x["id"],
            "updatedDate": x["updatedDate"],
            "version": 0,
            "identifier": "x",
            "paymentUrl": x["paymentUrl"],
        }
    ),
    "get_session_by_order_id/ids": answer(put("0", lambda session: session["id"])),
    "get_accounts/identifier-missing": answer(lambda value: [{k: x[k] for k in x if k != "identifier"} for x in value]),
    "get_accounts/none": answer(lambda _: []),
}
FAULTS = catalogued("answers", "answers", CHANGES)
