"""What a scenario looks like in Allure's results."""

import json
import re
from typing import Any

import pytest

from oneentry_scenarios.reporting.listener import page_of
from oneentry_scenarios.reporting.writer import read_properties, write_properties
from tests.reporting.made import SECRET, Run

#: How each scenario ends: it and its steps (passed, failed, broken, skipped), what is said of it, and who has to act.
ENDS = {
    "Christina orders and pays": ("p: pppp", "", ""),
    "Paying by cash": ("p: ppp", "", ""),
    "Paying by card": ("p: ppp", "", ""),
    "The total is wrong": ("f: ppfs", "AssertionError: seen redacted-secret-1 in conftest.py", "The API is wrong"),
    "A step is not defined": ("b: pbs", "StepDefinitionNotFoundError", "The suite is wrong"),
    "Left out half way": ("s: pss", "not here", ""),
    "Not today": ("s: ss", "unconditional skip", ""),
    "Known to fail": ("s: pf", "Failed, as expected", ""),
    "Thought to fail": ("p: pp", "Passed, although it was expected to fail", ""),
    "Set-up breaks": ("b: pbs", "RuntimeError: no cassette", "The suite is wrong"),
    "Refused": ("b: pb", "Refused: orders.create_order was refused with 403", "The API is wrong"),
    "Unreachable": ("b: pb", "Unreachable: no answer", "The API is unreachable"),
    "Clean-up breaks": ("b: ppp", "RuntimeError: cannot clean", "The suite is wrong"),
    "Everything breaks": ("f: ppf", "AssertionError", "The API is wrong"),
}


def labels(result: dict[str, Any]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for label in result["labels"]:
        values.setdefault(label["name"], []).append(label["value"])
    return {name: " ".join(each) for name, each in values.items()}


def test_every_scenario_has_one_result(run: Run) -> None:
    assert set(run.results) == set(ENDS)


@pytest.mark.parametrize("scenario", ENDS)
def test_a_result_says_how_the_scenario_ended_and_who_has_to_act(run: Run, scenario: str) -> None:
    result, (ends, message, category) = run.results[scenario], ENDS[scenario]
    steps = "".join(step["status"][0] for step in result["steps"])
    said = result.get("statusDetails", {}).get("message", "")
    rules = json.loads((run.directory / "categories.json").read_text())
    categories = [
        rule["name"]
        for rule in rules
        if result["status"] in rule["matchedStatuses"] and re.search(rule["messageRegex"], said)
    ]
    assert (f"{result['status'][0]}: {steps}", *categories[:1]) == (ends, *filter(None, [category]))
    assert message in said
    assert bool(message) == bool(said)


def test_lines_are_steps_in_the_words_of_the_feature(run: Run) -> None:
    assert [step["name"] for step in run.results["Christina orders and pays"]["steps"]] == [
        "Given Christina is signed in",
        "When Christina orders:",
        "And she writes",
        "Then she owes 680.00 USD",
    ]
    assert run.results["Paying by card"]["steps"][-1]["name"] == 'Then the shop says "waiting"'


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


def test_labels_are_the_tree_and_the_tags_and_none_names_the_machine(run: Run) -> None:
    tree = {"epic": "Selling", "feature": "Ordering", "story": "An order keeps its price"}
    always = {**tree, "host": "this run", "thread": "main"}
    expected = {
        "Christina orders and pays": {**always, "tag": "smoke", "severity": "critical"},
        "Paying by card": {**always, "tag": "slow smoke"},
        "Paying by cash": {**always, "tag": "smoke"},
        "Refused": {**always, "tag": "smoke", "story": "Failures are reported"},
    }
    assert {name: labels(run.results[name]) for name in expected} == expected
    assert run.results["Paying by cash"]["titlePath"] == list(tree.values())


def test_rows_share_their_case_and_not_their_history_and_their_values_are_parameters(run: Run) -> None:
    cash, card = run.results["Paying by cash"], run.results["Paying by card"]
    assert cash["fullName"] == "features/orders.feature: An order keeps its price: Paying by <account>"
    assert cash["testCaseId"] == card["testCaseId"]
    assert cash["historyId"] != card["historyId"]
    assert {each["name"]: each["value"] for each in card["parameters"]} == {"account": "card", "answer": "waiting"}
    assert "parameters" not in run.results["Refused"]


def test_the_description_says_what_the_feature_is_for_and_where_the_scenario_stands(run: Run) -> None:
    description = run.results["Christina orders and pays"]["description"]
    assert description == "A shop takes orders from people who are signed in.\n\n`features/orders.feature:12`"


def test_the_trace_has_the_failure_text_and_a_second_failure(run: Run) -> None:
    trace = run.results["Everything breaks"]["statusDetails"]["trace"]
    assert trace.startswith("Scenario: Everything breaks")
    assert trace.index("she owes 1.00 USD") < trace.index("The clean-up failed too:") < trace.index("cannot clean")


def test_what_was_printed_is_kept_for_a_failure_only(run: Run) -> None:
    (printed,) = run.results["The total is wrong"]["attachments"]
    assert (printed["name"], run.attachment(printed)) == ("stdout", "printed redacted-secret-1\n")
    assert "attachments" not in run.results["Christina orders and pays"]


def test_few_files_are_written_and_nothing_secret_and_no_absolute_path(run: Run) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in run.directory.iterdir()}
    unwanted = re.compile(rf"{SECRET}|{re.escape(str(run.directory.parents[2]))}|[\"'\s(](/[\w.-]+){{2,}}\.py")
    assert not [name for name, text in written.items() if unwanted.search(text)]
    attachments = [name for name in written if "-attachment." in name]
    assert len(written) == len(ENDS) + len(attachments) + len(["environment.properties", "categories.json"])


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
    others = {
        "auth_provider.logout_all": "auth-provider/logoutAll",
        "payments.get_session_by_order_id": "payments/getSessionByOrderId",
        "orders.get_orders_storage_by_marker": "orders/getOrderByMarker",
    }
    assert [page_of(each) for each in others] == [
        f"https://js-sdk.oneentry.cloud/docs/{each}" for each in others.values()
    ]
