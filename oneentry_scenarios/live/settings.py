"""Who signs in where, and how gently: the project's address, its app token, its test users, and the limits of a run."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oneentry_scenarios.api.transport import CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from oneentry_scenarios.redaction.redactor import Kind, Redactor

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
#: Field of `Limits` -> environment variable.
LIMITS = {
    "connect_timeout": "ONEENTRY_CONNECT_TIMEOUT",
    "read_timeout": "ONEENTRY_READ_TIMEOUT",
    "requests_per_second": "ONEENTRY_REQUESTS_PER_SECOND",
}
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
        settings._check_other_user()
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

    def _check_other_user(self) -> None:
        user, password = VARIABLES["other_user"], VARIABLES["other_password"]
        if bool(self.other_user) != bool(self.other_password):
            raise SettingsError(f"A second test user needs both {user} and {password}; without one, set neither")
        if self.other_user == self.user:
            raise SettingsError(f"{user} should be another user than {VARIABLES['user']}, or be left empty")

    def _check_address(self) -> None:
        address = urlsplit(self.project_url)
        variable = VARIABLES["project_url"]
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SettingsError(f"{variable} should look like https://my-project.oneentry.cloud")
        if address.username or address.path.strip("/") or address.query or address.fragment:
            raise SettingsError(f"{variable} should end after the host: nothing before it, no path, no query")
        if address.scheme == "http" and address.hostname not in _LOOPBACK:
            raise SettingsError(f"{variable} would send passwords unencrypted: it must begin with https://")


@dataclass(frozen=True)
class Limits:
    """How long a run waits for an answer, in seconds, and how many calls a second it makes at most (0: no limit)."""

    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    read_timeout: float = READ_TIMEOUT_SECONDS
    requests_per_second: float = 0.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """Limits for a live run; what is not set stays as it usually is.

        Raises:
            SettingsError: a value is not a number above 0.
        """
        given = {name: environment.get(variable, "").strip() for name, variable in LIMITS.items()}
        return cls(**{name: _above_zero(LIMITS[name], text) for name, text in given.items() if text})


def _above_zero(variable: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise SettingsError(f"{variable} should be a number above 0, such as 2 or 0.5, not {text!r}")
    return number
