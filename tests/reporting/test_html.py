"""The HTML report: made of results, complete or not at all, and asking nothing from the network."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from oneentry_scenarios import environment
from oneentry_scenarios.environment import command
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.reporting.html import _PAGE, make_offline, make_report, merged_facts, outside_of
from oneentry_scenarios.reporting.writer import report_name, write_properties
from tests.reporting.made import SECRET, Made
from tools.checkout import run_command

MOCK_SERVER = {"API": "replay", "Recorded from": "mock server, not OneEntry"}
HEAD = '<html><head><meta charset="utf-8">'


def results_in(directory: Path, *, start: int = 1, facts: dict[str, str] | None = None) -> Path:
    directory.mkdir(parents=True)
    ids = {"uuid": f"u{start}", "testCaseId": f"c{start}", "historyId": f"h{start}"}
    result = {**ids, "name": f"Started at {start}", "status": "passed", "start": start, "stop": start + 1}
    (directory / "one-result.json").write_text(json.dumps(result), encoding="utf-8")
    (directory / "environment.properties").write_text(write_properties(facts or MOCK_SERVER), encoding="utf-8")
    return directory


def test_the_report_is_one_file_that_says_what_was_run_without_secrets_and_loads_nothing(
    page: Path, made: Made
) -> None:
    text = page.read_text(encoding="utf-8")
    assert [file.name for file in page.parent.iterdir()] == ["index.html"]
    assert "<title> OneEntry shop scenarios - replayed from the mock server, not OneEntry </title>" in text
    assert outside_of(text) == []
    assert _PAGE["policy"] in text
    history = (made.root / "reports" / "history.jsonl").read_text(encoding="utf-8")
    assert not [each for each in (SECRET, "googletagmanager", "gtag(") if each in text + history]


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        (MOCK_SERVER, " - replayed from the mock server, not OneEntry"),
        ({"API": "replay"}, " - replayed"),
        ({"API": "replay", "Recorded from": "a project on OneEntry"}, " - replayed from a project on OneEntry"),
        ({"API": "mock"}, " - run against the mock server, not OneEntry"),
        ({"API": "live"}, " - run against a project on OneEntry"),
        ({"API": "live on one's own machine"}, " - run against a local server, not OneEntry"),
        ({"API": "replay + live", "Recorded from": "x"}, " - replayed from x and run against a project on OneEntry"),
        ({}, ""),
    ],
)
def test_names(facts: dict[str, str], source: str) -> None:
    assert report_name(facts) == f"OneEntry shop scenarios{source}"


def test_facts_that_differ_are_both_shown(tmp_path: Path) -> None:
    one = results_in(tmp_path / "one", facts={"API": "replay", "Python": "3.11"})
    two = results_in(tmp_path / "two", facts={"API": "live", "Python": "3.11"})
    assert merged_facts([one, two]) == {"API": "replay + live", "Python": "3.11"}


def history_in(reports: Path, name: str = "history.jsonl") -> list[list[str]]:
    """The scenarios' names in each report so far."""
    lines = (reports / name).read_text(encoding="utf-8").splitlines()
    return [sorted(result["name"] for result in json.loads(line)["testResults"].values()) for line in lines]


def test_several_directories_become_one_report(tmp_path: Path) -> None:
    make_report([results_in(tmp_path / "one", start=1), results_in(tmp_path / "two", start=9)], reports=tmp_path)
    assert history_in(tmp_path) == [["Started at 1", "Started at 9"]]


def test_each_run_counts_once_in_history(tmp_path: Path) -> None:
    one, two = results_in(tmp_path / "one", start=1), results_in(tmp_path / "two", start=9)
    make_report([one], reports=tmp_path)
    with (tmp_path / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write("no JSON\n")
    make_report([two], reports=tmp_path)
    make_report([two], reports=tmp_path)
    assert history_in(tmp_path) == [["Started at 1"], ["Started at 9"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["allure-report", "history.jsonl", "one", "two"]


def test_a_replay_has_no_live_run_in_its_history(tmp_path: Path) -> None:
    for start, api in enumerate(("live", "mock", "live on one's own machine", "replay"), 1):
        make_report([results_in(tmp_path / f"{start}", start=start, facts={"API": api})], reports=tmp_path)
    others = ("history-live.jsonl", "history-mock.jsonl", "history-live-on-one-s-own-machine.jsonl")
    assert [history_in(tmp_path, name) for name in (*others, "history.jsonl")] == [
        [[f"Started at {n}"]] for n in range(1, 5)
    ]


def test_the_newest_run_is_taken(tmp_path: Path) -> None:
    results_in(tmp_path / "allure-results" / "2026-01-01", start=1)
    results_in(tmp_path / "allure-results" / "2026-01-02", start=2)
    (tmp_path / "allure-results" / "2026-01-03").mkdir()
    make_report(reports=tmp_path)
    assert history_in(tmp_path) == [["Started at 2"]]


@pytest.mark.parametrize(
    ("named", "files", "message"),
    [
        ([], {}, r"There are no results yet\. Run `.*pytest` and try again"),
        (["nowhere"], {}, "There is no directory .*nowhere"),
        (["."], {}, "has no scenario results"),
        *(
            (["results"], {"results/two-result.json": content}, r"two-result\.json .* is broken .* Rerun the scenarios")
            for content in ("{", "[]", "{}", '{"start": null}')
        ),
        (["results"], {}, "Install it: .*oneentry-scenarios setup report"),
        (["results"], {"cli.js": "console.error('no room'); process.exit(3)"}, "exit code 3:\nno room"),
    ],
)
def test_why_there_is_no_report_is_said_and_the_one_before_is_kept(
    tmp_path: Path, named: list[str], files: dict[str, str], message: str
) -> None:
    results_in(tmp_path / "results")
    before = tmp_path / "allure-report" / "index.html"
    before.parent.mkdir()
    for name, content in {**files, "allure-report/index.html": "the report before"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(Problem, match=message):
        make_report([tmp_path / name for name in named], reports=tmp_path, allure=tmp_path / "cli.js")
    assert before.read_text(encoding="utf-8") == "the report before"
    assert not (tmp_path / "history.jsonl").exists()


@pytest.mark.parametrize(
    ("version", "message"), [(None, "needs Node 20"), ("v18.1.0", "is v18.1.0"), ("", "is broken")]
)
def test_a_missing_or_old_node_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None, message: str
) -> None:
    monkeypatch.setattr(environment, "BIN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    if version is not None:
        node = tmp_path / "node"
        node.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        node.chmod(0o755)
    with pytest.raises(Problem, match=f"{message}.*oneentry-scenarios setup report"):
        make_report([results_in(tmp_path / "results")], reports=tmp_path)


def test_the_projects_own_node_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / ("node.exe" if sys.platform == "win32" else "node")
    own.symlink_to(str(shutil.which("node")))
    monkeypatch.setattr(environment, "BIN", tmp_path)
    assert environment.recent_node() == own


def test_the_command_prints_one_line(tmp_path: Path) -> None:
    done = run_command(sys.executable, "-m", "oneentry_scenarios", "report", str(tmp_path))
    said = f"{tmp_path} has no scenario results. Run `{command('pytest')}`, or pass another directory.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (f'{HEAD}<script src="https://elsewhere.example/x.js"></script>', "The report would load"),
        (f'{HEAD}<link href="//elsewhere.example/x.css">', "The report would load"),
        (f'{HEAD}<img src=" HTTP://elsewhere.example/x.png">', "The report would load"),
        (f"{HEAD}<script>load('google-analytics')</script>", "The report would load"),
        ("<html></html>", "The head of Allure's page is not as expected"),
    ],
)
def test_a_page_that_asks_the_network_or_is_of_another_make_is_refused(page: str, message: str) -> None:
    with pytest.raises(Problem, match=message):
        make_offline(page)


def test_analytics_are_taken_out_and_the_rest_is_kept() -> None:
    page = (
        f"{HEAD}<script>keep()</script>"
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>\n'
        "<script>function gtag(){} gtag('js');</script><script>keep(2)</script>"
        '<a href="https://elsewhere.example/">a link is no request</a>'
    )
    offline = make_offline(page)
    assert offline.count("keep(") == 2
    assert "gtag" not in offline
