"""Wires features, steps and support together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.people import Cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.api.client import OneEntry
    from support.recording.generated import Generated
    from support.recording.run import Take

pytest_plugins = [
    "support.gherkin.plugin",
    "support.recording.plugin",
    "support.reporting.plugin",
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
