"""Refusals: statuses and messages that are not observed, and the format of refusals."""

from typing import Any

from tools.faults.injection import MockShop
from tools.faults.messages import Answer, Request, json_answer
from tools.healthy.edits import is_not_observed, with_status
from tools.healthy.shop import catalogued

REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 422: "Unprocessable Entity"}


def _told(body: dict[str, Any]) -> dict[str, Any]:
    return {
        **body,
        "error": REASONS.get(body["statusCode"], "Error"),
        "timestamp": "2026-11-24T12:00:00.000Z",
        "pageData": {"id": 3, "pageUrl": "sorry", "localizeInfos": {"en_US": {"title": "Sorry"}}},
        "localizeMessage": {"en_US": body["message"]},
    }


def _unauthorized(_: Request, given: Answer, __: MockShop) -> bool:
    return given.status == 401


NAMES: dict[str, Any] = {
    "no_full_stop": lambda text: text.rstrip("."),
    "full_stop": lambda text: text.rstrip(".") + ".",
    "capital": lambda text: text[:1].upper() + text[1:],
    "list_of_one": lambda text: [text],
    "message_only": lambda _: json_answer(403, {"message": "Resource is closed"}),
    "unknown_400": with_status(400, is_not_observed),
    "unknown_404": with_status(404, is_not_observed),
    "no_sessions": lambda _: json_answer(200, []),
}
SHOPS = catalogued("refusals", {**globals(), **NAMES})
