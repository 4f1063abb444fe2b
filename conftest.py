"""Wires features, steps and support together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.api.client import OneEntry
    from support.recording.run import Take

pytest_plugins = [
    "support.gherkin.plugin",
    "support.recording.plugin",
    "support.reporting.plugin",
    "steps.sign_in",
    "steps.orders",
    "steps.payments",
]


@pytest.fixture
def shop(connect: Callable[[], OneEntry], take: Take) -> Shop:
    """The shop as the customer of this scenario uses it."""
    return Shop(connect(), take.profile)
