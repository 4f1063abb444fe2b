"""Live runs are safe: few scenarios, no more than allowed, one by one, gently, and every order is on the list."""

import json
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.api.exchange import Exchange, MessageRedactor
from oneentry_scenarios.gherkin.identity import ScenarioIdentity
from oneentry_scenarios.live.created_orders import CREATE_ORDER, CreatedOrders
from oneentry_scenarios.live.run import Pacer
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from tests.api.wire import NEW_ORDER
from tests.conftest import SOAK, STORY, STORY_CASSETTE, Project, environment
from tests.drift.changes import body
from tests.drift.server import DriftingServer
from tests.live.projects import LiveProject, running

LIST = "reports/created-orders.jsonl"
LIVE = "--api=live"
MESSAGES = MessageRedactor(Redactor())
REQUEST = MESSAGES.redact_request("POST", "https://a.example/api/orders-storage/marker/my%20orders/orders", [], b"{}")
IDENTITY = ScenarioIdentity("features/a.feature", "A feature", None, "A scenario", {}, 1)


@pytest.fixture(scope="module")
def shop() -> Iterator[LiveProject]:
    with running() as project:
        yield project


@pytest.fixture(scope="module")
def other_shop() -> Iterator[LiveProject]:
    with running("other", "2025") as project:
        yield project


def listed(root: Path, event: str = "created") -> list[dict[str, Any]]:
    """The lines of the list about this event."""
    lines = (root / LIST).read_text(encoding="utf-8").splitlines(keepends=True)
    events = [json.loads(line) for line in lines if line.endswith("\n")]  # the last one may be half written
    return [each for each in events if each["event"] == event]


def test_only_smoke_runs_and_its_order_is_listed(project: Project, shop: LiveProject) -> None:
    before = shop.order_count()
    outcome = project.run(LIVE, "features", **shop.variables)
    others = len(project.cassettes()) - 1
    left_out = f"\n{others} scenarios left out: without --all, -m, -k, files or node IDs, a live run runs only @smoke."
    created = f"Created 1 order that the API cannot delete: order {max(each.id for each in shop.orders())}. Listed in"
    outcome.expect(0, f"1 passed, {others} deselected", left_out, f"{created} {LIST}.")
    assert shop.order_count() == before + 1
    [order] = listed(project.root)
    assert (f" {order['id']}. " in created, order["storage"]) == (True, "orders")
    assert order["scenario"] == "From order to payment session: A customer can open a payment session for a new order"
    assert order["run_mark"] is None, "the profile names no form field for it"
    with shop.client() as client:
        assert len(client.auth_provider.get_active_sessions_by_marker("email")) == 1, "the run has signed out again"


def test_a_live_run_is_serial(project: Project, shop: LiveProject) -> None:
    outcome = project.run(LIVE, "-n", "2", **shop.variables)
    outcome.expect(4)
    assert outcome.output.strip().startswith("ERROR: A live run places orders one at a time")
    assert "Traceback" not in outcome.output


def test_a_mistake_ends_the_run_before_its_first_order(project: Project, shop: LiveProject) -> None:
    before = shop.order_count()
    outcome = project.run(LIVE, "--all", "--record", **shop.variables | {"ONEENTRY_APP_TOKEN": "123456"})
    outcome.expect(4, "ERROR: ONEENTRY_APP_TOKEN: ")
    assert outcome.output.count("ONEENTRY_APP_TOKEN: ") == 1
    assert not re.search("Traceback|passed|failed", outcome.output)
    assert shop.order_count() == before
    assert not (project.root / LIST).exists()


def test_a_run_mark_is_on_each_order_and_replays(project: Project, other_shop: LiveProject) -> None:
    project.run(LIVE, "--record", STORY, **other_shop.variables).expect(0)
    [entry] = listed(project.root)
    [order] = other_shop.orders()
    assert entry["id"] == order.id
    assert entry["run_mark"].startswith("scenario-run 2")
    assert {field.marker: field.value for field in order.form_data} == {
        "besteller": "Christina Thomas",
        "vermerk": entry["run_mark"],
    }
    cassette = json.loads((project.root / STORY_CASSETTE).read_text())
    assert cassette["data"] == {"run mark": entry["run_mark"]}
    calls = [call["request"]["url"] for call in cassette["interactions"]]
    assert calls[0].endswith("/users/auth"), "the preflight's calls are in no cassette"
    assert not [url for url in calls if "logout" in url], "nor is signing out afterwards"
    assert project.run(STORY).code == 0


def test_what_the_profile_lacks_is_skipped_before_anything_is_ordered(project: Project, shop: LiveProject) -> None:
    profile = project.root / "my-shop.toml"
    profile.write_text(
        '[accounts]\ncash = "cash"\n[products."Product 14"]\nid = 14\nprice = "340.00"\ncurrency = "USD"\n'
    )
    before = shop.order_count()
    chosen = "-k", "change-the-products or several-products or card-payment-session-has or the-payment-is-outcome"
    outcome = project.run(LIVE, *chosen, "--profile", str(profile), **shop.variables)
    outcome.expect(
        pytest.ExitCode.NO_TESTS_COLLECTED,
        "6 skipped",
        "2 skipped: The profile has no product called 'Product 2' (available: 'Product 14'). Add it with your shop's "
        'values (in replay, re-record then):\n  [products."Product 2"]\n  id = 1\n  price = "1.00"\n  currency = "USD"',
        "1 skipped: The profile has no payment account called 'card' (available: 'cash'). Add it",
        "3 skipped: needs the mock server",
    )
    assert shop.order_count() == before
    # At the mock server nothing is ever skipped.
    project.run("--api=mock", *chosen, "--profile", str(profile)).expect(1, "6 failed")


def test_the_profile_may_be_named_in_the_environment_file(project: Project, other_shop: LiveProject) -> None:
    (project.root / "mine.toml").write_text('[orders]\nstorag = "bestellungen"\n')
    variables = {name: value for name, value in other_shop.variables.items() if name != "ONEENTRY_PROFILE"}
    (project.root / ".env").write_text("ONEENTRY_PROFILE=mine.toml\n")
    mistake = "mine.toml cannot be used:\n  - orders.storag: there is no such key; did you mean storage?"
    project.run(LIVE, **variables).expect(4, mistake)


def test_no_order_is_placed_that_would_take_real_money(project: Project) -> None:
    with DriftingServer() as server:
        server.drifts["GET /payments/accounts"] = body(
            lambda accounts: [each.update(testMode=None) for each in accounts]
        )
        shop = LiveProject(server.url)
        outcome = project.run(LIVE, "-k", "has-a-checkout-link or has-no-payment-session", **shop.variables)
        skipped = "1 skipped: the payment account 'stripe' is not in test mode"
        outcome.expect(0, "1 passed, 1 skipped", skipped)
        assert [order.payment_account_identifier for order in shop.orders()] == ["cash"]


def test_one_user_is_enough_where_one_person_acts_and_breaks_no_sign_in(project: Project, shop: LiveProject) -> None:
    variables = {name: value for name, value in shop.variables.items() if "_OTHER_" not in name} | {"COLUMNS": "250"}
    outcome = project.run(LIVE, "--all", "-v", "features/signing_in.feature", **variables)
    skipped = re.findall(r"::([\w-]*\w).* SKIPPED \(needs a second test user", outcome.output)
    two_people = [
        "a-sign-in-session-cannot-be-renewed-after-signing-out",
        "renewing-a-sign-in-session-does-not-end-other-sign-in-sessions",
    ]
    two_people += ["other-customers-stay-signed-in-when-a-customer-action"] * 2
    breaking = [
        "a-sign-in-session-cannot-be-renewed-after-signing-out-on-all-devices",
        *["signing-in-with-credentials-is-refused"] * 2,
    ]
    breaking += ["signing-out-on-all-devices-also-ends-the-sign-in-session-on-another-device"]
    assert sorted(skipped) == sorted(two_people + breaking), outcome.output


def test_a_list_that_the_project_cuts_hides_nothing(project: Project) -> None:
    """Ten records are shown at most: newer orders are found all the same, and a count shows that none was made."""
    with running(era="2025") as shop:
        with shop.client() as client:
            for _ in range(12):
                order = client.orders.create_order("orders", NEW_ORDER)
                client.payments.create_session(order.id, "session")
        chosen = "appears-in-the-customer-s or shows-no-other-customer or empty-order-form"
        project.run(LIVE, "-k", chosen, **shop.variables).expect(0, "4 passed")


@pytest.mark.soak
def test_no_order_is_missing_from_the_list_of_a_run_that_is_stopped(project: Project) -> None:
    """Mostly while the response to an order is pending. All but a killed run say so."""
    command = [sys.executable, "-m", "pytest", "--color=no", LIVE, "--all", "features/ordering.feature"]
    command += ["-k", "not another-order-storage"]  # the count is that of one order storage
    moments = random.Random(20250430)
    (project.root / "reports").mkdir()
    for number in range(100 if SOAK else 3):
        (project.root / LIST).write_text('{"event": "created", "id": 7, "run": "an earlier one"}\n')
        with DriftingServer() as server:
            server.drifts["POST /orders-storage/marker/orders/orders"] = body(lambda _: time.sleep(0.4))
            shop, stop = LiveProject(server.url), (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[number % 3]
            variables = environment() | shop.variables
            with subprocess.Popen(command, cwd=project.root, env=variables, stdout=subprocess.PIPE, text=True) as run:
                while not listed(project.root, "sent"):
                    assert run.poll() is None
                    time.sleep(0.01)
                time.sleep(moments.uniform(0, 2))
                run.send_signal(stop)
                output = run.communicate(timeout=60)[0]
            count = shop.order_count() + shop.order_count(shop.settings.other_user, shop.settings.other_password)
        earlier, *ours = [order["id"] for order in listed(project.root)]
        open_ones = len(listed(project.root, "sent")) - len(ours) - len(listed(project.root, "refused"))
        assert earlier == 7
        assert len(set(ours)) == len(ours) <= count <= len(ours) + open_ones
        assert stop is signal.SIGKILL or (f"{open_ones} more may exist" in output) is (open_ones > 0), output


def test_an_order_that_cannot_be_listed_is_not_placed_and_not_counted(tmp_path: Path) -> None:
    (tmp_path / LIST).mkdir(parents=True)
    created = CreatedOrders(tmp_path, "a.example", "mark")
    with pytest.raises(Problem, match=r"Make it writable and rerun\. No order is placed without this list\."):
        created.announce(REQUEST, IDENTITY, is_marked=True)
    assert not created.summary()


def test_without_a_list_no_order_is_placed(project: Project, shop: LiveProject) -> None:
    before = shop.order_count()
    (project.root / LIST).mkdir(parents=True)
    mistake = f"ERROR: {LIST} lists the orders of live runs and cannot be written: Is a directory."
    project.run(LIVE, **shop.variables).expect(4, mistake)
    assert shop.order_count() == before


@pytest.mark.parametrize(
    ("status", "content", "event", "number"),
    [
        (201, b'{"id": 89}', "created", 89),
        (None, b"", None, None),
        (201, b"<html>", None, None),
        (504, b"<html>", None, None),
        (400, b'{"message": "no"}', "refused", None),
    ],
)
def test_an_order_that_may_have_been_created_is_listed_too(
    tmp_path: Path, status: int | None, content: bytes, event: str | None, number: int | None
) -> None:
    created = CreatedOrders(tmp_path, "a.example", "mark")
    response = MESSAGES.redact_response(status, "", [], content) if status else None
    created.announce(REQUEST, IDENTITY, is_marked=True)
    created.confirm(Exchange(CREATE_ORDER, REQUEST, response))
    [sent] = listed(tmp_path, "sent")
    assert (sent["scenario"], sent["storage"], sent["run_mark"]) == ("A feature: A scenario", "my orders", "mark")
    assert [each["id"] for each in listed(tmp_path, event)] == [number] if event else True
    assert ("1 more may exist" in created.summary()) is (event is None)
    assert ("Created 1 order" in created.summary()) is (event == "created")


def test_the_throttle_waits_between_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = [100.0], []

    def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))
        now[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    pacer = Pacer(4)
    for pause in (0, 0.1, 0, 3, 0):
        now[0] += pause
        pacer.wait()
    assert waited == [0.15, 0.25, 0.25]
    Pacer(0).wait()
    assert len(waited) == 3, "without a limit there is no wait"
