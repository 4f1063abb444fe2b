"""Opens the HTML report from `file://`, in a browser, as a double click does."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.reporting.made import FEATURE

PATIENCE_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """That of this machine, or the one that Playwright has installed."""
    with sync_playwright() as playwright:
        try:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path)
        except Error as error:
            if "Executable doesn't exist" not in error.message:
                raise
            pytest.skip("needs Chromium: apt-get install chromium, or .venv/bin/playwright install chromium")
        yield browser
        browser.close()


@pytest.fixture
def report(chromium: Browser, page: Path) -> Iterator[Page]:
    """The opened report; whatever a test clicks, the page requests nothing and logs nothing."""
    opened = chromium.new_page(viewport={"width": 1500, "height": 1400})
    opened.set_default_timeout(PATIENCE_MILLISECONDS)
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    requested: set[str] = set()
    logged: list[str] = []
    opened.on("request", lambda request: requested.add(request.url.partition(":")[0]))
    opened.on("console", lambda message: logged.append(message.text))
    opened.on("pageerror", lambda error: logged.append(str(error)))
    opened.goto(page.as_uri())
    yield opened
    opened.close()
    assert requested <= {"file", "data", "blob"}
    assert logged == []


def test_the_title_and_the_tree_use_the_words_of_the_features(report: Page) -> None:
    expect(report.get_by_test_id("report-title")).to_have_text(
        "OneEntry shop scenarios - replayed from the mock server, not OneEntry"
    )
    recorded_from = report.get_by_test_id("metadata-item").filter(has_text="Recorded from")
    expect(recorded_from).to_contain_text("mock server, not OneEntry")
    branches = ["Selling", "Ordering", "An order keeps its price", "Failures are reported"]
    expect(report.get_by_test_id("tree-section-title")).to_have_text(branches)
    expect(report.get_by_test_id("tree-leaf").filter(has_text="The total is wrong")).to_be_visible()


def test_a_scenario_shows_its_steps_and_an_exchange_below_the_step_that_caused_it(report: Page) -> None:
    report.get_by_test_id("tree-section-title").get_by_text("An order keeps its price").click()
    report.get_by_test_id("tree-leaf").filter(has_text="Christina orders and pays").click()
    steps = report.get_by_test_id("test-result-step-title")
    expect(steps).to_have_text(
        ["Given Christina is signed in", "When Christina orders:", "And she writes", "Then she owes 680.00 USD"]
    )
    attachment = report.get_by_test_id("test-result-attachment")
    expect(attachment).to_have_count(0)
    steps.filter(has_text="When Christina orders:").click()
    header = report.get_by_test_id("test-result-attachment-header").get_by_role("button")
    header.filter(has_text="POST /api/orders?langCode=en_US → 201").first.click()
    shown = attachment.filter(has_text='"totalSum":680.00')
    for part in ("REQUEST", '"productId": 14', "RESPONSE", "201 Created", "Headers (2)"):
        expect(shown).to_contain_text(part, ignore_case=True)


def test_a_failed_scenario_shows_its_failure_text_and_its_category(report: Page) -> None:
    report.get_by_test_id("tree-leaf").filter(has_text="The total is wrong").click()
    body = report.locator("body")
    expect(body).to_contain_text("Category: The API is wrong")
    expect(body).to_contain_text("Scenario: The total is wrong")
    line = FEATURE.splitlines().index("      Then she owes 300.00 USD") + 1
    expect(body).to_contain_text(f"Failed at features/orders.feature:{line}: Then she owes 300.00 USD")


def test_categories_tell_failures_apart(report: Page) -> None:
    report.get_by_test_id("nav-tab-categories").click()
    for category in ("The suite is wrong", "The API is unreachable", "The API is wrong"):
        expect(report.locator("body")).to_contain_text(category)
