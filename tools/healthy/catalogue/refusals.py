"""How a shop says no: status and words where nobody has seen them, and the shape of what it says."""

from typing import Any

from tools.faults.catalogue.protection import ANONYMOUS
from tools.faults.catalogue.refusals import PERMISSION
from tools.faults.changes import When, answer, error, on, put, refuses, reply, says
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request, json_answer
from tools.healthy.edits import NOT_FOUND, is_not_observed, with_status
from tools.healthy.shop import D, O, P, ShopLine, shops

WRONG_PASSWORD = says("Wrong password")
RULES = "SDK rules, forms.md"
GAP = "facts 2.3: not documented"
OF_ANOTHER = "facts 2.2: another user's order is not documented"
REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 422: "Unprocessable Entity"}


def _told(body: dict[str, Any]) -> dict[str, Any]:
    return {
        **body,
        "error": REASONS.get(body["statusCode"], "Error"),
        "timestamp": "2026-11-24T12:00:00.000Z",
        "pageData": {"id": 3, "pageUrl": "sorry", "localizeInfos": {"en_US": {"title": "Sorry"}}},
        "localizeMessage": {"en_US": body["message"]},
    }


def _status(code: int) -> When:
    return lambda _, given, __: given.status == code


def _wrong_password(code: int, words: str) -> ShopLine:
    title = f"a wrong password is refused with {code}"
    return f"refused/wrong-password-{code}", title, P, GAP, on("auth", error(code, words, WRONG_PASSWORD))


def _unknown(code: int) -> ShopLine:
    title = f"unknown orders, storages, products, kinds and quantities are refused with {code}"
    return f"refused/unknown-{code}", title, P, GAP, with_status(code, is_not_observed)


async def _no_sessions(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    return json_answer(200, []) if NOT_FOUND(request, given, shop) else None


# fmt: off
SHOPS = shops([
    ("words/no-full-stop", "no message ends with a full stop", P, "issue 15: exact words except final punctuation",
     answer(put("message", lambda text: text.rstrip(".")), when=refuses)),
    ("words/full-stop", "every message ends with a full stop", P, "issue 15: exact words except final punctuation",
     answer(put("message", lambda text: text.rstrip(".") + "."), when=refuses)),
    ("words/capital", "every message begins with a capital letter", P, "issue 15: exact words except case",
     answer(put("message", lambda text: text[:1].upper() + text[1:]), when=refuses)),
    ("words/list", "the message is a list of one text", D, RULES,
     answer(put("message", lambda text: [text]), when=refuses)),
    ("words/more-fields", "refusals have error, timestamp, pageData and localizeMessage", D,
     "SDK, base/utils.d.ts and ErrorSchema; Kotlin client; Swift client, OneEntryError", answer(_told, when=refuses)),
    ("words/closed-message-only", "an unknown application is refused with a message and nothing else", O,
     "platform rules, content API reads",
     reply(lambda _: json_answer(403, {"message": "Resource is closed"}), says("Resource is closed"))),
    ("words/unauthorized", "every 401 says only Unauthorized", P, GAP, error(401, "Unauthorized", _status(401))),
    _wrong_password(400, "Incorrect login or password"),
    _wrong_password(404, "User not found"),
    _unknown(400),
    _unknown(404),
    ("refused/visitor-403", "what needs a user is not granted to visitors: 403", O,
     "restaurant demo, ONEENTRY-ADMIN-TODO.md: a route not granted to the group",
     error(403, PERMISSION, ANONYMOUS)),
    ("others/403", "another customer's order and sessions are refused with 403", P, OF_ANOTHER,
     error(403, "Forbidden resource", NOT_FOUND)),
    ("others/404", "another customer's order and sessions are refused with 404, in other words", P, OF_ANOTHER,
     error(404, "There is no such order", NOT_FOUND)),
    ("others/no-sessions", "the sessions of another customer's order are an empty list", P, "facts 8.4",
     on("get_session_by_order_id", Change(after=_no_sessions))),
])
# fmt: on
