"""The features hold together: green however they are run, and red in the shop's words when the shop is wrong."""

import random
import re

import pytest

from tests.conftest import SOAK, Outcome, Project
from tools.checkout import run_pytest


def all_green(outcome: Outcome, count: int) -> None:
    outcome.expect(0, f" {count} passed in ")
    assert "skipped" not in outcome.output


@pytest.fixture(scope="module")
def scenarios() -> list[str]:
    """The node ids of all scenarios of the checkout."""
    return re.findall(r"^features/\S+::.+", run_pytest("--collect-only", "features").stdout, re.MULTILINE)


FAR_EAST = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "ONEENTRY_PROJECT_URL": "https://not-used.example"}
FAR_WEST = {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"}


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ("", FAR_EAST),
        ("-n2", FAR_WEST),
        ("--api=mock --era=2025", {}),
        ("--api=mock --record", FAR_EAST),
        ("--api=mock --record -n2", FAR_WEST),
    ],
)
def test_all_are_green_none_is_skipped_and_no_cassette_changes(
    checkout: Project, scenarios: list[str], options: str, place: dict[str, str]
) -> None:
    """Recording leaves half of the cassettes alone, and makes the other half, which are missing, as they were."""
    contents = checkout.cassettes()
    from_mock_server = [name for name in sorted(contents) if b'"recorded_from": "mock server"' in contents[name]]
    missing = from_mock_server[::2] if "--record" in options else []
    for name in missing:
        (checkout.root / "cassettes" / name).unlink()
    kept = [checkout.root / "cassettes" / name for name in contents if name not in missing]
    before = [path.stat().st_mtime_ns for path in kept]
    all_green(checkout.run(*options.split(), **place), len(scenarios))
    assert checkout.cassettes() == contents
    assert [path.stat().st_mtime_ns for path in kept] == before, "an unchanged cassette must not be touched"


@pytest.mark.soak
def test_each_is_green_by_itself(checkout: Project, scenarios: list[str]) -> None:
    for scenario in scenarios if SOAK else random.Random(4).sample(scenarios, 3):
        all_green(checkout.run(scenario), 1)


def test_steps_fit_every_customer(checkout: Project, scenarios: list[str]) -> None:
    """Ben does what Christina does, who signs in last: a step fails if it means her, or the latest sign-in."""
    for path in (checkout.root / "features").glob("*.feature"):
        text = path.read_text(encoding="utf-8").replace("Christina", "Maya").replace("Ben", "Christina")
        text = text.replace(
            "Given Maya has signed in\n\n", "Given Maya has signed in\n    And Christina has signed in\n\n"
        )
        path.write_text(text.replace("Maya", "Ben"), encoding="utf-8")
    all_green(checkout.run("--api=mock"), len(scenarios))


def test_a_wrong_shop_is_reported_in_the_shops_words(project: Project) -> None:
    """Another's order can be read. What other faults say is measured in tools/faults."""
    right, broken = "id=order_id, buyer=buyer)", "id=order_id)"
    project.edit("oneentry_scenarios/mock_server/orders.py", right, broken)
    scenario = "features/ordering.feature::a-customer-cannot-view-another-customer-s-order"
    outcome = project.run("--api=mock", scenario)
    assert outcome.code == 1, outcome.output
    story, rest = outcome.output.split("Rerun:\n", 1)
    assert (
        "When Ben tries to view Christina's order\n"
        "  The response (orders.get_order_by_marker_and_id) is not as expected:\n"
        "    expected that the shop refuses the request of Ben, got "
    ) in story
    assert ".py" not in story.split("FAILURES")[1], "no Python before the end of the story"
    assert rest.startswith(f"  pytest --api=mock {scenario}\n")
    assert "Allure results: reports/allure-results/" in rest
