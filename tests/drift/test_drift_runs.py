"""Runs with `--drift` against a server that has drifted: terminal, exit code, report and file."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.world import DEFAULT, OTHER, World
from tests.conftest import SOAK, STORY, STORY_CASSETTE, Outcome, Project
from tests.drift.changes import Change, put, refused, renamed


class DriftingServer(Server):
    """A project whose answers to some requests are changed on their way out: `drifts` is method and path -> change."""

    def __init__(self, world: World = DEFAULT) -> None:
        super().__init__(world=world)
        self.drifts: dict[str, Change] = {}
        config = self._uvicorn.config
        config.app = self._drifting(config.app)

    def _drifting(self, app: Any) -> ASGIApp:
        async def drifting(scope: Scope, receive: Receive, send: Send) -> None:
            change = self.drifts.get(f"{scope['method']} {scope['path'].removeprefix('/api/content')}")
            start: dict[str, Any] = {}

            async def send_changed(message: Message) -> None:
                if change is None:
                    await send(message)
                elif message["type"] == "http.response.start":
                    start.update(message)
                else:
                    response = {"status": start["status"], "body": {"json": json.loads(message["body"])}}
                    change(response)
                    content = json.dumps(response["body"]["json"]).encode()
                    start["headers"] = [
                        *((name, value) for name, value in start["headers"] if name != b"content-length"),
                        (b"content-length", str(len(content)).encode()),
                    ]
                    await send({**start, "status": response["status"]})
                    await send({**message, "body": content})

            await app(scope, receive, send_changed)

        return drifting


CREATE_ORDER = "POST /orders-storage/marker/orders/orders"
CREATE_SESSION = "POST /payments/sessions"


@contextmanager
def serving(server: DriftingServer) -> Iterator[DriftingServer]:
    with server:
        yield server


@pytest.fixture(scope="module")
def running() -> Iterator[DriftingServer]:
    with serving(DriftingServer()) as server:
        yield server


@pytest.fixture
def server(running: DriftingServer) -> DriftingServer:
    running.reset()
    running.drifts = {}
    return running


def drift(project: Project, server: DriftingServer, *arguments: str) -> Outcome:
    """Compare what `server` says with the cassettes, as somebody would whose project it is."""
    user, other = server.world.users[:2]
    before = project.cassettes()
    outcome = project.run(
        "--api=live",
        "--drift",
        *arguments,
        COLUMNS="250",
        ONEENTRY_PROJECT_URL=server.url,
        ONEENTRY_APP_TOKEN=server.world.app_token,
        ONEENTRY_USER=user.identifier,
        ONEENTRY_PASSWORD=user.password,
        ONEENTRY_OTHER_USER=other.identifier,
        ONEENTRY_OTHER_PASSWORD=other.password,
        ONEENTRY_ALLOW_ORDERS=server.url.removeprefix("http://"),
    )
    assert project.cassettes() == before, "drift changes no cassette"
    return outcome


def document_of(project: Project) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((project.root / "reports/drift.json").read_text(encoding="utf-8"))
    return document


def recorded_from_a_project(project: Project, path: str) -> None:
    project.edit(path, '"recorded_from": "mock server"', '"recorded_from": "project"')


def test_breaking_drift_is_red_and_told_everywhere(project: Project, server: DriftingServer) -> None:
    recorded_from_a_project(project, STORY_CASSETTE)
    server.drifts[CREATE_ORDER] = put("isGift", value=False)
    server.drifts[CREATE_SESSION] = lambda response: (
        renamed("updatedDate", "changedDate")(response),
        put("status", value="completed")(response),
    )
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "1 scenarios compared with their cassettes: 2 breaking and 2 additive findings" in outcome.output
    assert "Drift. The API no longer says what the cassettes say" in outcome.output
    assert "first contact" not in outcome.output.lower()
    line = 'breaking  payments.create_session  response.body.status       another value  "waiting"  "completed"'
    assert f"{line}  A payment session is opened for a new order\n" in outcome.output
    assert f"To record exactly the scenarios with findings:\n  pytest --api=live --record {STORY}\n" in outcome.output

    document = document_of(project)
    assert list(document) == [
        *("format", "breaking", "additive", "compared", "not_compared", "record_command", "findings")
    ]
    assert (document["breaking"], document["additive"], document["compared"]) == (2, 2, [STORY])
    assert document["record_command"] == f"pytest --api=live --record {STORY}"
    assert [(each["call"], each["where"], each["kind"]) for each in document["findings"]] == [
        (2, "response.body.isGift", "additive"),
        (3, "response.body.changedDate", "additive"),
        (3, "response.body.status", "breaking"),
        (3, "response.body.updatedDate", "breaking"),
    ]
    assert document["findings"][2] == {
        "scenario": "A payment session is opened for a new order",
        "node_id": STORY,
        "subject": "drift",
        "call": 3,
        "operation": "payments.create_session",
        "where": "response.body.status",
        "what": "another value",
        "was": '"waiting"',
        "now": '"completed"',
        "kind": "breaking",
        "fidelity": "",
    }
    [table] = (
        list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in (project.root / "reports/allure-results").glob("*/*-attachment.csv")
    )
    assert [row["where"] for row in table] == [
        *("response.body.isGift", "response.body.updatedDate", "response.body.status", "response.body.changedDate")
    ]


def test_additive_drift_is_green(project: Project, server: DriftingServer) -> None:
    recorded_from_a_project(project, STORY_CASSETTE)
    server.drifts[CREATE_ORDER] = put("isGift", value=False)
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert "0 breaking and 1 additive findings" in outcome.output
    assert document_of(project)["additive"] == 1


def test_first_contact_asks_whether_our_picture_is_right(project: Project, server: DriftingServer) -> None:
    server.drifts["GET /payments/accounts"] = put(0, "isUsed", value=False)
    outcome = drift(project, server, STORY)
    assert "1 scenarios: 1 passed" in outcome.output, "the scenario itself does not mind"
    assert outcome.code == 1, "the same exit rule"
    assert "First contact. These cassettes were recorded from the mock server" in outcome.output
    assert "is our picture of it right?" in outcome.output
    assert "\nDrift." not in outcome.output
    assert "    fidelity: payments.get_accounts | answered | all accounts; no user needed | doc" in outcome.output
    assert [each["subject"] for each in document_of(project)["findings"]] == ["first contact"]
    [result] = (project.root / "reports/allure-results").glob("*/*-result.json")
    assert "First contact" in [each["name"] for each in json.loads(result.read_text("utf-8"))["attachments"]]


def test_a_scenario_that_fails_of_a_refusal_is_compared_too(project: Project, server: DriftingServer) -> None:
    server.drifts[CREATE_SESSION] = refused(402, f"no plan for {DEFAULT.users[0].identifier} at {server.url}")
    outcome = drift(project, server, STORY)
    assert outcome.code == 1
    assert "1 breaking and 0 additive findings" in outcome.output
    [found] = document_of(project)["findings"]
    assert found["what"] == "new refusal"
    assert found["now"] == '402 "no plan for person-1@redacted.invalid at http://project.re…', "redacted, and cut"


def test_another_shop_says_the_same_in_its_own_words(project: Project) -> None:
    with serving(DriftingServer(OTHER)) as server:
        outcome = drift(project, server, "--profile=oneentry_scenarios/mock_server/other.toml", STORY)
    assert outcome.code == 0, outcome.output
    assert "1 scenarios compared with their cassettes: no findings" in outcome.output


def test_a_scenario_without_a_cassette_is_named_and_no_error(project: Project, server: DriftingServer) -> None:
    (project.root / STORY_CASSETTE).unlink()
    outcome = drift(project, server, STORY)
    assert outcome.code == 0, outcome.output
    assert f"Without a cassette of their own, so not compared:\n  {STORY}\n" in outcome.output
    assert document_of(project)["not_compared"] == [STORY]


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--drift", "--api=mock"], "add --api=live"),
        (["--drift", "--api=live", "--record"], "drop --record, or record in a second run"),
    ],
)
def test_drift_needs_a_project_and_does_not_record(project: Project, options: list[str], advice: str) -> None:
    outcome = project.run(*options, STORY)
    assert outcome.code == 4
    assert advice in outcome.output


@pytest.mark.soak
def test_undrifted_runs_report_nothing(project: Project, server: DriftingServer) -> None:
    """On a shop that is in use: nothing is reset between the runs, so ids, dates and histories go on."""
    features = ["features/order_payment.feature", "features/paying.feature", "--all"] if SOAK else [STORY]
    for number in range(20 if SOAK else 3):
        outcome = drift(project, server, *features)
        assert "their cassettes: no findings" in outcome.output, f"run {number + 1}:\n{outcome.output}"
        assert Path(project.root / "reports/drift.json").is_file()
