"""Payment accounts and sessions."""

from datetime import datetime, timedelta
from typing import Any

from oneentry_scenarios.mock_server.clock import iso
from tools.faults.changes import answer, on
from tools.faults.injection import SESSIONS as SESSION_PATH
from tools.faults.injection import MockShop
from tools.faults.members import Edit, records
from tools.faults.messages import Answer, Request, json_answer
from tools.healthy.edits import SESSIONS, SESSIONS_READ, WRITTEN, fields, listing, newest_first
from tools.healthy.shop import catalogued

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


def _later(milliseconds: int) -> Edit:
    """Set the update of a new session to this number of milliseconds after its creation."""

    def updated(session: dict[str, Any]) -> dict[str, Any]:
        moment = datetime.fromisoformat(session["createdDate"]) + timedelta(milliseconds=milliseconds)
        is_new = session["createdDate"] == session["updatedDate"]
        return session | ({"updatedDate": iso(moment)} if is_new else {})

    return updated


async def _amount(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Set the amount to the total of the session's order."""
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


async def _one_waits(request: Request, shop: MockShop) -> Answer | None:
    """Refuse a second session while the first one waits."""
    if request.operation != "create_session":
        return None
    sessions = (await shop.ask(request.to("GET", f"{SESSION_PATH}/order/{request.json['orderId']}"))).json
    is_waiting = isinstance(sessions, list) and any(each["status"] == "waiting" for each in sessions)
    return json_answer(400, {"statusCode": 400, "message": "A payment session exists already"}) if is_waiting else None


def _has_no_session(_: Request, given: Answer, __: MockShop) -> bool:
    return given.is_success and given.json in ([], None)


def _linked(session: dict[str, Any]) -> dict[str, Any]:
    link = f"https://www.paypal.com/checkoutnow?token={session['id']}"
    return session | ({"paymentUrl": link} if session["paymentAccountId"] == 1 else {})


NAMES: dict[str, Any] = {
    "link_later": on(SESSIONS_READ, answer(records(_linked))),
    "with_subscription": listing(lambda every: [SUBSCRIPTION, *newest_first(every)]),
    "newest_or_none": lambda every: newest_first(every)[0] if every else None,
    "or_waiting": lambda status: "waiting" if status == "canceled" else status,
    "updated_40_ms_later": _later(40),
    "updated_350_ms_later": _later(350),
}
SHOPS = catalogued("payments", {**globals(), **NAMES})
