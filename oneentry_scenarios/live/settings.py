"""The environment of a live run: the project and its test users, the permission to place orders, and the limits."""

import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Self

import httpx

from oneentry_scenarios.api.transport import CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.problem import Problem, messages

message = messages(__file__)
#: Field of `ProjectAndUsers` -> environment variable. The first four are required.
VARIABLES = {each.name: f"ONEENTRY_{each.name.upper()}" for each in fields(ProjectAndUsers)}
#: Must equal the project's host before a live run may place orders, which the API cannot delete.
ALLOW_ORDERS = "ONEENTRY_ALLOW_ORDERS"
_OURS = "ONEENTRY_"
#: dotenv skips a line that it cannot parse, and cuts a value at a #. These patterns reject such lines.
_OUR_LINE = re.compile(rf"\s*(export\s+)?{_OURS}")
_CLEAR_LINE = re.compile(r"""[\w\s]+=(?:\s*(?:'[^']*'|"[^"]*")?\s*|(?!.*\s\#)\s*[^'"\s].*)""")
_HOST = re.compile(r"[\w.:-]+")


def oneentry_variables(root: Path) -> dict[str, str]:
    """Return the ONEENTRY_ variables of the environment and of `.env`; the environment takes precedence.

    Raises Problem: a line of `.env` is ambiguous, or a value contains a character that cannot be sent.
    """
    found = _in_file(root / ".env") | {name: value for name, value in os.environ.items() if name.startswith(_OURS)}
    variables = {name: value.strip() for name, value in found.items()}
    for name, value in variables.items():
        # A header is ASCII; in other values only control characters and lone surrogates cannot be sent.
        wrong = re.search("[^ -~]" if name == VARIABLES["app_token"] else r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value)
        if wrong:
            shown = f"character {wrong.start() + 1} is {unicodedata.name(wrong[0], f'U+{ord(wrong[0]):04X}')}"
            raise Problem(f"{name}: {shown}, which cannot be sent. Copy the value again")
    return variables


def _in_file(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values  # imported here because nothing else reads .env

    try:
        text = path.read_text(encoding="utf-8-sig")
        if "\0" in text:  # ASCII text saved as UTF-16
            raise ValueError
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Problem(f".env cannot be read: {error.strerror}") from None
    except ValueError:
        raise Problem(".env is not UTF-8 text. Save it as UTF-8") from None
    for number, line in enumerate(text.splitlines(), 1):
        if _OUR_LINE.match(line) and not _CLEAR_LINE.fullmatch(line):
            value = line.partition("=")[2]
            problem = "has a # outside quotes" if "#" in value else "is not NAME=value"
            if value.lstrip()[:1] in ("'", '"'):
                problem = "has an unclosed quote, or text after the closing one"
            raise Problem(message("ambiguous-line", number=number, problem=problem))
    values = dotenv_values(stream=StringIO(text), interpolate=False)
    return {name: value or "" for name, value in values.items() if name.startswith(_OURS)}


def settings_from(variables: Mapping[str, str], *, may_order: bool = True) -> ProjectAndUsers:
    """Return the settings; raises Problem if one is missing or invalid, or if orders are not allowed (`may_order`)."""
    values = {name: variables.get(variable, "") for name, variable in VARIABLES.items()}
    missing = [variable for name, variable in list(VARIABLES.items())[:4] if not values[name]]
    if missing:
        raise Problem(message("settings-missing", missing=", ".join(missing)))
    values["project_url"] = _address(values["project_url"])
    settings = ProjectAndUsers(**values)
    user, password = VARIABLES["other_user"], VARIABLES["other_password"]
    if bool(settings.other_user) != bool(settings.other_password):
        raise Problem(f"A second test user needs both {user} and {password}. Set both or neither")
    if settings.other_user == settings.user:
        raise Problem(f"{user} must not be the same user as {VARIABLES['user']}. Name another user, or leave it empty")
    if not may_order:
        return settings
    scheme = settings.project_url.partition(":")[0]
    with suppress(Problem):
        if _address(f"{scheme}://{variables.get(ALLOW_ORDERS, '')}") == settings.project_url:
            return settings
    raise Problem(message("orders-not-allowed", variable=ALLOW_ORDERS, host=settings.host))


def _address(url: str) -> str:
    """Return the project's address in the normal form that the order guard, requests and redaction use."""
    variable = VARIABLES["project_url"]
    try:
        address = httpx.URL(str(httpx.URL(url)))  # twice: it removes the default port of a lower-case scheme only
        address.raw_host.decode().encode("idna")  # the name that Python looks up
        is_sound = address.scheme in ("http", "https") and _HOST.fullmatch(address.host)
        if not is_sound or not 0 < (1 if address.port is None else address.port) < 65536:
            raise ValueError
    except (httpx.InvalidURL, ValueError):
        raise Problem(f"{variable} should look like https://my-project.oneentry.cloud") from None
    if address.userinfo or address.path.strip("/") or address.query or address.fragment:
        raise Problem(f"{variable} must end after the host (and port), without user name, path, query or fragment")
    if address.scheme == "http" and address.host not in ("127.0.0.1", "::1", "localhost"):
        raise Problem(f"{variable} would send passwords unencrypted. Begin it with https://")
    return f"{address.scheme}://{address.netloc.decode().lower()}"


@dataclass(frozen=True)
class Limits:
    """Seconds to wait for a connection and for a whole response, and requests per second (by default no limit)."""

    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    read_timeout: float = READ_TIMEOUT_SECONDS
    requests_per_second: float = 0.0

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Return the limits of a live run, with defaults for those not set; raises Problem if one is out of range."""
        return cls(**{name: _number(each, text) for name, each in LIMITS.items() if (text := variables.get(each))})


#: Field of `Limits` -> environment variable.
LIMITS = {each.name: f"ONEENTRY_{each.name.upper()}" for each in fields(Limits)}


def _number(variable: str, text: str) -> float:
    with suppress(ValueError):
        if 0.001 <= (number := float(text)) <= 86400:
            return number
    raise Problem(f"{variable} should be a number from 0.001 to 86400, for example 2 or 0.5, not {text!r}")
