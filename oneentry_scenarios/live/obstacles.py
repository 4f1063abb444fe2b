"""What stops any call, whatever it asks: throttling, a gateway that fails, a missing permission. Not wrong settings."""

import re
from urllib.parse import urlsplit

from oneentry_scenarios.api.errors import NO_MESSAGE, OneEntryError, Refused
from oneentry_scenarios.live.settings import LIMITS, Limits

#: The API limits how often it is called (documented).
TOO_MANY_CALLS = 429
VISITORS = "visitors"
# Observed: "Permission data not found...", "User doesn't have permissions..."; the others are the framework's.
_NOT_GRANTED = re.compile("permission|forbidden|resource is closed", re.IGNORECASE)
_NOT_SETTINGS = "Neither the environment nor the profile is the cause."


class Stopped(OneEntryError):
    """The project has answered 429, so the run makes no more calls. Nothing was sent."""


def slower(limits: Limits) -> str:
    """The setting that helps against 429."""
    return f"{LIMITS['requests_per_second']}={limits.requests_per_second / 2 or 2:g}"


def obstacle(refusal: Refused, host: str, limits: Limits, who: str) -> str | None:
    """What stopped this call of `who` at `host`, and what to do; `None` if it was refused for what it asked."""
    request = refusal.exchange.request
    call = f"{request.method} {urlsplit(request.url).path}"
    said = f"{refusal.status}" if refusal.reason == NO_MESSAGE else f"{refusal.status} {refusal.reason}"
    if refusal.status == TOO_MANY_CALLS:
        return (
            f"{host} limits how often it is called: {call} was answered with {said}. {_NOT_SETTINGS} "
            f"Wait a minute, then make fewer calls a second: {slower(limits)}"
        )
    if refusal.status >= 500:
        return (
            f"{host}, or a gateway in front of it, fails: {call} was answered with {said}. {_NOT_SETTINGS} "
            "Try again in a few minutes; if it stays so, see in the admin panel whether the project runs"
        )
    if refusal.status == 403 and _NOT_GRANTED.search(refusal.reason):
        group = "the group of visitors" if who == VISITORS else "this user's group"
        return (
            f"{host}: {who} may not call {call} ({said}). It is a missing permission, and no wrong password. "
            f"Grant it in the admin panel, in the permissions of {group}; it can take some minutes to work"
        )
    return None
