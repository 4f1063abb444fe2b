"""The features hold together: green however they are run, and red in the shop's words when the shop is wrong."""

import random
import re

import pytest

from tests.conftest import SOAK, Outcome, Project


def scenarios_of(project: Project) -> list[str]:
    outcome = project.run("--collect-only", "-q")
    assert outcome.code == 0, outcome.output
    return [line for line in outcome.output.splitlines() if line.startswith("features/") and "::" in line]


def all_green(outcome: Outcome, count: int) -> None:
    assert outcome.code == 0, outcome.output
    assert re.search(rf"\b{count} passed in ", outcome.output), outcome.output[-400:]
    assert "skipped" not in outcome.output


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-n", "2"),
        ("--api=mock",),
        ("--api=mock", "--era=2025"),
        ("--api=mock", "-n", "2"),
    ],
    ids=" ".join,
)
def test_all_scenarios_are_green_and_none_is_skipped(project: Project, arguments: tuple[str, ...]) -> None:
    all_green(project.run(*arguments), len(scenarios_of(project)))


@pytest.mark.soak
def test_each_is_green_by_itself(project: Project) -> None:
    scenarios = scenarios_of(project)
    for scenario in scenarios if SOAK else random.Random(4).sample(scenarios, 3):
        all_green(project.run(scenario), 1)


@pytest.mark.parametrize(
    "variables",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    ],
    ids=["Kiritimati", "St John's"],
)
def test_they_are_green_in_any_place(project: Project, variables: dict[str, str]) -> None:
    count = len(scenarios_of(project))
    all_green(project.run(**variables), count)
    all_green(project.run("--api=mock", **variables), count)


#: Christina signs in last, so a step fails if it uses the latest sign-in or always the same person.
BEN = """
Feature: Ben

  Background:
    Given Ben has signed in
    And Christina has signed in

  Scenario: Ben finds his order
    Given Ben has looked at the order history
    When Ben orders 1 "Product 14", to be paid by "cash"
    Then the order is confirmed as placed, at the price of its products
    And the order reads back as it was placed
    And the order history of Ben shows the order as it was placed
    And the order is in the status in which the shop's orders begin

  Scenario: Ben finds his payment session
    Given Ben has ordered 1 "Product 14", to be paid by "cash"
    And Ben has looked at the list of payment sessions
    When Ben opens a payment session for the order
    Then the payment session waits for payment by "cash" and has no checkout link
    And the order's payment session is the one that was opened
    And the list of payment sessions of Ben shows the one that was opened

  Scenario: Ben finds his payment session by its number
    Given Ben has ordered 1 "Product 14", to be paid by "cash"
    When Ben opens a payment session for the order
    Then the payment session with its number is the one that was opened

  Scenario: Ben pays by card
    Given Ben has ordered 1 "Product 14", to be paid by "card"
    And Ben has opened a payment session for the order
    When the payment is completed
    Then the payment session is completed
    And the order follows the completed payment

  Scenario: Ben orders nothing while Christina orders
    Given Christina has ordered 1 "Product 14", to be paid by "cash"
    When Ben tries to order 1 "Product 14", to be paid by "bank transfer"
    Then the shop refuses
    And Ben has ordered nothing

  Scenario: Ben renews his own sign-in
    When Ben renews the sign-in
    Then both tokens are new
    And the shop knows Ben
"""


def test_steps_fit_every_customer(project: Project) -> None:
    (project.root / "features" / "ben.feature").write_text(BEN, encoding="utf-8")
    all_green(project.run("--api=mock", "features/ben.feature"), 6)


#: What is wrong with the shop -> where, the right line, the wrong one; the scenario; and what the failure says first.
WRONG_SHOPS = {
    "a wrong total": (
        "order.py",
        '"totalSum": self.total,',
        '"totalSum": self.total + 1,',
        "features/ordering.feature::several-products-are-added-up",
        "ordering.feature:16: Then the order is confirmed as placed, at the price of its products\n"
        "  The confirmed order (orders.create_order) is not as expected:\n"
        "    price: expected 371.50 USD, got 372.50 USD\n",
    ),
    "a session that is paid too early": (
        "payments.py",
        'status="waiting",',
        'status="completed",',
        "features/order_payment.feature::a-payment-session-is-opened-for-a-new-order",
        'order_payment.feature:14: And the payment session waits for payment by "cash" and has no checkout link\n'
        "  The payment session (payments.create_session) is not as expected:\n"
        "    status: expected waiting, got completed\n",
    ),
    "another's order that can be read": (
        "orders.py",
        "if (order.id, order.buyer) == (order_id, buyer))",
        "if order.id == order_id)",
        "features/ordering.feature::nobody-reads-somebody-else-s-order",
        "When Ben tries to read the order\n"
        "  The refusal (orders.get_order_by_marker_and_id) is not as expected:\n"
        "    expected that the shop refuses this, got ",
    ),
    "another's order in the history": (
        "orders.py",
        "if (order.storage, order.buyer) == (storage, call.user)]",
        "if order.storage == storage]",
        "features/ordering.feature::an-order-is-not-in-somebody-else-s-history",
        "Then the order history of Ben does not show the order\n"
        "  The list of orders (orders.get_all_orders_by_marker) is not as expected:\n"
        "    entries of another customer: expected 0, got 1\n",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_SHOPS)
def test_a_wrong_shop_is_reported_in_the_shops_words(project: Project, wrong: str) -> None:
    path, right, broken, scenario, words = WRONG_SHOPS[wrong]
    project.edit(f"oneentry_scenarios/mock_server/{path}", right, broken)
    outcome = project.run("--api=mock", scenario)
    assert outcome.code == 1, outcome.output
    story, rest = outcome.output.split("Run it again:\n", 1)
    assert words in story
    assert ".py" not in story.split("FAILURES")[1], "no Python before the end of the story"
    assert rest.startswith(f"  pytest --api=mock {scenario}\n")
    assert "Allure results: reports/allure-results/" in rest
