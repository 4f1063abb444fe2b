"""The suite runs unchanged against a shop in which nothing is called, numbered or priced as in the default one."""

import json
import re
from typing import Any

import pytest

from oneentry_scenarios.cassettes.target import Mock
from oneentry_scenarios.live.preflight import profile_text
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP
from tests.conftest import STORY_CASSETTE, Project
from tests.drift.changes import body
from tests.drift.server import DriftingServer
from tests.live.projects import SAMPLES, LiveProject, running


@pytest.mark.parametrize("era", ["current", "2025"])
def test_every_scenario_passes_in_the_other_shop(project: Project, era: str) -> None:
    outcome = project.run("--api=mock", "--world", "other", "--era", era)
    outcome.expect(0)
    assert re.search(r"\n\d+ scenarios: \d+ passed\n", outcome.output), outcome.output


@pytest.mark.parametrize(("name", "era"), [("default", "2025"), ("other", "current")])
def test_the_story_passes_live_in_every_shop_and_era(project: Project, name: str, era: str) -> None:
    """The other two pairs are those of the tests in test_live.py."""
    with running(name, era) as shop:
        outcome = project.run("--api=live", **shop.variables)
        outcome.expect(0)
        assert re.search(r"\b1 passed, \d+ deselected", outcome.output), outcome.output
        assert len(shop.orders()) == 1


def test_what_the_other_shop_recorded_replays_without_a_word_about_it(project: Project) -> None:
    project.run("--api=mock", "--world", "other", "--record", "features/order_payment.feature").expect(0)
    first = json.loads((project.root / STORY_CASSETTE).read_text())
    assert first["profile"]["orders"]["storage"] == "bestellungen"
    assert first["data"] == {"run mark": Mock.run_id}, "the same each time"
    project.run("features/order_payment.feature").expect(0)


@pytest.mark.parametrize("case", SAMPLES["ways-to-pay"].values(), ids=SAMPLES["ways-to-pay"])
def test_the_story_is_paid_as_the_shop_can_be_paid(
    project: Project, monkeypatch: pytest.MonkeyPatch, case: dict[str, Any]
) -> None:
    """With the profile that the command writes: a checkout link is there if, and only if, the account has a page."""
    shop_data = DEFAULT_SHOP._replace(storages=(DEFAULT_SHOP.storages[0]._replace(accounts=tuple(case["offers"])),))
    with DriftingServer(shop_data) as server:
        change = case.get("account", {})
        session = {name: value or None for name, value in case.get("session", {}).items()}  # TOML has no null
        server.drifts = {
            "GET /payments/accounts": body(
                lambda accounts: [each.update(change) for each in accounts if each["type"] == "stripe"]
            ),
            "POST /payments/sessions": body(lambda given: given.update(session)),
        }
        shop = LiveProject(server.url)
        for name, value in shop.variables.items():
            monkeypatch.setenv(name, value)
        text = case.get("profile") or profile_text(project.root, [14], None, checks=False)
        (project.root / "my-shop.toml").write_text(text)
        variables = shop.variables | {"ONEENTRY_PROFILE": "my-shop.toml"}
        outcome = project.run("--api=live", *case.get("asks", ()), **variables)
        outcome.expect(case.get("ends", 0), *case["says"])
        assert [order.payment_account_identifier for order in shop.orders()] == case["orders"]
