"""Wires features, steps and the package together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from oneentry_scenarios.api.client import OneEntry
    from oneentry_scenarios.cassettes.target import RunningScenario
    from oneentry_scenarios.shop.domain import Generate
    from oneentry_scenarios.shop.people import Personas

pytest_plugins = [
    "oneentry_scenarios.speed",
    "oneentry_scenarios.gherkin.plugin",
    "oneentry_scenarios.cassettes.plugin",
    "oneentry_scenarios.live.plugin",
    "oneentry_scenarios.drift.plugin",
    "oneentry_scenarios.reporting.failure",
    "oneentry_scenarios.reporting.plugin",
    "steps.refusals",
    "steps.sign_in",
    "steps.orders",
    "steps.lists",
    "steps.previews",
    "steps.payments",
    "steps.canceling",
    "steps.refunds",
    "steps.side_effects",
]


@pytest.fixture
def people(
    running_scenario: RunningScenario, connect: Callable[..., OneEntry], generated: Generate, run_id: str | None
) -> Personas:
    """The people of this scenario: `people["Christina"]`."""
    # Imported late: this imports httpx, which the speed plugin must import first.
    from oneentry_scenarios.shop.people import Personas

    def skip_without_second_user() -> None:
        pytest.skip("needs a second test user: set ONEENTRY_OTHER_USER and ONEENTRY_OTHER_PASSWORD")

    settings = running_scenario.settings
    return Personas(
        christina=(settings.user, settings.password),
        ben=(settings.other_user, settings.other_password),
        profile=running_scenario.profile,
        is_mock_shop=running_scenario.is_mock_shop,
        connect=connect,
        generate=generated,
        skip_without_second_user=skip_without_second_user,
        run_id=run_id,
    )
