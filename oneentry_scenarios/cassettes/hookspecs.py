"""The hooks between this plugin and those above it: targets, drift, reports."""

import pytest

from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.cassettes.target import ScenarioRecording, Target
from oneentry_scenarios.redaction.redactor import Redactor


@pytest.hookspec(firstresult=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Target | None:
    """What the run talks to; asked once, before anything runs. `None` leaves the answer to the next plugin."""


def pytest_api_exchange(item: pytest.Item, exchange: Exchange) -> None:
    """A step of the scenario `item` has just called the API; `exchange` is redacted."""


def pytest_scenario_recorded(item: pytest.Item, recording: ScenarioRecording, has_passed: bool) -> None:
    """The steps of the scenario `item` are over; `recording` holds what was exchanged."""


def pytest_report_facts(config: pytest.Config) -> dict[str, str]:  # type: ignore[empty-body]
    """Facts for the report's environment table, from all plugins; `API` and `Recorded from` make its title."""
