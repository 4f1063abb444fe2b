"""The suite runs unchanged against a shop in which nothing is called, numbered or priced as in the default one."""

import json
import re

import pytest

from oneentry_scenarios.cassettes.target import Mock
from tests.conftest import STORY_CASSETTE, Project
from tests.live.projects import running


@pytest.mark.parametrize("era", ["current", "2025"])
def test_every_scenario_passes_in_the_other_world(project: Project, era: str) -> None:
    outcome = project.run("--api=mock", "--world", "other", "--era", era)
    outcome.expect(0)
    assert re.search(r"\n\d+ scenarios: \d+ passed\n", outcome.output), outcome.output


@pytest.mark.parametrize(("world", "era"), [("default", "2025"), ("other", "current")])
def test_the_story_passes_live_in_every_world_and_era(project: Project, world: str, era: str) -> None:
    """The other two pairs are those of the tests in test_live.py."""
    with running(world, era) as shop:
        outcome = project.run("--api=live", **shop.variables)
        outcome.expect(0)
        assert re.search(r"\b1 passed, \d\d deselected", outcome.output), outcome.output
        assert len(shop.orders()) == 1


def test_what_the_other_world_recorded_replays_without_a_word_about_it(project: Project) -> None:
    project.run("--api=mock", "--world", "other", "--record", "features/order_payment.feature").expect(0)
    first = json.loads((project.root / STORY_CASSETTE).read_text())
    assert first["profile"]["orders"]["storage"] == "bestellungen"
    assert first["data"] == {"run mark": Mock.run_mark}, "the same each time"
    project.run("features/order_payment.feature").expect(0)
