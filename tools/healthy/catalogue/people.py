"""Sign-ins, sign-outs, providers and devices."""

import json
from typing import Any

from tools.faults.injection import PASSWORDS, MockShop, sign_in_data
from tools.faults.messages import Answer, Request
from tools.healthy.shop import catalogued


def counters_as_text(config: dict[str, Any]) -> dict[str, str | None]:
    """Return counters as texts, as some clients expect them."""
    return {name: None if value is None else str(value) for name, value in config.items()}


async def _also_elsewhere(request: Request, shop: MockShop) -> Answer | None:
    """Sign the user in on a second device, a browser, at each sign-in."""
    if request.operation != "auth":
        return None
    right = [user for user, password in PASSWORDS.items() if request.json == sign_in_data(user, password)]
    if not right:
        return None
    device = {"fingerprint": "UQ_browser", "deviceInfo": {"os": "Windows", "browser": "Firefox", "location": "de-DE"}}
    await shop.ask(request.with_headers(x_device_metadata=json.dumps(device)))
    return await shop.ask(request)


SHOPS = catalogued("people", globals())
