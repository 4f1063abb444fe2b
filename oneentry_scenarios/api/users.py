"""The signed-in user: the operations of the official client's `Users`."""

from oneentry_scenarios.api.models import User
from oneentry_scenarios.api.transport import OperationGroup


class Users(OperationGroup):
    """Reads the signed-in user."""

    group, base = "users", "/api/content/users"

    def get_user(self) -> User:
        """Return the signed-in user."""
        return self._get("get_user", "/me").into(User)
