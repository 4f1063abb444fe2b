"""`python -m tools.report_picture`: takes the picture of the HTML report that the README shows, after `make replay`."""

import shutil

from playwright.sync_api import sync_playwright

from tools.checkout import ROOT

REPORT, PICTURE = ROOT / "reports" / "allure-report" / "index.html", ROOT / "docs" / "report.png"
FEATURE, SCENARIO = "From order to payment session", "A customer can open a payment session for a new order"
STEP = "opens a payment session for the order"


def main() -> None:
    """Open the smoke scenario and the step that opens its payment session, and take the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1000, "height": 1060})
        page.goto(REPORT.as_uri())
        page.get_by_test_id("tree-section-title").get_by_text(FEATURE).click()
        page.get_by_test_id("tree-leaf").filter(has_text=SCENARIO).click()
        page.get_by_text(STEP).first.click()
        page.get_by_text("POST /api/content/payments/sessions").click()
        page.get_by_text("201 Created").first.wait_for()
        page.get_by_text("Test body").evaluate("it => it.scrollIntoView()")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
