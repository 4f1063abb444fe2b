"""Wires features, steps and the package together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oneentry_scenarios.shop.people import Cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oneentry_scenarios.api.client import OneEntry
    from oneentry_scenarios.cassettes.generated import Generated
    from oneentry_scenarios.cassettes.run import Take

pytest_plugins = [
    "oneentry_scenarios.speed",
    "oneentry_scenarios.gherkin.plugin",
    "oneentry_scenarios.cassettes.plugin",
    "oneentry_scenarios.reporting.failure",
    "oneentry_scenarios.reporting.plugin",
    "steps.refusals",
    "steps.sign_in",
    "steps.orders",
    "steps.payments",
]


@pytest.fixture
def people(take: Take, connect: Callable[..., OneEntry], generated: Generated) -> Iterator[Cast]:
    """Who takes part in this scenario."""

    def no_second_user() -> None:
        pytest.skip("needs a second test user: set ONEENTRY_OTHER_USER and ONEENTRY_OTHER_PASSWORD")

    def generate(name: str) -> str:
        return generated(name, lambda fake: fake.name())

    cast = Cast(take.settings, take.profile, connect, generate, no_second_user, take.run_mark())
    yield cast
    if take.run.live is not None:
        cast.leave()
