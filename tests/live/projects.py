"""Projects for live runs: the mock server in a process of its own, and what a user sets in the environment for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.live.project import signed_in
from oneentry_scenarios.live.settings import settings_from
from oneentry_scenarios.mock_server import OTHER_PROFILE
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, OTHER, SHOPS, ShopData
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.shop.profile import Profile
from tests.mock_server import test_command
from tools.healthy.run import live_variables

SAMPLES = read_toml(__file__, "samples.toml")


@dataclass(frozen=True)
class LiveProject:
    """A project that answers at `url`, and what is true of it."""

    url: str
    shop_data: ShopData = DEFAULT_SHOP

    @property
    def settings(self) -> ProjectAndUsers:
        """Its app token and test users."""
        return settings_from(live_variables(self.url, self.shop_data))

    @property
    def profile(self) -> Profile:
        """Its shop."""
        return Profile.read(OTHER_PROFILE) if self.shop_data.app_token == OTHER.app_token else Profile()

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a live run."""
        profile = {"ONEENTRY_PROFILE": str(OTHER_PROFILE)} if self.shop_data is OTHER else {}
        return live_variables(self.url, self.shop_data) | profile

    @contextmanager
    def client(self, user: str = "", password: str = "") -> Iterator[OneEntry]:
        """A client of our own, as the first user unless another is named."""
        settings = replace(self.settings, user=user, password=password) if user else self.settings
        names = self.profile.sign_in
        fields = (names.user_field, settings.user), (names.password_field, settings.password)
        connected = OneEntry(ClientConfig(self.url, settings.app_token), self.profile.language)
        with connected as client, signed_in(client, names.provider, fields):
            yield client

    def orders(self) -> list[Any]:
        """The first user's orders, as far as they are shown."""
        with self.client() as client:
            return list(client.orders.get_all_orders_by_marker(self.profile.orders.storage).items)

    def order_count(self, user: str = "", password: str = "") -> int:
        """How many orders the first user has, or another."""
        with self.client(user, password) as client:
            return client.orders.get_all_orders_by_marker(self.profile.orders.storage).total


@contextmanager
def running(shop: str = "default", era: str = "current") -> Iterator[LiveProject]:
    """The mock server's command, until the block ends."""
    with test_command.running("--port", "0", "--world", shop, "--era", era) as (_, url):
        yield LiveProject(url, SHOPS[shop])
