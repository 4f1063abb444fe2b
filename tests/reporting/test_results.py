"""What a scenario looks like in Allure's results."""

import json
import re
from typing import Any

import pytest

from oneentry_scenarios.reporting.properties import read_properties, write_properties
from oneentry_scenarios.reporting.scenario import page_of
from tests.reporting.made import SECRET, Run

STATUSES = {
    "Christina orders and pays": "passed",
    "Paying by cash": "passed",
    "Paying by card": "passed",
    "The total is wrong": "failed",
    "A step is not defined": "broken",
    "Left out half way": "skipped",
    "Not today": "skipped",
    "Known to fail": "skipped",
    "Thought to fail": "passed",
    "Set-up breaks": "broken",
    "Refused": "broken",
    "Unreachable": "broken",
    "Clean-up breaks": "broken",
    "Everything breaks": "failed",
}


def steps(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["name"], step["status"]) for step in result["steps"]]


def labels(result: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_every_scenario_has_one_result_with_its_title_and_status(run: Run) -> None:
    assert {name: result["status"] for name, result in run.results.items()} == STATUSES


def test_lines_are_steps_in_the_words_of_the_feature(run: Run) -> None:
    assert steps(run.results["Christina orders and pays"]) == [
        ("Given Christina is signed in", "passed"),
        ("When Christina orders:", "passed"),
        ("And she writes", "passed"),
        ("Then she owes 680.00 USD", "passed"),
    ]
    assert steps(run.results["Paying by card"])[1:] == [
        ("When Christina pays by card", "passed"),
        ('Then the shop says "waiting"', "passed"),
    ]


@pytest.mark.parametrize(
    ("scenario", "statuses"),
    [
        ("The total is wrong", ["passed", "passed", "failed", "skipped"]),
        ("A step is not defined", ["passed", "broken", "skipped"]),
        ("Left out half way", ["passed", "skipped", "skipped"]),
        ("Not today", ["skipped", "skipped"]),
        ("Set-up breaks", ["passed", "broken", "skipped"]),
        ("Clean-up breaks", ["passed", "passed", "passed"]),
    ],
)
def test_lines_that_were_not_reached_are_skipped(run: Run, scenario: str, statuses: list[str]) -> None:
    assert [status for _, status in steps(run.results[scenario])] == statuses


def test_a_table_and_a_text_hang_on_their_line(run: Run) -> None:
    _, orders, writes, _ = run.results["Christina orders and pays"]["steps"]
    table, _ = orders["attachments"]
    assert (table["name"], table["type"]) == ("Table", "text/csv")
    assert run.attachment(table) == "product,quantity\nProduct 14,2\n"
    assert run.attachment(writes["attachments"][0]) == "Please ring twice."


def test_an_exchange_hangs_on_the_line_that_caused_it(run: Run) -> None:
    signed_in, orders, _, owes = run.results["Christina orders and pays"]["steps"]
    assert [step["attachments"][-1]["name"] for step in (signed_in, orders, owes)] == [
        "POST /api/auth → 201",
        "POST /api/orders?langCode=en_US → 201",
        "GET /api/orders/89 → 200",
    ]
    attachment = orders["attachments"][-1]
    assert attachment["type"] == "application/vnd.allure.http+json"
    assert attachment["source"].endswith("-attachment.httpexchange")
    exchange = json.loads(run.attachment(attachment))
    request, response = exchange["request"], exchange["response"]
    assert request["url"] == "https://project.redacted.invalid/api/orders?langCode=en_US"
    assert request["query"] == [{"name": "langCode", "value": "en_US"}]
    assert request["headers"][0] == {"name": "x-app-token", "value": "redacted-secret-1"}
    assert json.loads(request["body"]["value"]) == {"products": [{"productId": 14}]}
    assert (response["status"], response["statusText"]) == (201, "Created")
    assert response["headers"] == [{"name": "content-type", "value": "application/json"}]
    assert response["body"]["value"] == '{"id":89,"totalSum":680.00,"note":"redacted-secret-1"}'


def test_an_exchange_without_an_answer_says_why(run: Run) -> None:
    attachment = run.results["Unreachable"]["steps"][1]["attachments"][0]
    assert attachment["name"].endswith("→ no answer")
    document = json.loads(run.attachment(attachment))
    assert document["error"] == {"name": "No answer", "message": "connection refused"}
    assert "response" not in document


def test_the_tree_is_epic_feature_rule(run: Run) -> None:
    result = run.results["Paying by cash"]
    assert result["titlePath"] == ["Selling", "Ordering", "An order keeps its price"]
    assert [labels(result, name) for name in ("epic", "feature", "story")] == [[part] for part in result["titlePath"]]


def test_tags_are_labels_and_severity_is_a_severity(run: Run) -> None:
    result = run.results["Christina orders and pays"]
    assert (labels(result, "severity"), labels(result, "tag")) == (["critical"], ["smoke"])
    assert labels(run.results["Paying by card"], "tag") == ["slow", "smoke"]
    assert labels(run.results["Paying by cash"], "tag") == ["smoke"]


def test_no_label_is_noise_or_names_the_machine(run: Run) -> None:
    names = {label["name"] for result in run.results.values() for label in result["labels"]}
    assert names == {"epic", "feature", "story", "severity", "tag", "host", "thread"}
    assert {labels(result, "host")[0] for result in run.results.values()} == {"this run"}


def test_the_values_of_a_row_are_parameters_and_nothing_else_is(run: Run) -> None:
    assert run.results["Paying by card"]["parameters"] == [
        {"name": "account", "value": "card"},
        {"name": "answer", "value": "waiting"},
    ]
    assert "parameters" not in run.results["Refused"]


def test_rows_share_their_case_and_not_their_history(run: Run) -> None:
    cash, card = run.results["Paying by cash"], run.results["Paying by card"]
    assert cash["fullName"] == "features/orders.feature: An order keeps its price: Paying by <account>"
    assert cash["testCaseId"] == card["testCaseId"]
    assert cash["historyId"] != card["historyId"]


def test_the_description_says_what_the_feature_is_for_and_where_the_scenario_stands(run: Run) -> None:
    description = run.results["Christina orders and pays"]["description"]
    assert description == "A shop takes orders from people who are signed in.\n\n`features/orders.feature:12`"


@pytest.mark.parametrize(
    ("scenario", "message", "category"),
    [
        ("The total is wrong", "AssertionError: seen redacted-secret-1 in conftest.py", "The API is wrong"),
        ("Refused", "", "The API is wrong"),
        ("Unreachable", "", "The API is unreachable"),
        ("A step is not defined", "StepDefinitionNotFoundError", "The suite is wrong"),
        ("Left out half way", "not here", None),
        ("Not today", "unconditional skip", None),
        ("Known to fail", "Failed, as expected", None),
        ("Thought to fail", "Passed, although it was expected to fail", None),
        ("Set-up breaks", "RuntimeError: no cassette", "The suite is wrong"),
        ("Clean-up breaks", "RuntimeError: cannot clean", None),
        ("Everything breaks", "AssertionError", None),
    ],
)
def test_the_end_is_explained_and_its_category_says_what_is_wrong(
    run: Run, scenario: str, message: str, category: str | None
) -> None:
    explained = run.results[scenario]["statusDetails"]["message"]
    assert message in explained
    rules = json.loads((run.directory / "categories.json").read_text())
    assert category in (None, next(rule["name"] for rule in rules if re.search(rule["messageRegex"], explained)))


def test_the_trace_has_the_failure_text_and_a_second_failure(run: Run) -> None:
    trace = run.results["Everything breaks"]["statusDetails"]["trace"]
    assert trace.startswith("Scenario: Everything breaks")
    assert trace.index("she owes 1.00 USD") < trace.index("The clean-up failed too:") < trace.index("cannot clean")


def test_what_was_printed_is_kept_for_a_failure_only(run: Run) -> None:
    (printed,) = run.results["The total is wrong"]["attachments"]
    assert (printed["name"], run.attachment(printed)) == ("stdout", "printed redacted-secret-1\n")
    assert "attachments" not in run.results["Christina orders and pays"]


def test_nothing_secret_and_no_absolute_path_is_written(run: Run) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in run.directory.iterdir()}
    assert not [name for name, text in written.items() if SECRET in text]
    root = str(run.directory.parents[2])
    assert not [
        name for name, text in written.items() if root in text or re.search(r"[\"'\s(](/[\w.-]+){2,}\.py", text)
    ]


def test_a_run_writes_few_files(run: Run) -> None:
    attachments = [file.name for file in run.directory.iterdir() if "-attachment." in file.name]
    expected = len(STATUSES) + len(attachments) + len(["environment.properties", "categories.json"])
    assert len(list(run.directory.iterdir())) == expected


def test_the_environment_says_what_the_run_was_about(run: Run) -> None:
    facts = read_properties((run.directory / "environment.properties").read_text())
    assert list(facts)[:4] == ["API", "Recorded from", "Whose", "Python"]
    assert facts["Recorded from"] == "mock server, not OneEntry"
    assert facts["Whose"] == "redacted-secret-1"
    assert facts["made"] == "1.2.3"
    assert facts["pytest-bdd"].count(".") == 2


def test_properties_survive_being_written() -> None:
    values = {"a b": "C:\\x", "k=v:": "= # !", "plain": "two words"}
    assert read_properties(write_properties(values)) == values


def test_each_operation_links_to_the_vendors_documentation_once(run: Run) -> None:
    page = "https://js-sdk.oneentry.cloud/docs/orders/createOrder"
    link = {"type": "link", "url": page, "name": "How OneEntry documents orders.create_order"}
    assert run.results["Christina orders and pays"]["links"] == [link]


@pytest.mark.parametrize(
    ("operation", "page"),
    [
        ("auth_provider.logout_all", "auth-provider/logoutAll"),
        ("payments.get_session_by_order_id", "payments/getSessionByOrderId"),
        ("orders.get_orders_storage_by_marker", "orders/getOrderByMarker"),
    ],
)
def test_pages_of_the_vendors_documentation(operation: str, page: str) -> None:
    assert page_of(operation) == f"https://js-sdk.oneentry.cloud/docs/{page}"
