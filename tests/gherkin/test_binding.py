"""Feature files run without binding modules, and what cannot run is named."""

import pytest

from tests.conftest import Project


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


def test_a_step_without_a_definition_is_named(project: Project) -> None:
    project.edit("features/order_payment.feature", "Given a buyer of any name", "Given a buyer of no name")
    outcome = project.run("-k", "whoever")
    assert outcome.code != 0
    assert "features/order_payment.feature:18" in outcome.output
    assert "a buyer of no name" in outcome.output
