"""Wires features, steps and the package together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oneentry_scenarios.shop.people import Credentials, Personas
from oneentry_scenarios.shop.provider import ProviderSimulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oneentry_scenarios.api.client import OneEntry
    from oneentry_scenarios.cassettes.run import Take
    from oneentry_scenarios.shop.domain import Generate
    from oneentry_scenarios.shop.profile import Profile

pytest_plugins = [
    "oneentry_scenarios.gherkin.plugin",
    "oneentry_scenarios.cassettes.plugin",
    "oneentry_scenarios.reporting.plugin",
    "steps.refusals",
    "steps.sign_in",
    "steps.orders",
    "steps.payments",
]


@pytest.fixture
def profile(take: Take) -> Profile:
    """What differs from shop to shop."""
    return take.profile


@pytest.fixture
def provider(take: Take) -> ProviderSimulator:
    """Lets time pass and settles payments, in the mock server."""
    return ProviderSimulator(take.run.server.controls if take.run.server is not None else None)


@pytest.fixture
def people(take: Take, profile: Profile, connect: Callable[..., OneEntry], generated: Generate) -> Iterator[Personas]:
    """The people of this scenario: `people["Christina"]`."""

    def no_second_user() -> None:
        pytest.skip("needs a second test user: set ONEENTRY_OTHER_USER and ONEENTRY_OTHER_PASSWORD")

    settings = take.settings
    personas = Personas(
        christina=Credentials(settings.user, settings.password),
        ben=Credentials(settings.other_user, settings.other_password),
        profile=profile,
        connect=connect,
        generate=generated,
        no_second_user=no_second_user,
        run_mark=take.run_mark(),
    )
    yield personas
    if take.run.live is not None:
        personas.sign_out_quietly()
