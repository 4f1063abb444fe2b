"""The benchmark runs all scenarios of every variant. No test depends on how long they take."""

import itertools
import re
import sys
from pathlib import Path

import pytest

from tools.benchmarks import peers, projects, redaction, report
from tools.benchmarks.measure import BenchmarkError, Cost, measure
from tools.checkout import run_command

pytestmark = pytest.mark.usefixtures("measured")
#: A kind of project, where the recording of its second scenario is, and what the run says without it.
RECORDINGS = {
    projects.OURS: ("cassettes/**/*2.json", "is missing"),
    projects.BEHAVE: ("cassettes/**/*2.yaml", "Errored scenarios"),
    projects.CUCUMBER: ("recordings/**/*2_*/recording.har", "`recordIfMissing` is `false`"),
}
SET_UP = projects.PEERS if peers.are_set_up() else ()


def test_a_quick_benchmark_runs_every_variant_and_keeps_nothing() -> None:
    kept = report.PAGE.read_bytes(), report.CHART.read_bytes()
    done = run_command(sys.executable, "-m", "tools.benchmarks", "--quick")
    assert done.returncode == 0, done.stderr
    table, goals, growth = done.stdout.split("\n\n")
    rows = {tuple(line.strip("| ").replace("*", "").split(" | ")[0:3:2]) for line in table.splitlines()[2:]}
    every = (*projects.VARIANTS, *SET_UP)
    assert {name for count, name in rows if count == "1"} == {each.name for each in every}
    assert {name for count, name in rows if count == "4"} == {each.name for each in (*every, *projects.TOGETHER)}
    assert "not measured" in goals
    assert growth.count("\n| ") == len(redaction.UNITS)
    assert (report.PAGE.read_bytes(), report.CHART.read_bytes()) == kept


@pytest.mark.parametrize("variant", [projects.OURS, *SET_UP], ids=lambda variant: variant.folder)
def test_a_run_with_failed_or_missing_scenarios_is_an_error(tmp_path: Path, variant: projects.Variant) -> None:
    projects.make_projects(tmp_path, 2)
    project, (pattern, missing) = tmp_path / variant.folder, RECORDINGS[variant]

    def run(count: int, name: str) -> None:
        measure(project, count, results=tmp_path / name, arguments=[variant.tests], tool=variant.tool)

    with pytest.raises(BenchmarkError, match="3 tests should pass"):
        run(3, "more")
    [recording] = project.glob(pattern)
    text = recording.read_text(encoding="utf-8")
    recording.write_text(re.sub(r'(totalSum[\\"]+: ?)340', r"\g<1>341", text), encoding="utf-8")
    with pytest.raises(BenchmarkError, match="1 failed"):
        run(2, "changed")
    recording.unlink()
    with pytest.raises(BenchmarkError, match=missing):
        run(2, "missing")


@pytest.mark.parametrize("name", ["steps.py.in", "steps.mjs"])
def test_each_peer_has_a_step_for_each_line_of_the_story(name: str) -> None:
    [steps] = (path.read_text(encoding="utf-8") for path in peers.TEMPLATES.rglob(name))
    lines = [step.name for step in projects.steps_of_story()]
    assert len(lines) == 7
    assert [line for line in lines if re.sub(r"^Christina | \d.*", "", line) not in steps] == []


def test_redaction_that_grows_with_the_square_of_the_text_is_an_error() -> None:
    redaction.check({"dots": [0.01, 0.02, 0.04, 0.08]})
    with pytest.raises(BenchmarkError, match="redacting dots takes 40 times"):
        redaction.check({"dots": [0.01, 0.02, 0.04, 0.4]})


def test_only_the_text_between_the_marks_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = report.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(report, "CHART", tmp_path / "performance.svg")
    monkeypatch.setattr(report, "PAGE", tmp_path / "performance.md")
    report.PAGE.write_text(kept, encoding="utf-8")
    series, names = report.Series(), [*report.CHARTED, projects.TOGETHER[0].name]
    for size in (report.Size(*each) for each in ((1, "tmpfs"), (500, "tmpfs"), (2000, "tmpfs"), (500, "ext4"))):
        for (name, wall), load in itertools.product(zip(names, (7.5, 5, 10, 3, 5), strict=True), (1, 2, 4)):
            cpu, memory = load * size.scenarios, size.scenarios / 50
            series.add(size, name, Cost(load * wall, cpu, memory, files=8, written=0))
    for _ in range(2):
        before = report.PAGE.read_text(encoding="utf-8")
        tables = report.as_table(series), report.goals(series), redaction.as_table({"dots": [0.5, 1.0, 2.0, 4.0]})
        report.write(series, *tables)
    text = report.PAGE.read_text(encoding="utf-8")
    numbers = "10.00 (5.00-20.00) | 1.50 | 1000.00 (500.00-2000.00) | 1.00 | 2000.0 (1000.0-4000.0) | 10 | 8 | 0.0"
    assert text.count(f"| 500 | tmpfs | {projects.BASELINE.name} | {numbers} |") == 1
    outcomes = re.findall(r"^\|.*\| ([\d.]+) \| (.*met) \|$", text, re.MULTILINE)
    assert outcomes[:3] == [("0.75", "met, stretch not met"), ("2.50", "not met, stretch not met"), ("0.75", "met")]
    assert outcomes[3:6] == [("1.50", "not met"), ("2.50", "not met"), ("0.67", "met")]
    assert outcomes[6:] == [("1.00", "met"), ("20.00", "met")]
    assert re.findall(r">([\d.]+) s<", report.CHART.read_text()) == ["15.0", "10.0", "20.0", "6.0"]
    assert text.count("| dots | 500.0 | 2.0 | 4.0 | 8.0 |") == 1
    assert text.partition("<!--")[0] == before.partition("<!--")[0] == kept.partition("<!--")[0]
