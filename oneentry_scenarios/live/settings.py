"""The environment of a live run: the project and its test users, the permission to order, and the limits of the run."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from oneentry_scenarios.api.transport import CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from oneentry_scenarios.cassettes.settings import Settings

#: Field of `Settings` -> environment variable. The first four are required.
VARIABLES = {each.name: f"ONEENTRY_{each.name.upper()}" for each in fields(Settings)}
#: Must name the project's host before a live run may place orders, which the API cannot delete.
ALLOW_ORDERS = "ONEENTRY_ALLOW_ORDERS"


class SettingsError(Exception):
    """The environment lacks what a live run needs; names each variable and what to put there."""


def environment(root: Path) -> dict[str, str]:
    """The environment, completed from `.env`, which only live runs read."""
    from dotenv import dotenv_values  # only here: nothing else reads .env

    return {name: value or "" for name, value in dotenv_values(root / ".env").items()} | os.environ


def settings_from(variables: Mapping[str, str]) -> Settings:
    """Settings for a live run. Raises SettingsError: one is missing, the address unsafe, or orders not allowed."""
    values = {name: variables.get(variable, "").strip() for name, variable in VARIABLES.items()}
    missing = [variable for name, variable in list(VARIABLES.items())[:4] if not values[name]]
    if missing:
        raise SettingsError(
            f"A live run needs to know your project. Missing: {', '.join(missing)}. "
            "Set them in the environment or in .env (see .env.example)."
        )
    settings = Settings(**values)
    _check_address(settings.project_url)
    user, password = VARIABLES["other_user"], VARIABLES["other_password"]
    if bool(settings.other_user) != bool(settings.other_password):
        raise SettingsError(f"A second test user needs both {user} and {password}; without one, set neither")
    if settings.other_user == settings.user:
        raise SettingsError(f"{user} should be another user than {VARIABLES['user']}, or be left empty")
    if variables.get(ALLOW_ORDERS, "").strip() != settings.host:
        raise SettingsError(
            f"A live run places real orders, and the API cannot delete them. To allow it for this project, set "
            f"{ALLOW_ORDERS}={settings.host}"
        )
    return settings


def _check_address(url: str) -> None:
    address = urlsplit(url)
    variable = VARIABLES["project_url"]
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError(f"{variable} should look like https://my-project.oneentry.cloud")
    if address.username or address.path.strip("/") or address.query or address.fragment:
        raise SettingsError(f"{variable} should end after the host: nothing before it, no path, no query")
    if address.scheme == "http" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise SettingsError(f"{variable} would send passwords unencrypted: it must begin with https://")


@dataclass(frozen=True)
class Limits:
    """How long a run waits for a response, in seconds, and how many calls a second it makes at most (0: no limit)."""

    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    read_timeout: float = READ_TIMEOUT_SECONDS
    requests_per_second: float = 0.0

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Limits for a live run, the default where none is set; raises SettingsError if one is no number above 0."""
        given = {name: variables.get(variable, "").strip() for name, variable in LIMITS.items()}
        return cls(**{name: _above_zero(LIMITS[name], text) for name, text in given.items() if text})


#: Field of `Limits` -> environment variable.
LIMITS = {each.name: f"ONEENTRY_{each.name.upper()}" for each in fields(Limits)}


def _above_zero(variable: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise SettingsError(f"{variable} should be a number above 0, such as 2 or 0.5, not {text!r}")
    return number
