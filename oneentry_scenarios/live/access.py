"""How a live run reaches its project, and what stops any call there, whatever it asks."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import NO_MESSAGE, OneEntryError, Refused
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.live.settings import LIMITS, UNUSABLE, Limits
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor

#: The API limits how often it is called (documented).
TOO_MANY_CALLS = 429
VISITORS = "visitors"
# Observed: "Permission data not found...", "User doesn't have permissions..."; the others are the framework's.
_NOT_GRANTED = re.compile("permission|forbidden|resource is closed", re.IGNORECASE)
_NOT_SETTINGS = "Neither the environment nor the profile is the cause."


class Throttled(OneEntryError):
    """The project has answered 429, so the run makes no more calls. Nothing was sent."""


@dataclass(frozen=True)
class Access:
    """A project with these settings; raises Problem if no client can be made with what is set."""

    settings: Settings
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Make a client once."""
        try:
            OneEntry(self.client_config(MessageRedactor(Redactor()))).close()
        except tuple(UNUSABLE) as error:
            raise Problem(next(text for kind, text in UNUSABLE.items() if isinstance(error, kind))) from None

    def client_config(self, message_redactor: MessageRedactor) -> ClientConfig:
        """How to call the project."""
        return ClientConfig(
            self.settings.project_url,
            self.settings.app_token,
            connect_timeout=self.limits.connect_timeout,
            read_timeout=self.limits.read_timeout,
            # Not to one's own machine: without encryption, the proxy would read the app token and the passwords.
            uses_proxy_variables=self.settings.project_url.startswith("https://"),
            message_redactor=message_redactor,
        )

    def slower(self) -> str:
        """The setting that helps against 429."""
        return f"{LIMITS['requests_per_second']}={self.limits.requests_per_second / 2 or 2:g}"

    def obstacle(self, refusal: Refused, who: str) -> str | None:
        """What stopped this call of `who`, and what to do: throttling, a gateway that fails, a missing permission.

        `None` if it was refused for what it asked.
        """
        host, request = self.settings.host, refusal.exchange.request
        call = f"{request.method} {urlsplit(request.url).path}"
        said = f"{refusal.status}" if refusal.reason == NO_MESSAGE else f"{refusal.status} {refusal.reason}"
        if refusal.status == TOO_MANY_CALLS:
            return (
                f"{host} limits how often it is called: {call} was answered with {said}. {_NOT_SETTINGS} "
                f"Wait a minute, then make fewer calls a second: {self.slower()}"
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
