"""The signed-in user: the calls of the official client's `Users`."""

from oneentry_scenarios.api.models import User
from oneentry_scenarios.api.transport import OperationGroup


class Users(OperationGroup):
    """Tells who is signed in."""

    group, base = "users", "/api/content/users"

    def get_user(self) -> User:
        """The signed-in user."""
        return self._get("get_user", "/me").into(User)
