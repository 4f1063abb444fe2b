"""What must hold of a sign-in: whose it is, and what its tokens look like and say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from oneentry_scenarios.redaction.placeholders import claims_of
from oneentry_scenarios.shop.checks.compare import expect, expect_true

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oneentry_scenarios.api.models import ActiveSession, SignIn, User

_REFRESH_TOKEN = re.compile(r"\d{13}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def signed_in_as(user: str, provider: str, sign_in: SignIn) -> None:
    """The sign-in is this user's at this provider, and its tokens have the documented form and agree with it."""
    expect(
        "The sign-in",
        sign_in.operation,
        {"user": user, "provider": provider},
        {"user": sign_in.user_identifier, "provider": sign_in.auth_provider_identifier},
    )
    claims = _claims(sign_in)
    expect(
        "The access token",
        sign_in.operation,
        {"user": user, "provider": provider},
        {"user": claims.get("userIdentifier"), "provider": claims.get("authProviderIdentifier")},
    )
    begins, ends = claims.get("iat", 0), claims.get("exp", 0)
    expect_true(
        "The sign-in",
        sign_in.operation,
        {
            f"the access token ends (exp) after it begins (iat), at {begins}": (ends > begins > 0, ends),
            "the refresh token is a time in milliseconds and a UUID": (
                bool(_REFRESH_TOKEN.fullmatch(sign_in.refresh_token)),
                sign_in.refresh_token,
            ),
        },
    )


def all_new(old: SignIn, new: SignIn) -> None:
    """Neither token of a renewed sign-in is the old one."""
    expect_true(
        "The renewed sign-in",
        new.operation,
        {
            "the access token is new": (new.access_token != old.access_token, "the old one"),
            "the refresh token is new": (new.refresh_token != old.refresh_token, "the old one"),
        },
    )


def known_as(name: str, sign_in: SignIn, user: User) -> None:
    """The shop takes whoever asks for this user, at the provider and with the id of the sign-in."""
    id_ = _claims(sign_in).get("id", user.id)
    expect(
        "The user",
        user.operation,
        {"user": name, "provider": sign_in.auth_provider_identifier, "id": id_},
        {"user": user.identifier, "provider": user.auth_provider_identifier, "id": user.id},
    )


def signed_in_on(number: int, sessions: Sequence[ActiveSession]) -> None:
    """The user is signed in on so many devices."""
    operation = "auth_provider.get_active_sessions_by_marker"
    expect("The list of open sessions", operation, {"devices": number}, {"devices": len(sessions)})


def lifetime_of(sign_in: SignIn) -> tuple[datetime, datetime]:
    """From when, to the second before, until when the access token is good."""
    claims = _claims(sign_in)
    return datetime.fromtimestamp(claims["iat"], UTC), datetime.fromtimestamp(claims["exp"], UTC)


def signed_in_at(sign_in: SignIn) -> datetime:
    """When this sign-in was given: a refresh token begins with its milliseconds (documented).

    The access token knows the second only, in which an earlier scenario may still have ordered. A recorded refresh
    token has no time; then the second must do.
    """
    begin, _ = lifetime_of(sign_in)
    exact = datetime.fromtimestamp(int(sign_in.refresh_token.partition("-")[0]) / 1000, UTC)
    return max(begin, exact) if exact - begin < timedelta(seconds=1) else begin


def _claims(sign_in: SignIn) -> dict[str, Any]:
    """What the access token says about its user."""
    claims = claims_of(sign_in.access_token)
    if claims is None:
        raise AssertionError(
            f"The access token ({sign_in.operation}) is not as expected:\n"
            "  expected that it is a JSON Web Token with claims, got something else"
        )
    return claims
