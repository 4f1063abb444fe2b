"""The features hold together: green however they are run, and red in the shop's words when the shop is wrong."""

import random
import re

import pytest

from tests.conftest import SOAK, Outcome, Project


def scenarios_of(project: Project) -> list[str]:
    outcome = project.run("--collect-only", "-q")
    assert outcome.code == 0, outcome.output
    return [line for line in outcome.output.splitlines() if line.startswith("features/") and "::" in line]


def all_green(outcome: Outcome, count: int) -> None:
    assert outcome.code == 0, outcome.output
    assert re.search(rf"\b{count} passed in ", outcome.output), outcome.output[-400:]
    assert "skipped" not in outcome.output


FAR_EAST = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
FAR_WEST = {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"}


@pytest.mark.parametrize(
    ("options", "place"),
    [
        *((options, {}) for options in ("", "-n2", "--api=mock", "--api=mock --era=2025", "--api=mock -n2")),
        *((options, place) for options in ("", "--api=mock") for place in (FAR_EAST, FAR_WEST)),
    ],
)
def test_all_scenarios_are_green_and_none_is_skipped(project: Project, options: str, place: dict[str, str]) -> None:
    all_green(project.run(*options.split(), **place), len(scenarios_of(project)))


@pytest.mark.soak
def test_each_is_green_by_itself(project: Project) -> None:
    scenarios = scenarios_of(project)
    for scenario in scenarios if SOAK else random.Random(4).sample(scenarios, 3):
        all_green(project.run(scenario), 1)


def test_steps_fit_every_customer(project: Project) -> None:
    """Ben does what Christina does, who signs in last: a step fails if it means her, or the latest sign-in."""
    count = len(scenarios_of(project))
    for path in (project.root / "features").glob("*.feature"):
        text = path.read_text(encoding="utf-8").replace("Christina", "Maya").replace("Ben", "Christina")
        text = text.replace(
            "Given Maya has signed in\n\n", "Given Maya has signed in\n    And Christina has signed in\n\n"
        )
        path.write_text(text.replace("Maya", "Ben"), encoding="utf-8")
    all_green(project.run("--api=mock"), count)


def test_a_wrong_shop_is_reported_in_the_shops_words(project: Project) -> None:
    """Another's order can be read. What other faults say is measured in tools/faults."""
    right, broken = "id=order_id, buyer=buyer)", "id=order_id)"
    project.edit("oneentry_scenarios/mock_server/orders.py", right, broken)
    scenario = "features/ordering.feature::nobody-reads-somebody-else-s-order"
    outcome = project.run("--api=mock", scenario)
    assert outcome.code == 1, outcome.output
    story, rest = outcome.output.split("Run it again:\n", 1)
    assert (
        "When Ben tries to read the order\n"
        "  The refusal (orders.get_order_by_marker_and_id) is not as expected:\n"
        "    expected that the shop refuses this, got "
    ) in story
    assert ".py" not in story.split("FAILURES")[1], "no Python before the end of the story"
    assert rest.startswith(f"  pytest --api=mock {scenario}\n")
    assert "Allure results: reports/allure-results/" in rest
