"""The rules of signing in: providers, users, devices, tokens."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import jwt

from oneentry_scenarios.mock_server.checks import Call, Device
from oneentry_scenarios.mock_server.clock import Clock, word
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused, first_or_refuse
from oneentry_scenarios.mock_server.world import ALWAYS, Provider, User, World

_CONFIG = ALWAYS["provider"]["config"]


@dataclass
class SignIn:
    """One user on one device, from sign-in until it is closed."""

    user: User
    device: Device
    user_agent: str
    refresh_until: datetime
    refresh_token: str = ""
    is_closed: bool = False


class People:
    """Users and their sign-ins."""

    def __init__(self, world: World, clock: Clock, chance: Random) -> None:
        self._world = world
        self._clock = clock
        self._chance = chance
        self._sign_ins: list[SignIn] = []
        self._access_tokens: dict[str, tuple[SignIn, datetime]] = {}

    def providers(self, call: Call) -> list[dict[str, Any]]:
        """All ways to sign in."""
        return [self._show(provider) for provider in self._world.providers][call.page]

    def provider(self, call: Call) -> dict[str, Any]:
        """One way to sign in."""
        return self._show(self._provider(call.marker, Refusal.PROVIDER_NOT_FOUND))

    def auth(self, call: Call) -> dict[str, Any]:
        """Sign in. This device's earlier session is closed, sessions of other devices stay open."""
        provider = self._provider(call.marker)
        if provider.form is None:
            raise RequestRefused(Refusal.PROVIDER_WITHOUT_FORM)
        call.body.only("authData")
        given: dict[str, str] = {}
        for entry in call.body.objects("authData"):
            entry.only("marker", "value")
            given[entry.text("marker")] = entry.text("value")
        login, password = given.get(provider.login_field), given.get(provider.password_field)
        if not login or not password:
            raise RequestRefused(Refusal.CREDENTIALS_MISSED)
        given_by = (call.marker, login, password)
        known = (user for user in self._world.users if (user.provider, user.identifier, user.password) == given_by)
        user = first_or_refuse(known, Refusal.CREDENTIALS_WRONG)
        if not user.is_active:
            raise RequestRefused(Refusal.USER_NOT_ACTIVATED)
        for sign_in in self._open(call.marker):
            if (sign_in.user, sign_in.device.fingerprint) == (user, call.device.fingerprint):
                sign_in.is_closed = True
        sign_in = SignIn(user, call.device, call.user_agent, refresh_until=self._clock.now())
        self._sign_ins.append(sign_in)
        return self._tokens(sign_in)

    def refresh(self, call: Call) -> dict[str, Any]:
        """A new pair of tokens; the refresh token in the request becomes invalid."""
        return self._tokens(self._holder(call))

    def logout(self, call: Call) -> bool:
        """Close the session of a refresh token, and with it its access tokens."""
        sign_in = self._holder(call)
        if sign_in.user != call.user:
            raise RequestRefused(Refusal.REFRESH_TOKEN_DEAD)
        sign_in.is_closed = True
        return True

    def logout_all(self, call: Call) -> bool:
        """Close this user's sessions on every device."""
        for sign_in in self._open(call.marker):
            if sign_in.user == call.user:
                sign_in.is_closed = True
        return True

    def active_sessions(self, call: Call) -> list[dict[str, Any]]:
        """The devices on which this user is signed in, in order of sign-in."""
        return [
            {"deviceInfo": {key: sign_in.device.info.get(key, "") for key in ("os", "browser", "location")}}
            for sign_in in self._open(call.marker)
            if sign_in.user == call.user
        ]

    def me(self, call: Call) -> dict[str, Any]:
        """The user of an access token."""
        user = call.user
        return {
            "id": user.id,
            "identifier": user.identifier,
            "authProviderIdentifier": user.provider,
            "formData": {self._world.languages[0]: []},
            "formIdentifier": self._provider(user.provider).form,
            **ALWAYS["user"],
        }

    def bearer(self, header: str | None) -> User:
        """The user of an `Authorization` header; refused if its token is unknown, expired or of a closed session."""
        match = re.fullmatch(r"Bearer +(\S+) *", header or "", re.IGNORECASE)
        if match is None:
            raise RequestRefused(Refusal.ACCESS_TOKEN_MISSING)
        if match[1] not in self._access_tokens:
            raise RequestRefused(Refusal.ACCESS_TOKEN_UNKNOWN)
        sign_in, until = self._access_tokens[match[1]]
        if sign_in.is_closed:
            raise RequestRefused(Refusal.ACCESS_TOKEN_CLOSED)
        if self._clock.now() >= until:
            raise RequestRefused(Refusal.ACCESS_TOKEN_EXPIRED)
        return sign_in.user

    def _provider(self, marker: str, refusal: Refusal = Refusal.PROVIDER_UNKNOWN) -> Provider:
        found = (provider for provider in self._world.providers if provider.identifier == marker)
        return first_or_refuse(found, refusal, marker=marker)

    def _open(self, marker: str) -> list[SignIn]:
        provider, now = self._provider(marker), self._clock.now()
        found = (sign_in for sign_in in self._sign_ins if sign_in.user.provider == provider.identifier)
        return [sign_in for sign_in in found if not sign_in.is_closed and now < sign_in.refresh_until]

    def _holder(self, call: Call) -> SignIn:
        sign_ins = self._open(call.marker)
        call.body.only("refreshToken")
        token = call.body.text("refreshToken")
        holders = (sign_in for sign_in in sign_ins if sign_in.refresh_token == token)
        sign_in = first_or_refuse(holders, Refusal.REFRESH_TOKEN_DEAD)
        if sign_in.device.fingerprint != call.device.fingerprint:
            raise RequestRefused(Refusal.REFRESH_TOKEN_OF_OTHER_DEVICE)
        return sign_in

    def _tokens(self, sign_in: SignIn) -> dict[str, Any]:
        now = self._clock.now()
        milliseconds = (now - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
        iat = milliseconds // 1000
        expires = iat + _CONFIG["accessTokenTtlSec"]
        claims = {
            "id": sign_in.user.id,
            "authProviderIdentifier": sign_in.user.provider,
            "userIdentifier": sign_in.user.identifier,
            "userAgent": sign_in.user_agent,
            "iat": iat,
            "exp": expires,
        }
        # With the claims alone, two devices that sign in within one second would get the same token.
        headers = {"uid": word(self._chance, 8)}
        key = f"the mock server's signing key of {self._world.app_token}, no secret"
        access_token = jwt.encode(claims, key, algorithm="HS256", headers=headers)
        self._access_tokens[access_token] = sign_in, datetime.fromtimestamp(expires, UTC)
        sign_in.refresh_token = f"{milliseconds}-{UUID(int=self._chance.getrandbits(128), version=4)}"
        sign_in.refresh_until = now + timedelta(seconds=_CONFIG["refreshTokenTtlMc"])
        return {
            "userIdentifier": sign_in.user.identifier,
            "authProviderIdentifier": sign_in.user.provider,
            "accessToken": access_token,
            "refreshToken": sign_in.refresh_token,
        }

    def _show(self, provider: Provider) -> dict[str, Any]:
        return {
            "id": provider.id,
            "localizeInfos": self._world.localized(provider.title),
            "version": 0,
            "identifier": provider.identifier,
            "type": provider.type,
            "formIdentifier": provider.form,
            **ALWAYS["provider"],
        }
