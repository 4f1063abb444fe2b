"""Sign-in and sign-out: the operations of the official client's `AuthProvider`."""

from collections.abc import Sequence
from typing import TypedDict

from oneentry_scenarios.api.errors import WrongUse
from oneentry_scenarios.api.models import ActiveSession, AuthProviderInfo, Listing, SignIn
from oneentry_scenarios.api.transport import OperationGroup, marker_path


class AuthField(TypedDict):
    """One field of a sign-in form, with the API's key names."""

    marker: str
    value: str


class AuthProvider(OperationGroup):
    """Sign-in and sign-out at the project's auth providers."""

    group, base = "auth_provider", "/api/content/users-auth-providers"

    def auth(self, marker: str, auth_data: Sequence[AuthField]) -> SignIn:
        """Sign in with the fields of the provider's form; later requests carry the access token."""
        if not isinstance(auth_data, list | tuple):
            raise WrongUse('auth_data must be a list of fields: [{"marker": ..., "value": ...}, ...]')
        return self._sign_in("auth", marker, {"authData": list(auth_data)})

    def refresh(self, marker: str, token: str) -> SignIn:
        """Renew the sign-in session of the refresh token `token`; the token is valid only once."""
        return self._sign_in("refresh", marker, {"refreshToken": token})

    def logout(self, marker: str, token: str) -> bool:
        """Sign out the device of the refresh token `token`, and drop this client's access token."""
        return self._sign_out("logout", marker, {"refreshToken": token})

    def logout_all(self, marker: str) -> bool:
        """Sign the user out on all devices."""
        return self._sign_out("logout-all", marker)

    def get_active_sessions_by_marker(self, marker: str) -> Listing[ActiveSession]:
        """Return the devices on which the user is signed in."""
        path = marker_path(marker, "users/sessions")
        return self._call("get_active_sessions_by_marker", "GET", path).into_list(ActiveSession)

    def get_auth_providers(self, offset: int = 0, limit: int = 30) -> Listing[AuthProviderInfo]:
        """Return the project's auth providers."""
        return self._get("get_auth_providers", "", offset=offset, limit=limit).into_list(AuthProviderInfo)

    def get_auth_provider_by_marker(self, marker: str) -> AuthProviderInfo:
        """Return one auth provider."""
        return self._get("get_auth_provider_by_marker", marker_path(marker)).into(AuthProviderInfo)

    def _sign_in(self, action: str, marker: str, body: object) -> SignIn:
        signed_in = self._call(action, "POST", marker_path(marker, f"users/{action}"), body=body).into(SignIn)
        self._transport.access_token = signed_in.access_token
        return signed_in

    def _sign_out(self, action: str, marker: str, body: object = None) -> bool:
        signed_out = self._confirms(action.replace("-", "_"), "POST", marker_path(marker, f"users/{action}"), body)
        if signed_out:
            self._transport.access_token = None
        return signed_out
