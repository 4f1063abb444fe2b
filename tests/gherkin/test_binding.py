"""Feature files run without binding modules."""

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
