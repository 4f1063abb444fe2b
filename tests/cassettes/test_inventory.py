"""Cassettes and scenarios belong together, one to one; what does not is reported in one place."""

import re
import shutil

import pytest

from tests.conftest import STORY, STORY_CASSETTE, Project

OTHER = "features/order_payment.feature::an-order-is-confirmed-in-the-name-of-whoever-buys"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_cassette_without_a_scenario_turns_a_full_run_red(project: Project, workers: tuple[str, ...]) -> None:
    shutil.copy(project.root / STORY_CASSETTE, project.root / "cassettes" / "left over.json")
    outcome = project.run(*workers)
    outcome.expect(
        1, "Cassettes without a scenario:\n  cassettes/left over.json", "git rm -- 'cassettes/left over.json'"
    )
    assert "failed" not in outcome.output


@pytest.mark.parametrize(
    "narrowed",
    [
        ("-k", "payment-session"),
        ("-m", "smoke"),
        ("--splits=2", "--group=2", "--splitting-algorithm=least_duration"),  # some scenarios of each feature
        (STORY,),
    ],
)
def test_a_narrowed_run_does_not_look_for_left_over_cassettes(project: Project, narrowed: tuple[str, ...]) -> None:
    shutil.copy(project.root / STORY_CASSETTE, project.root / "cassettes" / "other.json")
    assert project.run(*narrowed).code == 0


def test_a_renamed_scenario_shows_on_both_sides(project: Project) -> None:
    project.edit("features/order_payment.feature", "Scenario: A payment session is opened", "Scenario: Renamed")
    project.run().expect(
        1,
        "pytest --api=mock --record features/order_payment.feature::renamed-for-a-new-order",
        f"git rm -- {STORY_CASSETTE}",
    )


def test_all_scenarios_without_a_cassette_are_listed_with_one_command(project: Project) -> None:
    shutil.rmtree(project.root / "cassettes")
    outcome = project.run("-p", "no:cacheprovider")
    assert outcome.code == 1
    [command] = re.findall(r"To mend just these:\n  (pytest --api=mock --record features/.*)", outcome.output)
    assert STORY in command
    assert OTHER in command
