"""Signing in and out, and what a shop says of its providers and devices."""

import json
from typing import Any

from tools.faults.changes import answer, on, status
from tools.faults.injection import PASSWORDS, Change, MockShop, sign_in_data
from tools.faults.messages import Answer, Request
from tools.healthy.edits import fields
from tools.healthy.shop import D, O, P, shops

NOT_SEEN = "facts 1.1: no recording; another status than 201 is not excluded"
SIGN_OUT = "logout|logout_all"
ELSEWHERE = "UQ_browser"


def _counters_as_text(provider: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in provider["config"].items()}


async def _also_elsewhere(request: Request, shop: MockShop) -> Answer | None:
    """Whoever signs in is signed in in a browser, too, and stays so."""
    if request.operation != "auth":
        return None
    right = [user for user, password in PASSWORDS.items() if request.json == sign_in_data(user, password)]
    if not right:
        return None
    device = {"fingerprint": ELSEWHERE, "deviceInfo": {"os": "Windows", "browser": "Firefox", "location": "de-DE"}}
    await shop.ask(request.with_headers(x_device_metadata=json.dumps(device)))
    return await shop.ask(request)


# fmt: off
SHOPS = shops([
    ("sign-in/status-200", "signing in and renewing are answered with 200", P, NOT_SEEN,
     on("auth|refresh", status(200))),
    ("sign-out/status-200", "signing out is answered with 200", P, NOT_SEEN, on(SIGN_OUT, status(200))),
    ("sign-out/success", 'signing out is answered with {"success": true}', D, "SDK, the schema of logout",
     on(SIGN_OUT, answer(lambda _: {"success": True}))),
    ("sign-out/object", "signing out is answered with an object that names neither", P,
     "facts 8.4: the SDK passes on any body", on(SIGN_OUT, answer(lambda _: {"message": "Logged out"}))),
    ("devices/elsewhere", "both users are also signed in in a browser", O, "platform rules, what a fingerprint decides",
     Change(instead=_also_elsewhere)),
    ("providers/counters", "the counters of a provider are texts", D, "SDK, auth provider schema",
     fields("get_auth_providers|get_auth_provider_by_marker", config=_counters_as_text)),
    ("user/groups", "a user is in several groups, and has a rating", D, "docs, users/getUser; restaurant demo C.1.4",
     fields("get_user", groups=[1, 2, 7], rating={"value": 0, "like": 0, "dislike": 0}, state={"cart": []})),
])
# fmt: on
