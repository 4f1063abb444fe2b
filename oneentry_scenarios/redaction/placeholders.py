"""Placeholders: numbered, shaped like the secrets that they replace, and recognizable."""

import base64
import functools
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from oneentry_scenarios.problem import read_toml


class Kind(StrEnum):
    """The kind of a redacted value; the placeholder contains it."""

    APP_TOKEN = "app-token"  # noqa: S105  (names of kinds, not secrets)
    ACCESS_TOKEN = "access-token"  # noqa: S105
    REFRESH_TOKEN = "refresh-token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    CLIENT_SECRET = "client-secret"  # noqa: S105
    CHECKOUT_LINK = "checkout-link"
    SECRET = "secret"  # noqa: S105
    HOST = "host"
    EMAIL = "e-mail"
    LOGIN = "login"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    CARD = "card-number"
    IBAN = "iban"
    IP = "ip-address"
    BIRTHDAY = "birthday"


#: Personal data. Values that a scenario typed itself do not count.
PERSONAL = frozenset({Kind.NAME, Kind.PHONE, Kind.ADDRESS, Kind.CARD, Kind.IBAN, Kind.IP, Kind.BIRTHDAY})
#: Redacted in files, allowed in the terminal. All other kinds are secrets and redacted everywhere.
PRIVATE = PERSONAL | {Kind.HOST, Kind.EMAIL, Kind.LOGIN}

RULES = read_toml(__file__, "rules.toml")
#: The patterns that redaction searches for in texts, by name.
REGEX = {name: re.compile(text.replace("KIND", "|".join(Kind)), re.VERBOSE) for name, text in RULES["regex"].items()}
_TEMPLATES: dict[str, str] = RULES["placeholders"]


def make(value: str, kind: Kind, number: int) -> str:
    """Return placeholder number `number` of a `kind`, shaped like `value`. For JSON Web Tokens, see `make_token`."""
    scheme = value.partition("://")[0]
    if kind not in _TEMPLATES or (kind is Kind.CHECKOUT_LINK and scheme not in ("http", "https")):
        return f"redacted-{kind}-{number}"
    return _TEMPLATES[kind].format(number=number, scheme=scheme)


def make_token(kind: Kind, number: int, claims: Mapping[str, Any]) -> str:
    """Return a well-formed, obviously fake JSON Web Token: unsigned, with these `claims`."""
    parts = ({"alg": "none", "typ": "JWT"}, {"redacted": f"redacted-{kind}-{number}", **claims})
    encoded = (base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode() for part in parts)
    return ".".join(part.rstrip("=") for part in encoded) + "."


@functools.lru_cache(maxsize=100)
def recognize(value: str) -> tuple[Kind, int] | None:
    """Return the kind and number of a placeholder; `None` for any other text."""
    claims = claims_of(value) if value.endswith(".") else None  # a signed token is never ours
    label = claims.get("redacted") if claims else None
    match = REGEX["placeholder"].fullmatch(label if isinstance(label, str) else value)
    if match is None:
        return None
    group = match.lastgroup or ""
    if group == "number":
        return Kind(match["kind"]), int(match["number"])
    return Kind[group], 1 if group == "HOST" else int(match[group])


@functools.lru_cache(maxsize=100)  # each request has the token, and redaction checks it several times
def claims_of(value: str) -> dict[str, Any] | None:
    """Return the claims of a JSON Web Token; `None` for any other text."""
    if not REGEX["token"].fullmatch(value):
        return None
    payload = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None
