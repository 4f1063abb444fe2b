"""Runs with `--drift` against a server that has drifted: terminal, exit code, report and file."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP
from tests.conftest import SOAK, STORY, STORY_CASSETTE, Outcome, Project
from tests.drift.changes import put, refused
from tests.drift.server import DriftingServer
from tests.live.projects import LiveProject

CREATE_ORDER = "POST /orders-storage/marker/orders/orders"
CREATE_SESSION = "POST /payments/sessions"


@pytest.fixture
def server() -> Iterator[DriftingServer]:
    with DriftingServer() as server:
        yield server


def drift(project: Project, server: DriftingServer, *arguments: str) -> Outcome:
    """Compare the responses of `server` with the cassettes."""
    before = project.cassettes()
    variables = LiveProject(server.url, server.shop_data).variables
    outcome = project.run("--api=live", "--drift", *arguments, COLUMNS="250", **variables)
    assert project.cassettes() == before, "drift changes no cassette"
    return outcome


def document_of(project: Project) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((project.root / "reports/drift.json").read_text(encoding="utf-8"))
    return document


#: Turns a cassette of the mock server into one of a project.
FROM_A_PROJECT = (STORY_CASSETTE, '"recorded_from": "mock server"', '"recorded_from": "project"')


def test_breaking_drift_is_red_and_reported_everywhere(project: Project, server: DriftingServer) -> None:
    project.edit(*FROM_A_PROJECT)
    server.drifts[CREATE_ORDER] = put("body.isGift", False)
    server.drifts[CREATE_SESSION] = lambda response: (
        put("body.changedDate", response["body"]["json"].pop("updatedDate"))(response),
        put("body.status", "completed")(response),
    )
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "Scenarios compared with their cassettes: 1. Findings: 2 breaking, 2 additive" in outcome.output
    assert "Drift. The API's responses differ from these cassettes, which were recorded from a pro" in outcome.output
    assert "mock mismatch" not in outcome.output.lower()
    line = 'breaking  payments.create_session  response.body.status       value changed  "waiting"  "completed"'
    assert f"{line}  A customer can open a payment session for a new order\n" in outcome.output
    assert f"To re-record only the scenarios with findings:\n  pytest --api=live --record {STORY}\n" in outcome.output

    written = (project.root / "reports/drift.json").read_text(encoding="utf-8")
    assert written == Path(__file__).with_name("drift.json").read_text("utf-8")
    [table] = (
        list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in (project.root / "reports/allure-results").glob("*/*-attachment.csv")
    )
    assert [row["where"] for row in table] == [
        *("response.body.isGift", "response.body.updatedDate", "response.body.status", "response.body.changedDate")
    ]


def test_additive_drift_is_green(project: Project, server: DriftingServer) -> None:
    project.edit(*FROM_A_PROJECT)
    server.drifts[CREATE_ORDER] = put("body.isGift", False)
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert "0 breaking, 1 additive" in outcome.output
    assert document_of(project)["additive"] == 1
    [file] = (project.root / "reports/allure-results").glob("*/*-globals.json")
    on_the_first_page = [each["name"] for each in json.loads(file.read_text("utf-8"))["attachments"]]
    assert sorted(on_the_first_page) == ["Created orders", "Drift"]


def test_a_mock_mismatch_asks_whether_the_mock_server_is_right(project: Project, server: DriftingServer) -> None:
    server.drifts["GET /payments/accounts"] = put("body[0].isUsed", False)
    outcome = drift(project, server, STORY)
    assert "1 scenario: 1 passed" in outcome.output, "the scenario itself does not mind"
    assert outcome.code == 1, "the same exit rule"
    assert "Mock mismatch. These cassettes were recorded from the mock server" in outcome.output
    assert "the mock server may be wrong" in outcome.output
    assert "\nDrift." not in outcome.output
    assert "    evidence: payments.get_accounts | answered | all accounts; no user needed | doc" in outcome.output
    assert [each["subject"] for each in document_of(project)["findings"]] == ["mock mismatch"]
    [result] = (project.root / "reports/allure-results").glob("*/*-result.json")
    assert "Mock mismatch" in [each["name"] for each in json.loads(result.read_text("utf-8"))["attachments"]]


def test_a_scenario_that_fails_of_a_refusal_is_compared_too(project: Project, server: DriftingServer) -> None:
    server.drifts[CREATE_SESSION] = refused(402, f"no plan for {DEFAULT_SHOP.users[0].identifier} at {server.url}")
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "1 breaking, 0 additive" in outcome.output
    [found] = document_of(project)["findings"]
    assert found["what"] == "new refusal"
    assert found["now"] == '402 "no plan for person-1@redacted.invalid at http://project.re…', "redacted, and cut"


@pytest.mark.parametrize("why", ["", ": it is empty"])
def test_a_scenario_without_a_usable_cassette_is_no_error(project: Project, server: DriftingServer, why: str) -> None:
    (project.root / STORY_CASSETTE).unlink()
    if why:
        (project.root / STORY_CASSETTE).touch()
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert f"Not compared (if no reason is given, there is no matching cassette):\n  {STORY}{why}\n" in outcome.output
    assert document_of(project)["not_compared"] == [f"{STORY}{why}"]


def test_drift_needs_a_project_and_does_not_record(project: Project) -> None:
    for option, advice in (("--api=mock", "add --api=live"), ("--record", "remove --record, or record in a second")):
        outcome = project.run("--api=live", "--drift", option, STORY)
        assert (outcome.code, advice in outcome.output) == (4, True)


def test_recording_a_project_again_changes_no_file_unless_it_answers_or_is_asked_otherwise(
    project: Project, server: DriftingServer
) -> None:
    """Ids, dates, tokens, the device and the length of histories differ each time."""
    buyer = "ordering/an-order-confirmation-shows-the-buyer-s-name.json"
    history = "ordering/a-new-order-appears-in-the-customer-s-order-history.json"

    def changed(*options: str) -> set[str]:
        before, chosen = project.cassettes(), "new-order-appears-in or shows-the-buyer-s-name"
        server.controls.move_clock(timedelta(days=1))
        variables = LiveProject(server.url).variables
        project.run("--api=live", "--record", "-k", chosen, *options, **variables).expect(0, "2 passed")
        return {name for name, content in project.cassettes().items() if content != before[name]}

    assert changed() == {buyer, history}, "the project's replace those of the mock server"
    assert changed() == set()
    server.drifts[CREATE_ORDER] = put("body.isGift", False)
    assert changed() == {buyer, history}
    shows = "Then Christina's order history shows the order"
    ordered = f'When Christina orders {{}} "Product 14"\n      {shows}'.format
    project.edit("features/ordering.feature", ordered(2), ordered(3))
    assert changed("--fresh-data") == {buyer, history}, "new data in one, a change of the feature in the other"


@pytest.mark.soak
def test_undrifted_runs_report_nothing(project: Project, server: DriftingServer) -> None:
    """On a shop that is in use: nothing is reset between the runs, so ids, dates and histories go on."""
    features = ["features/order_payment.feature", "features/payment_sessions.feature", "--all"] if SOAK else [STORY]
    for number in range(20 if SOAK else 3):
        outcome = drift(project, server, *features)
        assert "Findings: none" in outcome.output, f"run {number + 1}:\n{outcome.output}"
        assert (project.root / "reports/drift.json").is_file()
