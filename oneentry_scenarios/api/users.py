"""The signed-in user: the calls of the official client's `Users`."""

from oneentry_scenarios.api.models import User
from oneentry_scenarios.api.transport import Transport


class Users:
    """Tells who is signed in."""

    def __init__(self, transport: Transport, language: str) -> None:
        self._transport = transport
        self._language = language

    def get_user(self) -> User:
        """The signed-in user."""
        query = {"langCode": self._language}
        reply = self._transport.call("users.get_user", "GET", "/api/content/users/me", query=query)
        return reply.in_language(self._language).into(User)
