"""Checks of sign-ins: their user, and the contents of their tokens."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from oneentry_scenarios.api.models import ApiModel, AuthProviderInfo, SignIn, User
from oneentry_scenarios.redaction.placeholders import claims_of
from oneentry_scenarios.shop.checks.compare import INCONCLUSIVE, expect, skip_inconclusive
from oneentry_scenarios.shop.domain import Identity, Renewal
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.shopper import Shopper


def signed_in_as(identity: Identity, profile: Profile, sign_in: SignIn) -> None:
    """Check that the sign-in has this person and the profile's provider, and tokens of the documented form."""
    user, provider = identity.user, profile.sign_in.provider
    fields = {"user": (user, sign_in.user_identifier), "provider": (provider, sign_in.auth_provider_identifier)}
    claims = _claims(sign_in)
    claimed = user, claims.get("userIdentifier")
    expect("The access token", sign_in, {"user": claimed, "provider": (provider, claims.get("authProviderIdentifier"))})
    begins, ends, refresh_token = claims.get("iat", 0), claims.get("exp", 0), sign_in.refresh_token
    has_form = bool(re.fullmatch(r"\d{13}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", refresh_token))
    conditions = {
        f"the access token expires (exp) after it was issued (iat), at {begins}": (ends > begins > 0, ends),
        "the refresh token consists of a time in milliseconds and a UUID": (has_form, refresh_token),
    }
    expect("The sign-in", sign_in, fields, conditions)
    reveals_no_password("The sign-in", sign_in, identity)


def tokens_rotated(renewal: Renewal) -> None:
    """Check that both tokens of a renewed sign-in are new."""
    old, new = renewal.old, renewal.new
    conditions = {
        "the access token is new": (new.access_token != old.access_token, "the old one"),
        "the refresh token is new": (new.refresh_token != old.refresh_token, "the old one"),
    }
    expect("The renewed sign-in", new, conditions=conditions)


def last_equally_long(renewal: Renewal, provider: AuthProviderInfo) -> None:
    """Check that both sign-ins have the same lifetime, that of the provider's configuration (documented), if any."""
    old, new = (_claims(each)["exp"] - _claims(each)["iat"] for each in (renewal.old, renewal.new))
    said = provider.config.get("accessTokenTtlSec")
    fields = {
        "marker": (renewal.new.auth_provider_identifier, provider.identifier),
        "active": (True, provider.is_active),
        "exp - iat of the access token, which should be accessTokenTtlSec": (old if said is None else int(said), old),
    }
    expect("The auth provider", provider, fields)
    expect("The renewed sign-in", renewal.new, {"lifetime in seconds": (old, new)})


def known_as(identity: Identity, sign_in: SignIn, user: User) -> None:
    """Check that the shop identifies the caller as this person, with the provider and ID of the sign-in."""
    id_ = _claims(sign_in).get("id", user.id)
    fields = {
        "user": (identity.user, user.identifier),
        "provider": (sign_in.auth_provider_identifier, user.auth_provider_identifier),
        "id": (id_, user.id),
    }
    expect("The user", user, fields)
    reveals_no_password("The user", user, identity)


def devices_grew_by(number: int, shopper: Shopper) -> None:
    """Check that the user's devices grew by this number; skip the scenario if another run adds devices."""
    before, after = shopper.seen_devices, shopper.devices()
    expect("The list of devices", before, conditions={"it has at least the calling device": (bool(before), "none")})
    if len(after) == len(before) + number:
        return
    if shopper.foreign_browsers(before, "Python") or shopper.foreign_browsers(after, "Python"):
        skip_inconclusive(INCONCLUSIVE["other_run"])
    expect("The list of devices", after, {"devices": (len(before) + number, len(after))})


def reveals_no_password(subject: str, response: ApiModel, identity: Identity) -> None:
    """Check that no value of the response is the person's password; a longer text that contains it is accepted."""
    password, text = json.dumps(identity.password, ensure_ascii=False), response.model_dump_json(by_alias=True)
    values = response.model_dump(by_alias=True) if password in text else {}  # the search by field is slow
    revealing = [each for each in values if password in json.dumps(values[each], default=repr, ensure_ascii=False)]
    condition = "it does not contain the user's password"
    expect(subject, response, conditions={condition: (not revealing, f"it in {', '.join(revealing)}")})


def lifetime_of(sign_in: SignIn) -> tuple[datetime, datetime]:
    """Return when the access token becomes valid and when it expires, to the second."""
    claims = _claims(sign_in)
    return datetime.fromtimestamp(claims["iat"], UTC), datetime.fromtimestamp(claims["exp"], UTC)


def _claims(sign_in: SignIn) -> dict[str, Any]:
    claims = claims_of(sign_in.access_token)
    if claims is None:
        expect("The access token", sign_in, conditions={"it is a JSON Web Token": (False, "something else")})
    return claims or {}
