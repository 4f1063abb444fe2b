"""Who signs in where: the project's address, its app token and its test users."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from support.redaction import Kind, Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Field of `Settings` -> environment variable. The first four are required.
VARIABLES = {
    "project_url": "ONEENTRY_PROJECT_URL",
    "app_token": "ONEENTRY_APP_TOKEN",
    "user": "ONEENTRY_USER",
    "password": "ONEENTRY_PASSWORD",
    "other_user": "ONEENTRY_OTHER_USER",
    "other_password": "ONEENTRY_OTHER_PASSWORD",
}
REQUIRED = ("project_url", "app_token", "user", "password")
#: Must name the project's host before a live run may place orders, which the API cannot delete.
ALLOW_ORDERS = "ONEENTRY_ALLOW_ORDERS"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """The environment does not say what a live run needs to know; names each variable and what to put there."""


@dataclass(frozen=True)
class Settings:
    """A project and its test users. Without `other_user`, scenarios with a second person cannot run."""

    project_url: str
    app_token: str = field(repr=False)
    user: str
    password: str = field(repr=False)
    other_user: str = ""
    other_password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings for a live run.

        Raises:
            SettingsError: a variable is missing, the address is unsafe, or orders are not allowed there.
        """
        values = {name: environment.get(variable, "").strip() for name, variable in VARIABLES.items()}
        missing = [VARIABLES[name] for name in REQUIRED if not values[name]]
        if missing:
            raise SettingsError(
                "A live run needs to know your project. Missing: "
                + ", ".join(missing)
                + ". Set them in the environment or in .env (see .env.example)."
            )
        settings = cls(**values)
        settings._check_address()
        if environment.get(ALLOW_ORDERS, "").strip() != settings.host:
            raise SettingsError(
                f"A live run places real orders, and the API cannot delete them. To allow it for this project, set "
                f"{ALLOW_ORDERS}={settings.host}"
            )
        return settings

    @property
    def host(self) -> str:
        """Host of the project's address, and its port if one is given."""
        return urlsplit(self.project_url).netloc

    def learn(self, redactor: Redactor) -> None:
        """Make all that is secret or private known to `redactor`, always in the same order."""
        redactor.learn(self.host, Kind.HOST)
        redactor.learn(self.app_token, Kind.APP_TOKEN)
        for user, password in ((self.user, self.password), (self.other_user, self.other_password)):
            redactor.learn(user, Kind.EMAIL if "@" in user else Kind.LOGIN)
            redactor.learn(password, Kind.PASSWORD)

    def redacted(self, redactor: Redactor) -> Settings:
        """The same with placeholders: what a cassette keeps, and replay signs in with."""
        self.learn(redactor)
        placeholders = {name: redactor.known(value) for name, value in asdict(self).items()}
        return Settings(**placeholders | {"project_url": redactor.url(self.project_url)})

    def _check_address(self) -> None:
        address = urlsplit(self.project_url)
        variable = VARIABLES["project_url"]
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SettingsError(f"{variable} should look like https://my-project.oneentry.cloud")
        if address.username or address.path.strip("/") or address.query or address.fragment:
            raise SettingsError(f"{variable} should end after the host: nothing before it, no path, no query")
        if address.scheme == "http" and address.hostname not in _LOOPBACK:
            raise SettingsError(f"{variable} would send passwords unencrypted: it must begin with https://")
