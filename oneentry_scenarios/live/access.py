"""How a live run reaches its project, and what it means when a call is refused there."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.live.settings import LIMITS, UNUSABLE, Limits
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor

#: The API limits how often it is called (documented).
TOO_MANY_CALLS = 429
_RULES = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))["rules"]


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

    def explained(self, refusal: Refused, call: str, **facts: str) -> tuple[str, bool]:
        """What a refusal means to the person who set the environment, and whether any call would be refused.

        `refusals.toml` says it, and what a `call` is; `facts` are put in. Empty if it was refused for what it asked.
        """
        request = refusal.exchange.request
        asked = {"call": call, "status": str(refusal.status), "reason": refusal.reason}
        known = {
            "made": f"{request.method} {urlsplit(request.url).path}",
            "said": f"{refusal.status} {refusal.reason}",
            "host": self.settings.host,
            "slower": self.slower(),
        }
        for rule in _RULES:
            if all(re.search(rule.get(key, ""), value) for key, value in asked.items()):
                return rule["text"].format(**known | facts), "stops" in rule
        return "", False
