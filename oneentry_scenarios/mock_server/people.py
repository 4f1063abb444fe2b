"""The rules of sign-ins: providers, users, devices, tokens."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import jwt

from oneentry_scenarios.mock_server.answers import ANSWERS, Answers, RequestRefused, find_or_refuse
from oneentry_scenarios.mock_server.checks import Call, Device
from oneentry_scenarios.mock_server.clock import Clock, random_text
from oneentry_scenarios.mock_server.shop_data import Provider, ShopData, User

_CONFIG = ANSWERS["provider"]["config"]


@dataclass
class SignIn:
    """The sign-in session of one user on one device."""

    user: User
    device: Device
    user_agent: str
    refresh_until: datetime
    refresh_token: str = ""
    is_closed: bool = False


class People:
    """Users and their sign-ins."""

    def __init__(self, shop_data: ShopData, answer: Answers, clock: Clock, chance: Random) -> None:
        self._shop_data, self._answer, self._clock, self._chance = shop_data, answer, clock, chance
        self._sign_ins: list[SignIn] = []
        self._access_tokens: dict[str, tuple[SignIn, datetime]] = {}

    def providers(self, call: Call) -> list[dict[str, Any]]:
        """Return all auth providers."""
        return [self._answer("provider", provider=provider) for provider in self._shop_data.providers][call.page]

    def provider(self, call: Call) -> dict[str, Any]:
        """Return one auth provider."""
        return self._answer("provider", provider=self._provider(call.marker, "provider_not_found"))

    def auth(self, call: Call) -> dict[str, Any]:
        """Sign in and close this device's earlier sign-in session; those of other devices stay open."""
        provider = self._provider(call.marker)
        if provider.form is None:
            raise RequestRefused("provider_without_form")
        call.body.only("authData")
        given: dict[str, str] = {}
        for entry in call.body.objects("authData"):
            entry.only("marker", "value")
            given[entry.text("marker")] = entry.text("value")
        login, password = given.get(provider.login_field), given.get(provider.password_field)
        if not login or not password:
            raise RequestRefused("credentials_missed")
        by_whom = {"provider": call.marker, "identifier": login, "password": password}
        user = find_or_refuse(self._shop_data.users, "credentials_wrong", **by_whom)
        if not user.is_active:
            raise RequestRefused("user_not_activated")
        for sign_in in self._open_sign_ins(call.marker, user):
            sign_in.is_closed |= sign_in.device.fingerprint == call.device.fingerprint
        sign_in = SignIn(user, call.device, call.user_agent, refresh_until=self._clock.now())
        self._sign_ins.append(sign_in)
        return self._tokens(sign_in)

    def refresh(self, call: Call) -> dict[str, Any]:
        """Return a new pair of tokens; the refresh token of the request becomes invalid."""
        return self._tokens(self._open_sign_in(call))

    def logout(self, call: Call) -> bool:
        """Close the sign-in session of a refresh token, which ends its access tokens."""
        sign_in = self._open_sign_in(call)
        if sign_in.user != call.user:
            raise RequestRefused("refresh_token_dead")
        sign_in.is_closed = True
        return True

    def logout_all(self, call: Call) -> bool:
        """Close this user's sign-in sessions on all devices."""
        for sign_in in self._open_sign_ins(call.marker, call.user):
            sign_in.is_closed = True
        return True

    def active_sessions(self, call: Call) -> list[dict[str, Any]]:
        """Return the devices on which this user is signed in, in order of sign-in."""
        infos = [sign_in.device.info for sign_in in self._open_sign_ins(call.marker, call.user)]
        return [{"deviceInfo": {key: info.get(key, "") for key in ("os", "browser", "location")}} for info in infos]

    def me(self, call: Call) -> dict[str, Any]:
        """Return the user of an access token."""
        form = self._provider(call.user.provider).form
        return self._answer("user", user=call.user, form=form, form_data={self._shop_data.languages[0]: []})

    def bearer(self, header: str | None) -> User:
        """Return the user of an `Authorization` header; refuse unknown and expired tokens and closed sign-ins."""
        match = re.fullmatch(r"Bearer +(\S+) *", header or "", re.IGNORECASE)
        if match is None:
            raise RequestRefused("access_token_missing")
        if match[1] not in self._access_tokens:
            raise RequestRefused("access_token_unknown")
        sign_in, until = self._access_tokens[match[1]]
        if sign_in.is_closed:
            raise RequestRefused("access_token_closed")
        if self._clock.now() >= until:
            raise RequestRefused("access_token_expired")
        return sign_in.user

    def _provider(self, marker: str, refusal: str = "provider_unknown") -> Provider:
        return find_or_refuse(self._shop_data.providers, refusal, identifier=marker)

    def _open_sign_ins(self, marker: str, user: User | None = None) -> list[SignIn]:
        """Return the sign-ins at a provider that are neither closed nor expired, of all users or of one."""
        provider, now = self._provider(marker), self._clock.now()
        found = [each for each in self._sign_ins if not each.is_closed and now < each.refresh_until]
        return [each for each in found if each.user.provider == provider.identifier and user in (None, each.user)]

    def _open_sign_in(self, call: Call) -> SignIn:
        """Return the open sign-in that has the refresh token of the request, on the same device."""
        sign_ins = self._open_sign_ins(call.marker)
        call.body.only("refreshToken")
        sign_in = find_or_refuse(sign_ins, "refresh_token_dead", refresh_token=call.body.text("refreshToken"))
        if sign_in.device.fingerprint != call.device.fingerprint:
            raise RequestRefused("refresh_token_of_other_device")
        return sign_in

    def _tokens(self, sign_in: SignIn) -> dict[str, Any]:
        now, user = self._clock.now(), sign_in.user
        milliseconds = (now - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
        iat = milliseconds // 1000
        expires = iat + _CONFIG["accessTokenTtlSec"]
        claims = self._answer("claims of an access token", user=user, sign_in=sign_in, iat=iat, exp=expires)
        # Without this header, two devices that sign in within one second would get the same token.
        headers = {"uid": random_text(self._chance, 8)}
        key = f"the mock server's signing key of {self._shop_data.app_token}, no secret"
        access_token = jwt.encode(claims, key, algorithm="HS256", headers=headers)
        self._access_tokens[access_token] = sign_in, datetime.fromtimestamp(expires, UTC)
        sign_in.refresh_token = f"{milliseconds}-{UUID(int=self._chance.getrandbits(128), version=4)}"
        sign_in.refresh_until = now + timedelta(
            seconds=_CONFIG["refreshTokenTtlMc"]
        )  # seconds are our choice: the unit is undocumented
        return self._answer("tokens", user=user, sign_in=sign_in, access_token=access_token)
