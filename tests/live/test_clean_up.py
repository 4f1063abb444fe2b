"""Orders of live runs are canceled where the profile names a status for it: at the end of a run, or later."""

import json
import sys
from collections.abc import Iterator

import pytest

from oneentry_scenarios.mock_server import Server
from tests.conftest import STORY, Outcome, Project
from tests.live.projects import LiveProject
from tests.live.test_live import LIST, LIVE, listed
from tools.checkout import run_command

PROFILE = '[orders]\nstatus_after_run = "canceled"\n'


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def shop(server: Server) -> LiveProject:
    return LiveProject(server.url)


def cancel(project: Project, shop: LiveProject) -> Outcome:
    command = sys.executable, "-m", "oneentry_scenarios", "cancel-orders"
    done = run_command(*command, cwd=project.root, limit=60, **shop.variables, ONEENTRY_PROFILE="mine.toml")
    return Outcome(done.returncode, done.stdout + done.stderr)


def test_a_run_cancels_its_orders_if_the_profile_says_so(project: Project, shop: LiveProject) -> None:
    (project.root / "mine.toml").write_text(PROFILE)
    outcome = project.run(LIVE, STORY, **shop.variables | {"ONEENTRY_PROFILE": "mine.toml"})
    outcome.expect(0, "Created 1 order that the API cannot delete: order 89. Listed in", "\nCanceled order 89.\n")
    assert [each.status_identifier for each in shop.orders()] == ["canceled"]
    assert [each["id"] for each in listed(project.root, "canceled")] == [89]
    cancel(project, shop).expect(0, f"{LIST} has no orders of this project left to cancel.")


def test_the_command_cancels_what_is_left_or_says_why(project: Project, shop: LiveProject, server: Server) -> None:
    for _ in range(2):
        project.run(LIVE, STORY, **shop.variables).expect(0, "Created 1 order")
    server.controls.settle_payment(90, "completed")
    line, _ = listed(project.root)
    others = {"id": 999}, {"id": 88, "project": "of another"}
    with (project.root / LIST).open("a") as file:
        file.writelines(["a killed run\n", *(f"{json.dumps(line | other)}\n" for other in others)])
    assert [each.status_identifier for each in shop.orders()] == ["paid_for", "inProgress"]
    (project.root / "mine.toml").write_text("")
    cancel(project, shop).expect(1, "The profile does not name the status", 'status_after_run = "its identifier"')
    (project.root / "mine.toml").write_text(PROFILE)
    outcome = cancel(project, shop)
    update = "orders.update_order_by_marker_and_id returned 400: Can't update the order. Payment sess"
    outcome.expect(
        1, f"Canceled order 89.\nOrder 90 could not be canceled: {update}", "may have been paid.\nOrder 999 "
    )
    outcome.expect(
        1, "_by_marker_and_id returned 404: Order not found.\nOrders that are not canceled remain in " + LIST
    )
    assert "Order 88" not in outcome.output, "it is of another project"
    assert [each.status_identifier for each in shop.orders()] == ["paid_for", "canceled"]
