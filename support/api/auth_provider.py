"""Signing in: the calls of the official client's `AuthProvider`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from support.api.errors import WrongUse
from support.api.models import SignIn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.api.transport import Transport

_BASE = "/api/content/users-auth-providers"


class AuthField(TypedDict):
    """One field of a sign-in form, as the wire names it."""

    marker: str
    value: str


class AuthProvider:
    """Signs a user in at one of the project's auth providers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def auth(self, marker: str, auth_data: Sequence[AuthField]) -> SignIn:
        """Sign in at the provider `marker`; the calls that follow carry the access token.

        `auth_data` is the list of the form's fields, not yet wrapped in `{"authData": ...}`.
        """
        if not isinstance(auth_data, list | tuple):
            raise WrongUse('auth_data is the list of fields itself: pass [{"marker": ..., "value": ...}, ...]')
        reply = self._transport.call(
            "auth_provider.auth",
            "POST",
            f"{_BASE}/marker/{quote(marker, safe='')}/users/auth",
            body={"authData": list(auth_data)},
        )
        signed_in = reply.into(SignIn)
        self._transport.access_token = signed_in.access_token
        return signed_in
