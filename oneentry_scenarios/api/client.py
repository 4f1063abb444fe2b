"""The API client for one user of a OneEntry project."""

from typing import Self, TypeVar

from oneentry_scenarios.api.auth_provider import AuthProvider
from oneentry_scenarios.api.forms import Forms
from oneentry_scenarios.api.orders import Orders
from oneentry_scenarios.api.payments import Payments
from oneentry_scenarios.api.transport import ClientConfig, OperationGroup, Transport
from oneentry_scenarios.api.users import Users

Group = TypeVar("Group", bound=OperationGroup)


class OneEntry(Transport):
    """API client for one user on one device. Validates responses and strips the language level. Must be closed."""

    def __init__(self, config: ClientConfig, language: str = "en_US") -> None:
        super().__init__(config, language)
        self.device = config.device
        self.auth_provider = AuthProvider(self)
        self.forms = Forms(self)
        self.orders = Orders(self)
        self.payments = Payments(self)
        self.users = Users(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def group(self, kind: type[Group]) -> Group:
        """Return a group of operations that this client lacks; `kind` is your subclass of OperationGroup."""
        return kind(self)
