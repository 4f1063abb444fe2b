"""Payment accounts and sessions."""

from datetime import datetime, timedelta
from typing import Any

from oneentry_scenarios.mock_server.clock import iso
from tools.faults.changes import answer, on, reply
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request, json_answer
from tools.healthy.edits import (
    SESSIONS,
    SESSIONS_READ,
    WRITTEN,
    fields,
    listing,
    newest_first,
    oldest_first,
    records,
    without,
)
from tools.healthy.shop import D, HealthyShop, O, P, shops

BY_ORDER = "get_session_by_order_id"
NO_SESSION = json_answer(404, {"statusCode": 404, "message": "Payment session not found"})
#: A paid subscription of the user, older than any order of a run.
SUBSCRIPTION = {
    "id": 1,
    "createdDate": "2026-01-05T10:00:00.000Z",
    "updatedDate": "2026-01-05T10:02:11.000Z",
    "type": "session",
    "status": "completed",
    "paymentAccountId": 2,
    "orderId": None,
    "amount": 12,
    "paymentUrl": "https://checkout.stripe.com/c/pay/cs_subscription",
    "subscriptionId": 3,
}
CONNECTED = {
    "status": "connected",
    "cancelUrl": "https://shop.example.org/cancel",
    "successUrl": "https://shop.example.org/success",
    "sessionTimeout": 30,
    "stripeAccountId": "acct_1",
    "stripeOnboardingComplete": True,
    "useWebHookValidation": False,
}


def _later(milliseconds: int) -> Any:
    """The date of a session's last update, if it was opened and nothing has happened since."""

    def updated(session: dict[str, Any]) -> str:
        created, last = session["createdDate"], session["updatedDate"]
        moment = datetime.fromisoformat(created) + timedelta(milliseconds=milliseconds)
        return iso(moment) if created == last else str(last)

    return updated


async def _amount(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """The amount is the total of the session's order."""
    totals = {
        each.json["id"]: each.json["totalSum"]
        for asked, each in shop.passed
        if asked.operation in WRITTEN.split("|") and each.is_success
    }
    return await fields(SESSIONS, amount=lambda session: totals.get(session["orderId"])).after(request, given, shop)


def _test_mode(account: dict[str, Any]) -> dict[str, Any]:
    if account["type"] != "stripe":
        return account
    return account | {"settings": {"status": "not_connected"}, "testSettings": CONNECTED, "testMode": True}


def _has_no_session(_: Request, given: Answer, __: MockShop) -> bool:
    return given.is_success and given.json in ([], None)


# fmt: off
SHOPS = shops([
    ("accounts/test-mode", "a card account in test mode: settings not_connected, testSettings connected", O,
     "restaurant demo, ONEENTRY-ADMIN-TODO.md (2026-05, 2026-06), tests/integration (live)",
     on("get_accounts|get_account_by_id", answer(records(_test_mode)))),
    ("accounts/fewest-fields", "accounts say only what the oldest client needs", D, "Swift client (2024)",
     without("get_accounts|get_account_by_id", "isUsed", "testMode", "settings", "testSettings", "updatedDate")),
    ("sessions/subscription", "the list of sessions begins with a subscription, which has no order", P,
     "facts 8.4; onboarding: subscriptionId",
     on("get_sessions", listing(lambda every: [SUBSCRIPTION, *newest_first(every)]))),
    HealthyShop("sessions/oldest-first", "an order's sessions come oldest first", D, "SDK, PaymentSession[]",
                on(BY_ORDER, answer(lambda every: oldest_first(every))), unseen="few scenarios open two"),
    ("sessions/none-404", "an order without a session is answered with 404", P, "facts 8.4",
     on(BY_ORDER, reply(lambda _: NO_SESSION, _has_no_session))),
    ("sessions/object", "an order's session is an object, and null if there is none", D,
     "SDK 1.0.115, README; docs in seven languages",
     on(BY_ORDER, answer(lambda every: newest_first(every)[0] if every else None))),
    ("sessions/updated-later", "a new session was updated 40 ms after it was created", P, "facts 8.4",
     fields(SESSIONS, updatedDate=_later(40))),
    ("sessions/updated-moves-on", "a session is updated between opening and reading it", P, "facts 8.4",
     fields(SESSIONS_READ, updatedDate=_later(350))),
    ("sessions/amount-on-read", "the amount of a session is there when it is read", P, "facts 8.4",
     on(SESSIONS_READ, Change(after=_amount))),
    ("sessions/amount", "a session has an amount from the start", D, "onboarding, 12-payments",
     on(SESSIONS, Change(after=_amount))),
    ("sessions/no-amount", "sessions have no amount", D, "SDK PaymentSessionSchema: optional",
     without(SESSIONS, "amount")),
])
# fmt: on
