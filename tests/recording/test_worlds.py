"""The suite runs unchanged against a shop in which nothing is called, numbered or priced as in the default one."""

from __future__ import annotations

import json
import re

import pytest

from support.api.profile import Profile
from support.recording.live import OTHER_SHOP
from support.recording.run import RUN_MARK_OF_STANDIN
from support.standin.world import DEFAULT, OTHER
from tests.conftest import STORY_CASSETTE, Project
from tests.recording.projects import running


@pytest.mark.parametrize("era", ["current", "2025"])
def test_every_scenario_passes_in_the_other_world(project: Project, era: str) -> None:
    outcome = project.run("--api=standin", "--world", "other", "--era", era)
    assert outcome.code == 0, outcome.output
    assert re.search(r"\n\d+ scenarios: \d+ passed\n", outcome.output), outcome.output


@pytest.mark.parametrize(("world", "era"), [("default", "2025"), ("other", "current")])
def test_the_story_passes_live_in_every_world_and_era(project: Project, world: str, era: str) -> None:
    """The other two pairs are those of the tests in test_live.py."""
    with running(world, era) as shop:
        outcome = project.run("--api=live", **shop.variables)
        assert outcome.code == 0, outcome.output
        assert re.search(r"\b1 passed, \d\d deselected", outcome.output), outcome.output
        assert len(shop.orders()) == 1


def test_what_the_other_world_recorded_replays_without_a_word_about_it(project: Project) -> None:
    recorded = project.run("--api=standin", "--world", "other", "--record", "features/order_payment.feature")
    assert recorded.code == 0, recorded.output
    first = (project.root / STORY_CASSETTE).read_text()
    assert json.loads(first)["profile"]["orders"]["storage"] == "bestellungen"
    assert json.loads(first)["data"] == {"run mark": RUN_MARK_OF_STANDIN}, "the same each time"
    assert project.run("features/order_payment.feature").code == 0


def test_the_other_world_needs_its_profile(project: Project) -> None:
    (project.root / "empty.toml").write_text("")
    outcome = project.run(
        "--api=standin", "--world", "other", "--profile", "empty.toml", "features/order_payment.feature"
    )
    assert outcome.code == 1, "else the two worlds would not differ"


def test_a_world_is_the_standins(project: Project) -> None:
    outcome = project.run("--world", "other")
    assert outcome.code == 4
    assert "--world says which shop the stand-in is: add --api=standin" in outcome.output


def test_the_two_profiles_have_nothing_in_common() -> None:
    one, other = Profile().model_dump(mode="json"), Profile.read(OTHER_SHOP).model_dump(mode="json")
    assert _values(one) & _values(other) == set()
    worlds = [{product.id for product in world.products} for world in (DEFAULT, OTHER)]
    assert worlds[0] & worlds[1] == set()


def _values(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(_values, value.values()))
    return {str(value)}
