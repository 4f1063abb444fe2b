"""What a scenario looks like in Allure's results."""

import json
import re
from typing import Any

import pytest

from oneentry_scenarios.reporting.listener import page_of
from oneentry_scenarios.reporting.writer import read_properties, write_properties
from tests.reporting.made import SECRET, Made, Run, category_of

API, SUITE, RECORDING, SHOP = "API", "Test suite", "Recording mismatch", "Configuration"
NETWORK = "Rate limited or unreachable"
#: How each scenario ends: it and its steps (passed, failed, broken, skipped), what is said of it, and its likely cause,
#: when an API was asked, and in replay.
ENDS = {
    "Christina orders and pays": ("p: pppp", ""),
    "Paying by cash": ("p: ppp", ""),
    "Paying by card": ("p: ppp", ""),
    "The total is wrong": ("f: ppfs", "seen redacted-secret-1 in conftest.py", API, SUITE),
    "A step is not defined": ("b: pbs", "StepDefinitionNotFoundError: Step definition is not found", SUITE, SUITE),
    "Left out half way": ("s: pss", "not here"),
    "Not today": ("s: ss", "unconditional skip"),
    "Known to fail": ("s: pf", "Failed, as expected"),
    "Thought to fail": ("p: pp", "Passed, although it was expected to fail"),
    "Set-up breaks": ("b: pbs", "RuntimeError: no cassette", SUITE, SUITE),
    "Refused": ("b: pb", "Refused: orders.create_order returned 403: no", API, SUITE),
    "Unreachable": ("b: pb", "Unreachable: no answer", NETWORK, SUITE),
    "Clean-up breaks": ("b: ppp", "RuntimeError: cannot clean", SUITE, SUITE),
    "Everything breaks": ("f: ppf", "seen redacted-secret-1 in conftest.py", API, SUITE),
    "A value differs": ("f: pppf", "The order (orders.create_order) is not as expected:\n  price: exp", API, SUITE),
    "Values agree": ("p: ppp", ""),
    "Not recorded": ("b: pb", "cassettes/a.json is missing", RECORDING, RECORDING),
    "Too many calls": ("b: pb", "Refused: orders.create_order returned 429", NETWORK, SUITE),
    "No permission": ("b: pb", "Refused: orders.create_order returned 403: Permission", SHOP, SUITE),
    "Not in the profile": ("b: pb", "add it to [products]", SHOP, SHOP),
}


@pytest.fixture(scope="module")
def asked(made: Made) -> Run:
    """The same, when an API was asked."""
    return made.run("features", "--api=live")


def labels(result: dict[str, Any]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for label in result["labels"]:
        values.setdefault(label["name"], []).append(label["value"])
    return {name: " ".join(each) for name, each in values.items()}


def test_every_scenario_has_one_result(run: Run) -> None:
    assert set(run.results) == set(ENDS)


@pytest.mark.parametrize("scenario", ENDS)
def test_a_result_shows_how_the_scenario_ended_and_the_likely_cause(run: Run, asked: Run, scenario: str) -> None:
    ends, message, *causes = ENDS[scenario]
    for result, likely_cause in zip([each.results[scenario] for each in (asked, run)], causes or ["", ""], strict=True):
        steps = "".join(step["status"][0] for step in result["steps"])
        said = result.get("statusDetails", {}).get("message", "")
        assert f"{result['status'][0]}: {steps}" == ends
        assert said.startswith(message)
        assert bool(message) == bool(said)
        assert category_of(result).partition(":")[0] == likely_cause


def test_an_error_is_said_once(run: Run) -> None:
    """Allure shows it once if the failed step says the same; all else is beside."""
    result = run.results["A value differs"]
    details, step = result["statusDetails"], result["steps"][-1]["statusDetails"]
    assert details["message"] == step["message"]
    assert details["trace"].startswith("Failed at features/orders.feature:")
    assert "680.00" not in details["trace"]


def test_what_was_compared_is_a_table_below_its_line(run: Run) -> None:
    right, wrong = (run.results[name]["steps"][-1] for name in ("Values agree", "A value differs"))
    table = {"account": "cash", "price": "680.00 USD", "it keeps redacted-secret-1": "yes"}
    assert {each["name"]: each["value"] for each in right["parameters"]} == table
    assert {"name": "\N{BALLOT X} price", "value": "expected 300.00 USD, got 680.00 USD"} in wrong["parameters"]
    assert "attachments" not in right
    [judged] = wrong["attachments"]
    assert judged["name"] == "Compared response: POST /api/orders?langCode=en_US → 201"
    assert '"id":89,' in json.loads(run.attachment(judged))["response"]["body"]["value"], "the first of two orders"


def test_what_a_run_leaves_behind_and_what_failed_for_one_cause_is_on_the_first_page(run: Run) -> None:
    [file] = run.directory.glob("*-globals.json")
    page = json.loads(file.read_text(encoding="utf-8"))
    shown = {each["name"]: run.attachment(each) for each in page["attachments"]}
    created = "1 order was created: 89, by redacted-secret-1."
    skipped = "1 skipped: not here\n1 skipped: unconditional skip"
    assert shown == {"Created orders": created, "Left out": "2 skipped: not here", "Skipped": skipped}
    errors = [each["message"].splitlines()[1] for each in page["errors"]]
    assert errors == ["  seen redacted-secret-1 in conftest.py", "  RuntimeError: cannot clean"]


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
    assert attachment["name"].endswith("→ no response")
    document = json.loads(run.attachment(attachment))
    assert document["error"] == {"name": "No response", "message": "connection refused"}
    assert "response" not in document


def test_labels_are_the_tree_and_the_tags_and_none_names_the_machine(run: Run) -> None:
    tree = {"feature": "Ordering", "story": "An order keeps its price"}
    expected = {
        "Christina orders and pays": {**tree, "tag": "smoke", "severity": "critical"},
        "Paying by card": {**tree, "tag": "slow smoke"},
        "Paying by cash": {**tree, "tag": "smoke"},
        "Refused": {**tree, "tag": "smoke", "story": "Failures are reported"},
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
    assert (
        trace.index("Failed at ")
        < trace.index("she owes 1.00 USD")
        < trace.index("The teardown failed, too:")
        < trace.index("cannot clean")
    )


def test_what_was_printed_is_kept_for_a_failure_only(run: Run) -> None:
    (printed,) = run.results["The total is wrong"]["attachments"]
    assert (printed["name"], run.attachment(printed)) == ("stdout", "printed redacted-secret-1\n")
    assert "attachments" not in run.results["Christina orders and pays"]


def test_few_files_are_written_and_nothing_secret_and_no_absolute_path(run: Run) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in run.directory.iterdir()}
    unwanted = re.compile(rf"{SECRET}|{re.escape(str(run.directory.parents[2]))}|[\"'\s(](/[\w.-]+){{2,}}\.py")
    assert not [name for name, text in written.items() if unwanted.search(text)]
    attachments = [name for name in written if "-attachment." in name]
    once = ["environment.properties", "categories.json", "globals.json"]
    assert len(written) == len(ENDS) + len(attachments) + len(once)


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
    link = {"type": "link", "url": page, "name": "OneEntry docs: orders.create_order"}
    assert run.results["Christina orders and pays"]["links"] == [link]
    others = {
        "auth_provider.logout_all": "auth-provider/logoutAll",
        "payments.get_session_by_order_id": "payments/getSessionByOrderId",
        "orders.get_orders_storage_by_marker": "orders/getOrderByMarker",
    }
    assert [page_of(each) for each in others] == [
        f"https://js-sdk.oneentry.cloud/docs/{each}" for each in others.values()
    ]
