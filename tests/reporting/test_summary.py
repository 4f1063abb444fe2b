"""What a run prints at its end, and what it writes for CI servers."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from oneentry_scenarios.reporting.failure import _group_key
from tests.reporting.made import Made, Run

TWO_FEATURES = {
    "paying": "Feature: Paying\n  Scenario: By card\n    When Christina pays by card\n",
    "a": "Feature: Complaining | loudly\n  Scenario: In vain <b>\n    When the shop refuses\n",
}


@pytest.fixture
def two(tmp_path: Path) -> Made:
    return Made.at(tmp_path, **TWO_FEATURES)


def test_scenarios_are_counted_by_feature(two: Made) -> None:
    output = two.run().output
    table = r"Complaining \| loudly  1 failed  +\d+\.\d\d s\nPaying                1 passed  +\d+\.\d\d s\n"
    assert re.search(table + r"2 scenarios: 1 passed, 1 failed\n", output)


def test_the_end_says_where_to_read_more(run: Run) -> None:
    assert "20 scenarios: 5 passed, 12 failed, 3 skipped" in run.output
    assert f"Allure results: reports/allure-results/{run.directory.name}" in run.output
    assert "oneentry-scenarios report" in run.output


def test_a_cause_of_many_failures_is_said_once_and_last(two: Made) -> None:
    rows = "".join(f"      | {number} |\n" for number in range(3))
    steps = "    Given a broken clean-up\n    Then the first order costs <n> USD\n"
    feature = f"Feature: Dear\n  Scenario Outline: <n>\n{steps}    Examples:\n      | n |\n{rows}"
    (two.root / "features" / "dear.feature").write_text(feature, encoding="utf-8")
    two.edit("conftest.py", "answers[1]", "SimpleNamespace(operation='orders.create_order')")
    output = two.run("features", "--api=live", "-n2", GITHUB_STEP_SUMMARY=str(two.root / "page.md")).output
    said = (
        "Same failure in 3 scenarios:\n"
        "  The order (orders.create_order) is not as expected:\n"
        "    price: expected {} USD, got 680.00 USD\n"
        "  Likely cause: API: the response differs from what is documented\n"
        "  First scenario: {}\n"
    )
    pages = output.partition("short test summary info")[2], (two.root / "page.md").read_text(encoding="utf-8")
    assert [any(said.format(n, n).strip() in page for n in range(3)) for page in pages] == [True, True]
    assert [page.count("Same failure in ") for page in pages] == [2, 2], (
        "the clean-up has one, too; other failures stand alone"
    )


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("x is not as expected:\n  price: expected 1.00, got 2", "y:\n  z:\n    price: expected 3, got 4,000", True),
        (
            "x is not as expected:\n  price: expected 1.00, got 2",
            "x is not as expected:\n  form: expected 1, got 2",
            False,
        ),
        ("cassettes/a/b.json is missing:\n    pytest a", "cassettes/c/d.json is missing:\n    pytest b", True),
        (
            "GET /x is not sent.\n  - body: now 1\nor\n  pytest",
            "GET /y is not sent.\n  - body: now 2\nor\n  pytest",
            True,
        ),
        ("GET /x was sent, but GET /y was.\n    pytest a", "GET /x was sent, but GET /z was.\n    pytest b", False),
    ],
)
def test_what_counts_as_one_cause(one: str, other: str, *, is_one: bool) -> None:
    assert (_group_key(one) == _group_key(other)) is is_one


def test_github_actions_gets_a_page_that_is_redacted_before_it_is_escaped(two: Made) -> None:
    two.edit("conftest.py", "returned 403: no", rf"returned 403: '\"maya\"@shop.example' in {two.root}/x")
    page = two.root / "page.md"
    page.write_text("Said before.\n", encoding="utf-8")
    two.run("features", GITHUB_STEP_SUMMARY=str(page))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Said before.\n### OneEntry shop scenarios - replayed from the mock server, not OneEntry\n")
    assert "| Complaining &#124; loudly | 1 | 0 | 0 |" in text
    assert "| Paying | 0 | 0 | 1 |" in text
    assert "**2 scenarios: 1 passed, 1 failed**" in text
    assert "<details><summary>In vain &lt;b&gt;</summary>" in text
    assert "<pre>Scenario: In vain &lt;b&gt;  (features/a.feature:2)" in text
    assert "orders.create_order returned 403: &#x27;person-0@redacted.invalid&#x27; in x\n" in text
    assert "conftest.py" not in text


def test_a_page_that_cannot_be_written_is_reported_and_loses_nothing(two: Made) -> None:
    run = two.run("features", GITHUB_STEP_SUMMARY=str(two.root / "missing" / "page.md"))
    assert "The summary for GitHub Actions cannot be written to" in run.output
    assert run.code == 1
    assert len(run.results) == 2


def cases(file: Path) -> dict[tuple[str | None, str | None], list[str]]:
    parsed = ElementTree.parse(file).iter("testcase")  # noqa: S314  (our own file)
    return {(case.get("classname"), case.get("name")): [child.tag for child in case] for case in parsed}


@pytest.mark.parametrize(
    ("option", "file"),
    [("-n0", "reports/junit.xml"), ("-n2", "reports/junit.xml"), ("--junitxml=other.xml", "other.xml")],
)
def test_the_junit_file_calls_scenarios_by_their_names(two: Made, option: str, file: str) -> None:
    two.run("features", option)
    assert [str(path.relative_to(two.root)) for path in two.root.rglob("*.xml")] == [file]
    assert cases(two.root / file) == {
        ("Paying", "By card"): ["properties"],
        ("Complaining | loudly", "In vain <b>"): ["properties", "failure"],
    }
