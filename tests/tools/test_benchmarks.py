"""The benchmark runs all scenarios of every variant. No test depends on how long they take."""

import sys
from pathlib import Path

import pytest

from tools.benchmarks import redaction, report
from tools.benchmarks.measure import BenchmarkError, Cost, measure
from tools.benchmarks.projects import FLOOR, OURS, VARIANTS, make_projects
from tools.checkout import run_command

pytestmark = pytest.mark.usefixtures("measured")


def test_a_quick_benchmark_runs_every_variant_and_keeps_nothing() -> None:
    kept = report.PAGE.read_bytes()
    done = run_command(sys.executable, "-m", "tools.benchmarks", "--quick")
    assert done.returncode == 0, done.stderr
    table, _, growth = done.stdout.partition("\n\n")
    rows = [line.split(" | ")[:2] for line in table.splitlines()[2:]]
    assert [name.strip("*") for count, name in rows if count == "| 1"] == [each.name for each in VARIANTS]
    assert len([count for count, _name in rows if count == "| 4"]) == len(VARIANTS) + 3
    assert growth.count("\n| ") == len(redaction.UNITS)
    assert report.PAGE.read_bytes() == kept


def test_a_run_with_failed_or_missing_scenarios_is_an_error(tmp_path: Path) -> None:
    make_projects(tmp_path, 2)
    project = tmp_path / OURS.folder
    with pytest.raises(BenchmarkError, match="3 tests should pass"):
        measure(project, 3, results=tmp_path / "more", arguments=[OURS.tests])
    next(project.rglob("a-payment-*.json")).unlink()
    with pytest.raises(BenchmarkError, match="is missing"):
        measure(project, 2, results=tmp_path / "results", arguments=[OURS.tests])


def test_the_table_is_made_of_medians_and_of_ratios_within_a_round() -> None:
    series = report.Series(floor=FLOOR.name, ours=OURS.name)
    for cpu in (1.0, 2.0, 4.0):
        series.add(1, FLOOR.name, Cost(wall=cpu, cpu=cpu, memory=40, files=8, written=0))
        series.add(1, OURS.name, Cost(wall=cpu, cpu=2 * cpu, memory=80, files=8, written=0))
        series.add(101, OURS.name, Cost(wall=cpu, cpu=2 * cpu + 1, memory=80, files=602, written=1))
        series.add(101, FLOOR.name, Cost(wall=cpu, cpu=cpu + 0.5, memory=41, files=800, written=1))
    one = next(line for line in report.as_tables(series).splitlines() if line.startswith("| 1 | **"))
    assert one == f"| 1 | **{OURS.name}** | 2.00 (1.00-4.00) | 1.00 | 4.00 (2.00-8.00) | 2.00 |  | 80 | 8 | 0.0 |"
    assert series.cpu_a_scenario(101, OURS.name) == [10.0, 10.0, 10.0]


def test_redaction_that_grows_with_the_square_of_the_text_is_an_error() -> None:
    redaction.check({"dots": [0.01, 0.02, 0.04, 0.08]})
    with pytest.raises(BenchmarkError, match="redacting dots takes 40 times"):
        redaction.check({"dots": [0.01, 0.02, 0.04, 0.4]})


def test_only_the_text_between_the_marks_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "performance.md"
    page.write_text(report.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    series = report.Series(floor=FLOOR.name, ours=OURS.name)
    for wall in (1.25, 1.75):
        series.add(1, FLOOR.name, Cost(wall=wall, cpu=1, memory=40, files=8, written=0))
        before = page.read_text(encoding="utf-8")
        report.write(series, redaction.as_table({"dots": [0.5, 1.0, 2.0, 4.0]}))
    text = page.read_text(encoding="utf-8")
    assert "1.50 (1.25-1.75)" in text
    assert text.count("| scenarios |") == 1
    assert text.count("| dots | 500.0 | 2.0 | 4.0 | 8.0 |") == 1
    assert text.partition("<!--")[0] == before.partition("<!--")[0] == report.PAGE.read_text().partition("<!--")[0]
