"""Who signs in where: the project's address, its app token and its test users."""

import re
from dataclasses import asdict, dataclass, field
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator

from oneentry_scenarios.redaction.placeholders import Kind
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile


def address(url: str) -> str:
    """`url`; raises ValueError if it is none of HTTP with a host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("should be an address that begins with http")
    return url


@dataclass(frozen=True)
class Settings:
    """A project and its test users. Without `other_user`, scenarios with a second person cannot run."""

    project_url: Annotated[str, AfterValidator(address)]
    app_token: str = field(repr=False)
    user: str
    password: str = field(repr=False)
    other_user: str = ""
    other_password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """Host of the project's address, and its port if one is given."""
        return urlsplit(self.project_url).netloc

    def learn(self, redactor: Redactor, profile: Profile) -> None:
        """Make all that is secret or private known to `redactor`, always in the same order; and words of the shop."""
        words = dict.fromkeys(re.findall(r'"([^"]+)"', profile.model_dump_json()))
        fields = {profile.sign_in.password_field: Kind.PASSWORD, profile.orders.name_field: Kind.NAME}
        redactor.learn_markers(words | fields)
        redactor.learn(self.host, Kind.HOST)
        if "xn--" in self.host:  # a server may write its name in its own letters, too
            from httpx import URL

            labels = self.host.partition(":")[0].split(".")
            redactor.learn(".".join(URL(f"//{label}").host for label in labels), Kind.HOST)
        redactor.learn(self.app_token, Kind.APP_TOKEN)
        for user, password in ((self.user, self.password), (self.other_user, self.other_password)):
            redactor.learn(user, Kind.EMAIL if "@" in user else Kind.LOGIN)
            redactor.learn(password, Kind.PASSWORD)

    def redacted(self, redactor: Redactor) -> Self:
        """The same with placeholders: what a cassette keeps, and replay signs in with."""
        placeholders = {name: redactor.known(value) for name, value in asdict(self).items()}
        return type(self)(**placeholders | {"project_url": redactor.string(self.project_url)})
