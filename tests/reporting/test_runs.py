"""Where runs leave their results, and which runs do."""

from pathlib import Path

import pytest

from oneentry_scenarios.reporting import plugin
from tests.reporting.made import Made, category_of

GREEN = """\
Feature: Paying
  Scenario Outline: Paying by <account>
    When Christina pays by <account>
    Examples:
      | account |
      | cash    |
      | card    |
"""
ENDED = """\
Feature: Paying
  Scenario: Before
    When Christina pays by card
  Scenario: Half way
    When Christina pays by card
    And this happens: {end}
    Then she owes 680.00 USD
"""
STILL_RUNNING = "The run was stopped, or its process crashed, while this scenario was running."


@pytest.fixture
def green(tmp_path: Path) -> Made:
    return Made.at(tmp_path, paying=GREEN)


def test_each_run_has_a_directory_and_history_holds_when_features_come_and_go(green: Made) -> None:
    first = green.run()
    (green.root / "features" / "also.feature").write_text(GREEN.replace("Paying", "Also paying"), encoding="utf-8")
    second = green.run()
    assert first.code == second.code == 0, first.output
    assert green.runs == [first.directory, second.directory]
    before, after = first.results, second.results
    assert set(before) == {"Paying by cash", "Paying by card"}
    ids = ("fullName", "testCaseId", "historyId")
    assert {name: [after[name][key] for key in ids] for name in before} == {
        name: [result[key] for key in ids] for name, result in before.items()
    }
    assert len({result["historyId"] for result in after.values()}) == 4


def test_a_directory_that_is_asked_for_wins(green: Made) -> None:
    run = green.run("features", "--alluredir=elsewhere/results")
    assert not green.runs
    assert len(list((green.root / "elsewhere" / "results").glob("*-result.json"))) == 2
    assert "oneentry-scenarios report elsewhere/results" in run.output


@pytest.mark.parametrize(
    ("option", "severity", "code", "message"),
    [
        ("--clean-alluredir", "minor", 4, "each run has its own directory"),
        ("-pno:allure_pytest", "minor", 4, "remove -p no:allure_pytest"),
        ("-v", "huge", 2, "@severity:huge is not a severity. Use one of: blocker, critical"),
    ],
)
def test_what_would_lose_results_is_refused(
    tmp_path: Path, option: str, severity: str, code: int, message: str
) -> None:
    made = Made.at(tmp_path, paying=GREEN.replace("  Scenario", f"  @severity:{severity}\n  Scenario"))
    run = made.run("features", option)
    assert message in run.output
    assert run.code == code


def test_tests_of_our_own_code_and_collecting_leave_nothing_behind(green: Made) -> None:
    (green.root / "test_own_code.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    green.run("features", "--collect-only")
    assert not (green.root / "reports").exists()
    run = green.run("test_own_code.py")
    assert "1 passed" in run.output
    assert "Allure results" not in run.output
    assert not green.runs
    assert set(green.run(".").results) == {"Paying by cash", "Paying by card"}


def test_all_workers_write_to_one_directory(green: Made) -> None:
    run = green.run("features", "-n2")
    assert "2 scenarios: 2 passed" in run.output
    assert len(green.runs) == 1
    assert set(run.results) == {"Paying by cash", "Paying by card"}
    assert (run.directory / "environment.properties").is_file()


def test_the_oldest_runs_are_forgotten(green: Made) -> None:
    parent = green.root / "reports" / "allure-results"
    for number in range(30):
        (parent / f"2020-01-01_00-00-00.{number:03}_abcd").mkdir(parents=True)
    (parent / "kept by hand").mkdir()
    green.run()
    kept = [run.name for run in green.runs]
    assert "kept by hand" in kept
    assert len(kept) == plugin.RUNS_KEPT + 1
    assert "2020-01-01_00-00-00.029_abcd" in kept
    assert "2020-01-01_00-00-00.000_abcd" not in kept


@pytest.mark.parametrize(
    ("end", "workers", "steps", "summary"),
    [
        ("raise KeyboardInterrupt", "-n0", ["passed", "broken", "skipped"], "1 scenario: 1 passed"),
        ("os._exit(139)", "-n0", [], ""),
        ("os._exit(139)", "-n1", [], "2 scenarios: 1 passed, 1 failed"),
    ],
)
def test_a_scenario_that_was_stopped_is_reported(
    tmp_path: Path, end: str, workers: str, steps: list[str], summary: str
) -> None:
    run = Made.at(tmp_path, paying=ENDED.replace("{end}", end)).run("features", workers)
    assert run.code != 0
    assert {name: result["status"] for name, result in run.results.items()} == {
        "Before": "passed",
        "Half way": "broken",
    }
    half_way = run.results["Half way"]
    assert half_way["statusDetails"]["message"] == STILL_RUNNING
    assert [step["status"] for step in half_way.get("steps", [])] == steps
    assert category_of(half_way), "no failure is without"
    assert summary in run.output


def test_scenarios_can_be_chosen_by_severity_and_put_below_an_epic(tmp_path: Path) -> None:
    feature = "@epic:Selling\n" + GREEN.replace("  Scenario Outline", "  @severity:critical\n  Scenario Outline")
    made = Made.at(tmp_path, paying=feature, also=GREEN.replace("Paying", "Also paying"))
    results = made.run("features", "--allure-severities=critical").results
    assert set(results) == {"Paying by cash", "Paying by card"}
    assert results["Paying by cash"]["titlePath"] == ["Selling", "Paying"]
