"""Responses: a field is missing, null, empty or of another type; status or content type is wrong; JSON is broken."""

from operator import itemgetter
from typing import Any

from tools.faults.catalogue.table import catalogued
from tools.faults.messages import Answer


def _as_html(given: Answer) -> Answer:
    return given.with_header("content-type", "text/html; charset=utf-8")


def _old_shape(session: dict[str, Any]) -> dict[str, Any]:
    kept = {name: session[name] for name in ("id", "updatedDate")}
    return kept | {"version": 0, "identifier": "x", "paymentUrl": session["paymentUrl"]}


NAMES: dict[str, Any] = {
    "identifiers": lambda accounts: [each["identifier"] for each in accounts],
    "totals_twice": lambda sent: sent[:1] + b'"totalSum":1,' + sent[1:],
    "two_thirds": lambda sent: sent[: len(sent) * 2 // 3],
    "nothing": lambda _: b"",
    "flat": itemgetter("en_US"),
    "by_language": lambda form: {"en_US": form},
    "items": itemgetter("items"),
    "id_of": itemgetter("id"),
}
FAULTS = catalogued("answers", "answers", {**globals(), **NAMES})
