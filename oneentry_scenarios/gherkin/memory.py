"""Pytest plugin: lets go of what pytest-bdd would keep of each scenario to the end of the run.

That is the values that steps hand on, for as long as the session's fixtures live, and a report of each line, for as
long as pytest keeps the item and its reports: most of what a long run's memory grows by.
`-p no:oneentry_scenarios.gherkin.memory` leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd.reporting import scenario_reports_registry, test_report_context_registry

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Forget a scenario's values and lines when it is over."""
    outcome = yield
    for definitions in item.session._fixturemanager._arg2node2fixturedefs.values():  # noqa: SLF001  (held by a test)
        definitions.pop(item, None)
    scenario_reports_registry.pop(item, None)
    return outcome


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Forget a report's lines when every reporter has heard of it."""
    test_report_context_registry.pop(report, None)
