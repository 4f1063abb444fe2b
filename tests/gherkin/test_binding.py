"""Feature files run by themselves, and a failed scenario tells its story before any Python."""

from __future__ import annotations

import pytest

from tests.conftest import STORY, Project


def test_a_new_feature_file_runs_without_any_binding(project: Project) -> None:
    (project.root / "features" / "new.feature").write_text(
        "Feature: New\n\n  Scenario Outline: Here comes <person>\n    When <person> signs in\n"
        "    Then the shop knows <person>\n\n"
        "    Examples:\n      | person    |\n      | Christina |\n      | Ben       |\n"
    )
    outcome = project.run("--api=mock", "features/new.feature", "-v")
    assert outcome.code == 0, outcome.output
    assert "features/new.feature::here-comes-person-[Christina] PASSED" in outcome.output
    assert "features/new.feature::here-comes-person-[Ben] PASSED" in outcome.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Scenario: no feature\n", "bad.feature is not a feature file that can be read"),
        (b"Feature: F\n  Scenario: S\n    Given \xff\n", "bad.feature is not a feature file that can be read"),
    ],
)
def test_a_file_that_is_no_feature_is_named(project: Project, content: bytes, message: str) -> None:
    (project.root / "features" / "bad.feature").write_bytes(content)
    outcome = project.run("features/bad.feature")
    assert outcome.code != 0
    assert message in outcome.output
    assert "Traceback" not in outcome.output


def test_a_failure_tells_the_story_first(project: Project) -> None:
    project.edit(
        "oneentry_scenarios/shop/checks/orders.py", "int(quantity) for product", "int(quantity) + 1 for product"
    )
    outcome = project.run(STORY)
    assert outcome.code == 1
    story, python = outcome.output.split("Run it again:\n", 1)
    assert (
        "Scenario: A payment session is opened for a new order  (features/order_payment.feature:10)\n"
        "  passed  Given Christina has signed in\n"
        '  passed  When Christina orders 1 "Product 14", to be paid by "cash"\n'
        "  passed  And Christina opens a payment session for the order\n"
        "  FAILED  Then the order is confirmed as placed, at the price of its products\n"
        '  skipped And the payment session waits for payment by "cash" and has no checkout link\n'
    ) in story
    assert (
        "Failed at features/order_payment.feature:13: Then the order is confirmed as placed, at the price of its "
        "products\n"
        "  The confirmed order (orders.create_order) is not as expected:\n"
        "    price: expected 341.00 USD, got 340.00 USD\n"
    ) in story
    assert f"pytest {STORY}" in python
    assert "steps/orders.py" in python
    assert "site-packages" not in python
    assert ".py" not in story.split("FAILURES")[1]


def test_the_frames_of_other_packages_are_there_when_asked_for(project: Project) -> None:
    project.edit(
        "oneentry_scenarios/shop/checks/orders.py", "int(quantity) for product", "int(quantity) + 1 for product"
    )
    assert "site-packages" in project.run(STORY, "-v").output


def test_the_story_is_told_by_workers_of_xdist_too(project: Project) -> None:
    project.edit(
        "oneentry_scenarios/shop/checks/orders.py", "int(quantity) for product", "int(quantity) + 1 for product"
    )
    outcome = project.run("-n", "2")
    assert "  FAILED  Then the order is confirmed as placed" in outcome.output


def test_a_step_that_nobody_defined_is_named(project: Project) -> None:
    project.edit("features/order_payment.feature", "Given a buyer of any name", "Given a buyer of no name")
    outcome = project.run("-k", "whoever")
    assert outcome.code != 0
    assert "features/order_payment.feature:18" in outcome.output
    assert "a buyer of no name" in outcome.output
