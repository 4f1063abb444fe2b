"""What the recording plugin tells others, as pytest hooks: whoever wants to know implements them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from oneentry_scenarios.api.exchange import Exchange
    from oneentry_scenarios.drift.compare import Finding


def pytest_api_exchange(item: pytest.Item, exchange: Exchange) -> None:
    """A step of the scenario `item` has just called the API; `exchange` is redacted."""


def pytest_scenario_drift(item: pytest.Item, findings: Sequence[Finding]) -> None:
    """The scenario `item`, which has just ended, was answered otherwise than its cassette says; all is redacted."""
