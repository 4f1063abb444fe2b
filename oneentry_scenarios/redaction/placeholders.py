"""Placeholders: of the shape of the secret that they replace, numbered, and recognised when they are met again."""

import base64
import functools
import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a redacted value was; the placeholder says so."""

    APP_TOKEN = "app-token"  # noqa: S105  (names of kinds, no secrets)
    ACCESS_TOKEN = "access-token"  # noqa: S105
    REFRESH_TOKEN = "refresh-token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    CLIENT_SECRET = "client-secret"  # noqa: S105
    CHECKOUT_LINK = "checkout-link"
    SECRET = "secret"  # noqa: S105
    HOST = "host"
    EMAIL = "e-mail"
    LOGIN = "login"


#: Kept out of files, allowed in the terminal. All other kinds are secrets and allowed nowhere.
PRIVATE = frozenset({Kind.HOST, Kind.EMAIL, Kind.LOGIN})


_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
_PLACEHOLDER = re.compile(
    r"redacted-(?P<kind>[a-z-]+?)-(?P<number>\d+)"
    r"|0{13}-00000000-0000-4000-8000-(?P<refresh>\d{12})"
    r"|pi_redacted_secret_(?P<client>\d+)"
    r"|https?://checkout\.redacted\.invalid/(?P<link>\d+)"
    r"|person-(?P<email>\d+)@redacted\.invalid"
    r"|(?P<host>project\.redacted\.invalid)"
)
_GROUP_KINDS = {
    "refresh": Kind.REFRESH_TOKEN,
    "client": Kind.CLIENT_SECRET,
    "link": Kind.CHECKOUT_LINK,
    "email": Kind.EMAIL,
    "host": Kind.HOST,
}
PLACEHOLDER_HOST = "project.redacted.invalid"

_MAKERS: dict[Kind, Callable[[str, int], str]] = {
    Kind.REFRESH_TOKEN: lambda _, number: f"{0:013d}-00000000-0000-4000-8000-{number:012d}",
    Kind.CLIENT_SECRET: lambda _, number: f"pi_redacted_secret_{number}",
    # The scheme stays, so that replay can still tell a link that is not https.
    Kind.CHECKOUT_LINK: lambda value, number: (
        f"{scheme}://checkout.redacted.invalid/{number}"
        if (scheme := value.partition("://")[0]) in ("http", "https")
        else f"redacted-{Kind.CHECKOUT_LINK}-{number}"
    ),
    Kind.EMAIL: lambda _, number: f"person-{number}@redacted.invalid",
    Kind.HOST: lambda _value, _number: PLACEHOLDER_HOST,
}


def make(value: str, kind: Kind, number: int) -> str:
    """The placeholder number `number` of a `kind`, shaped like `value`. For JSON Web Tokens see `make_token`."""
    maker = _MAKERS.get(kind)
    return maker(value, number) if maker else f"redacted-{kind}-{number}"


def make_token(kind: Kind, number: int, claims: Mapping[str, Any]) -> str:
    """A well-formed, obviously fake JSON Web Token: unsigned, with these `claims`."""
    parts = ({"alg": "none", "typ": "JWT"}, {"redacted": f"redacted-{kind}-{number}", **claims})
    encoded = (base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode() for part in parts)
    return ".".join(part.rstrip("=") for part in encoded) + "."


@functools.lru_cache(maxsize=1000)  # a scenario sends its token with each request, and each is looked at several times
def recognise(value: str) -> tuple[Kind, int] | None:
    """Kind and number of a placeholder; `None` for anything that is none."""
    match = _PLACEHOLDER.fullmatch(_label_inside(value) or value)
    if match is None:
        return None
    group = match.lastgroup or ""
    if group == "number":
        return Kind(match["kind"]), int(match["number"])
    return _GROUP_KINDS[group], 1 if group == "host" else int(match[group])


def claims_of(value: str) -> dict[str, Any] | None:
    """The claims of a JSON Web Token; `None` for anything else."""
    if not _JWT.fullmatch(value):
        return None
    payload = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _label_inside(value: str) -> str | None:
    """What a token of ours says it is; a signed one is never ours."""
    claims = claims_of(value) if value.endswith(".") else None
    label = claims.get("redacted") if claims else None
    return label if isinstance(label, str) else None
