"""The evidence table is complete, and the server answers each refusal as the table says."""

import re
from pathlib import Path
from typing import Any

import pytest

import oneentry_scenarios.mock_server
from oneentry_scenarios.mock_server import Server, ServerControls
from oneentry_scenarios.mock_server.answers import REFUSALS
from oneentry_scenarios.mock_server.evidence import EvidenceRow, outcome_of
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs
from oneentry_scenarios.problem import read_toml
from tools.coverage import reached

from .caller import ORDERS, Caller
from .provoked import PROVOKED, Scene

README = Path(oneentry_scenarios.mock_server.__file__).with_name("README.md")
LEVELS = {"documented", "observed", "inferred", "our choice"}
OPERATION_NAMES = {operation.name for operation in OPERATIONS}
CONTROLS = {f"controls.{name}" for name in vars(ServerControls) if not name.startswith("_")}
SCOPES = {"any", "needs.id", *(f"needs.{need.name.lower()}" for need in Needs)}
MESSAGES = read_toml(__file__, "messages.toml")


def table() -> list[EvidenceRow]:
    _, _, text = README.read_text("utf-8").partition("| operation | outcome |")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [EvidenceRow(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def test_every_line_is_of_the_known_form() -> None:
    for row in table():
        assert row.response, row
        assert row.level in LEVELS, row
        assert row.source or row.level in ("our choice", "inferred"), row


def test_every_operation_and_control_has_a_line_and_every_line_one_of_them() -> None:
    answered = {row.operation for row in table() if row.outcome == "answered"}
    assert answered >= OPERATION_NAMES | CONTROLS
    assert {row.operation for row in table()} <= OPERATION_NAMES | CONTROLS | SCOPES


def test_every_refusal_has_a_line_and_every_line_one_of_them() -> None:
    outcomes = {row.outcome for row in table()} - {"answered"}
    assert outcomes == REFUSALS.keys()


def test_code_names_all_refusals_no_others_and_no_two_are_the_same() -> None:
    """As a table they are not checked by mypy."""
    lines = "".join(path.read_text("utf-8") for path in README.parent.glob("*.py")).splitlines()
    refusing = [
        line
        for line in lines
        if re.search(r"RequestRefused\(|\bfind_or_refuse\(|matching\(|_provider\(|\brefusal\b", line)
    ]
    assert {*re.findall(r'"([a-z]+(?:_[a-z]+)+)"', "\n".join(refusing))} == REFUSALS.keys()
    assert len({refusal[1:] for refusal in REFUSALS.values()}) == len(REFUSALS)


@pytest.mark.usefixtures("measured")
def test_every_refusal_line_is_provoked_or_met_by_a_scenario() -> None:
    """Recording again pins what scenarios meet, byte by byte."""
    refusals = {(row.operation, row.outcome) for row in table() if row.outcome != "answered"}
    assert refusals <= PROVOKED.keys() | reached().keys()
    assert refusals >= PROVOKED.keys()


@pytest.fixture
def scene(buyer: Caller, server: Server) -> Scene:
    return Scene(buyer, server)


@pytest.mark.parametrize(("operation", "outcome"), PROVOKED)
def test_a_refusal_has_its_status_and_words(operation: str, outcome: str, scene: Scene) -> None:
    refusal = REFUSALS[outcome]
    message = MESSAGES.get(f"{operation} {outcome}") or MESSAGES.get(outcome) or refusal.template.format()
    status, body = PROVOKED[operation, outcome](scene)
    assert outcome_of(status, body) == outcome
    assert (status, body.pop("statusCode")) == (refusal.status, refusal.status), body
    assert [*body] == ["message"]
    assert body["message"].startswith(message) if message.endswith(": ") else body["message"] == message


def test_without_the_app_token_even_an_unknown_path_is_closed(buyer: Caller) -> None:
    assert buyer.get("/nowhere", x_app_token=None) == (403, {"statusCode": 403, "message": "Resource is closed"})


def test_a_method_that_is_not_served_is_an_unknown_path(buyer: Caller) -> None:
    answer: Any = buyer.call("DELETE", f"{ORDERS}/89")
    assert answer == (404, {"statusCode": 404, "message": f"Cannot DELETE {ORDERS}/89"})
