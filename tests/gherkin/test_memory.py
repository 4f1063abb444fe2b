"""Of a scenario that is over, nothing is left but what pytest itself reports; and that can be left out."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Project

#: Watches what steps hand on, and counts at the end what is still there.
WATCH = """
import gc
import weakref

from pytest_bdd.reporting import scenario_reports_registry, test_report_context_registry

from oneentry_scenarios.shop.domain import PlacedOrder

SEEN = []

def pytest_bdd_before_step_call(step_func_args):
    SEEN.extend(weakref.ref(value) for value in step_func_args.values() if isinstance(value, PlacedOrder))

def pytest_unconfigure():
    gc.collect()
    kept = sum(each() is not None for each in SEEN)
    assert SEEN
    print(f"values: {kept}, scenarios: {len(scenario_reports_registry)}, reports: {len(test_report_context_registry)}")
"""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), r"values: 0, scenarios: 0, reports: 0\n"),
        (("-p", "no:oneentry_scenarios.gherkin.memory"), r"values: [1-9], scenarios: 2, reports: [1-9]\n"),
    ],
    ids=["as it is", "left out"],
)
def test_a_scenario_that_is_over_is_let_go(project: Project, options: tuple[str, ...], told: str) -> None:
    source = (project.root / "conftest.py").read_text(encoding="utf-8")
    (project.root / "conftest.py").write_text(source + WATCH, encoding="utf-8")
    outcome = project.run("-s", *options, "features/order_payment.feature")
    assert outcome.code == 0, outcome.output
    assert re.search(told, outcome.output), outcome.output


def test_other_reporters_of_pytest_bdd_still_hear_of_each_line(project: Project) -> None:
    outcome = project.run("--cucumber-json=lines.json", "features/order_payment.feature")
    assert outcome.code == 0, outcome.output
    assert "Christina opens a payment session for the order" in (project.root / "lines.json").read_text(
        encoding="utf-8"
    )
