"""The hook that this plugin calls; reports implement it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # each run loads this file, but only one with --drift the comparison
    from collections.abc import Sequence

    import pytest

    from oneentry_scenarios.drift.compare import Finding


def pytest_scenario_drift(item: pytest.Item, findings: Sequence[Finding]) -> None:
    """The responses to the scenario `item`, which has just ended, differ from its cassette; all is redacted."""
