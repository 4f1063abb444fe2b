"""Cassettes and scenarios belong together, one to one; what does not is reported in one place."""

import re
import shutil

import pytest

from tests.conftest import BUYER, STORY, STORY_CASSETTE, Project


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_what_does_not_fit_shows_on_both_sides(project: Project, workers: tuple[str, ...]) -> None:
    """A scenario is renamed, and a cassette is left over."""
    shutil.copy(project.root / STORY_CASSETTE, project.root / "cassettes" / "left over.json")
    project.edit("features/order_payment.feature", "A customer can open a payment session", "Renamed")
    project.run(*workers).expect(
        1,
        "pytest --api=mock --record features/order_payment.feature::renamed-for-a-new-order",
        f"Orphaned cassettes:\n  cassettes/left over.json\n  {STORY_CASSETTE}",
        f"git rm -- 'cassettes/left over.json' {STORY_CASSETTE}",
    )


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("", 1),
        ("-k payment-session", 0),
        ("-m smoke", 0),
        ("--splits=2 --group=2 --splitting-algorithm=least_duration", 0),  # some scenarios of each feature
        (STORY, 0),
    ],
)
def test_a_left_over_cassette_turns_a_run_of_all_red_and_no_other(project: Project, chosen: str, code: int) -> None:
    shutil.copy(project.root / STORY_CASSETTE, project.root / "cassettes" / "other.json")
    outcome = project.run(*chosen.split())
    assert (outcome.code, "failed" in outcome.output) == (code, False), outcome.output


def test_all_scenarios_without_a_cassette_are_listed_with_one_command(project: Project) -> None:
    shutil.rmtree(project.root / "cassettes")
    outcome = project.run("-p", "no:cacheprovider")
    assert outcome.code == 1
    [command] = re.findall(r"To fix just these:\n  (pytest --api=mock --record features/.*)", outcome.output)
    assert STORY in command
    assert BUYER in command
