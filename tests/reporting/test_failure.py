"""What users see of a scenario that failed: its text, where the traceback stops, no secrets, and what it costs."""

import re

import pytest

from tests.conftest import STORY, Project
from tests.reporting.made import Run

#: Counts the calls that the ordering step makes, and those between the failed check and the finished report.
COUNT = """
import sys

CALLS = []

def count(frame, event, _):
    if event == "return" and frame.f_code.co_name == "expect":
        CALLS.clear()
    elif event == "call":
        CALLS.append(frame.f_code.co_filename)

def show(what):
    print(f"{what}:", sum("/oneentry_scenarios/" in path or "/steps/" in path for path in CALLS), "of", len(CALLS))

@pytest.hookimpl(tryfirst=True)
def pytest_bdd_before_step_call():
    CALLS.clear()
    sys.setprofile(count)

@pytest.hookimpl(tryfirst=True)
def pytest_bdd_after_step(step):
    sys.setprofile(None)
    show(step.name)

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call):
    report = yield
    sys.setprofile(None)
    if call.when == "call":
        show("failure")
    return report
"""


@pytest.fixture
def failing(project: Project) -> Project:
    project.edit(
        "oneentry_scenarios/shop/checks/orders.py", "int(quantity) for product", "int(quantity) + 1 for product"
    )
    return project


def test_a_failure_begins_with_the_scenario_and_ends_at_its_step(failing: Project) -> None:
    outcome = failing.run(STORY)
    assert outcome.code == 1
    text, python = outcome.output.split("FAILURES", 1)[1].split("Rerun:\n", 1)
    assert (
        "Scenario: A customer can open a payment session for a new order  (features/order_payment.feature:11)\n"
        "  passed  Given Christina has signed in\n"
        '  passed  When Christina orders 1 "Product 14"\n'
        "  passed  And Christina opens a payment session for the order\n"
        "  FAILED  Then the order confirmation shows the ordered products, the payment method and the correct total\n"
        "  skipped And the payment session is waiting for payment, as its payment method requires\n"
        "  skipped And Christina finds the payment session by its order\n"
        "  skipped And nothing else has changed\n"
        "\n"
        "Failed at features/order_payment.feature:14: Then the order confirmation shows the ordered products, "
        "the payment method and the correct total\n"
        "  The confirmed order (orders.create_order) is not as expected:\n"
        "    total: expected 341.00 USD, got 340.00 USD\n"
    ) in text
    assert re.match(
        rf"  pytest {STORY}\nsteps/orders\.py:\d+: in matches_the_purchase\n    order_checks\.\w+\(.*\)\n-", python
    )
    # With CI set, pytest repeats whole messages in its summary.
    assert outcome.output.partition("short test summary")[0].count("expected 341.00 USD") == 1


def test_a_fixture_that_is_missing_is_named_and_where_it_is_requested(project: Project) -> None:
    project.add_to_conftest("import pytest\n\n@pytest.fixture\ndef audit(log): ...\n")
    project.edit("steps/orders.py", "def matches_the_purchase(", "def matches_the_purchase(audit, ")
    outcome = project.run(STORY, CI="1")
    outcome.expect(
        1, "\n  fixture 'log' not found. Correct the parameter in conftest.py:", "FixtureLookupError: fixture 'log'"
    )
    assert "available fixtures" not in outcome.output


def test_workers_of_xdist_show_the_same_text(failing: Project) -> None:
    def shown(output: str) -> str:
        return output.partition("Scenario: ")[2].partition("\n-----")[0]

    outcome = failing.run(STORY, "-n1", CI="1")
    assert shown(outcome.output) == shown(failing.run(STORY).output) != ""
    assert f"FAILED {STORY} - AssertionError: The confirmed order (orders.create_order)" in outcome.output


@pytest.mark.parametrize(
    ("option", "shown", "hidden"),
    [
        ("-v", ("site-packages", "E       AssertionError"), ()),
        ("--full-trace", ("site-packages", "_execute_step_function"), ()),
        ("-l", ("E       AssertionError", "placed     = "), ("site-packages", "pytest_runtest_call")),
        ("--tb=short", ("steps/orders.py", "E   AssertionError"), ("site-packages",)),
        ("--tb=line", ("features/order_payment.feature:14: AssertionError",), ("site-packages",)),
        ("--tb=no", (), ("Rerun:", "steps/orders.py")),
    ],
)
def test_options_of_pytest_show_more_or_less(
    failing: Project, option: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    output = failing.run(STORY, option).output
    assert not [text for text in shown if text not in output], output
    assert not [text for text in hidden if text in output], output


def test_a_step_and_a_failed_check_make_few_calls(failing: Project) -> None:
    """Each message is redacted once: an ordering step made 739 calls when three places redacted it."""
    failing.add_to_conftest(COUNT)
    output = failing.run(STORY, "-s").output
    [ordering] = re.findall(r"orders 1 .*: (\d+) of", output)
    assert 0 < int(ordering) <= 430
    [(own, all_)] = re.findall(r"failure: (\d+) of (\d+)", output)
    assert 0 < int(own) <= 150
    assert int(all_) <= 1000, "pytest parses source code for a traceback that is not shown"


def test_errors_without_an_explanation_show_where_they_were_raised(run: Run) -> None:
    set_up = run.output.split("Scenario: Set-up breaks")[1].split("Scenario:")[0]
    assert set_up.count("RuntimeError: no cassette redacted-secret-1\n") == 2
    assert '>       raise RuntimeError(f"no cassette {SECRET}")\nE  ' in set_up
    assert "site-packages" not in run.output
