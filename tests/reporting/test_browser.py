"""Opens the HTML report by double click, so to speak: from `file://`, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.reporting.browser import CHROMEDRIVER, CHROMIUM, Browser, browser
from tests.reporting.made import FEATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER),
    reason="needs Chromium and its driver; on Debian: apt-get install chromium chromium-driver",
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def report(chromium: Browser, page: Path) -> Iterator[Browser]:
    """The report, just opened; whatever a test clicks, the page asks nobody and complains of nothing."""
    chromium.open(page.as_uri())
    yield chromium
    assert chromium.requests() <= {"file", "data", "blob"}
    assert chromium.console() == []


def test_the_face_and_the_tree_speak_the_words_of_the_features(report: Browser) -> None:
    assert report.see("[data-testid=report-title]") == (
        "OneEntry shop scenarios - replayed from the mock server, not OneEntry"
    )
    assert report.see("[data-testid=metadata-item]", "Recorded from").endswith("mock server, not OneEntry")
    branches = ["Selling", "Ordering", "An order keeps its price", "What goes wrong is told"]
    report.see("[data-testid=tree-leaf]", "The total is wrong")
    assert report.see_all("[data-testid=tree-section-title]") == branches


def test_a_scenario_shows_its_lines_and_an_exchange_under_the_line_that_caused_it(report: Browser) -> None:
    report.click("[data-testid=tree-section-title]", "An order keeps its price")
    report.click("[data-testid=tree-leaf]", "Christina orders and pays")
    report.see("[data-testid=test-result-step-title]", "Then she owes 680.00 USD")
    assert report.see_all("[data-testid=test-result-step-title]") == [
        "Given Christina is signed in",
        "When Christina orders:",
        "And she writes",
        "Then she owes 680.00 USD",
    ]
    assert report.see_all("[data-testid=test-result-attachment]") == []
    report.click("[data-testid=test-result-step-title]", "When Christina orders:")
    report.click("[data-testid=test-result-attachment-header] > button", "POST /api/orders?langCode=en_US → 201")
    shown = report.see("[data-testid=test-result-attachment]", '"totalSum": 680.00')
    for part in ("REQUEST", '"productId": 14', "RESPONSE", "201 Created", "Headers (2)"):
        assert part in shown


def test_a_failed_scenario_shows_its_story_and_whose_turn_it_is(report: Browser) -> None:
    report.click("[data-testid=tree-leaf]", "The total is wrong")
    text = report.see("body", "Category: The API is wrong")
    assert "Scenario: The total is wrong" in text
    line = FEATURE.splitlines().index("      Then she owes 300.00 USD") + 1
    assert f"Failed at features/orders.feature:{line}: Then she owes 300.00 USD" in text


def test_categories_tell_failures_apart(report: Browser) -> None:
    report.click("[data-testid=nav-tab-categories]")
    text = report.see("body", "The suite is wrong")
    assert "The API is unreachable" in text
    assert "The API is wrong" in text
