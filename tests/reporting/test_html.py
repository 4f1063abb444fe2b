"""The HTML report: made of results, complete or not at all, and asking nothing from the network."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from oneentry_scenarios.reporting import html
from oneentry_scenarios.reporting.html import NoReportError, make_report, merged_facts
from oneentry_scenarios.reporting.offline import POLICY, NotOfflineError, make_offline, outside_of
from oneentry_scenarios.reporting.properties import write_properties
from oneentry_scenarios.reporting.summary import report_name
from tests.reporting.made import SECRET, Made
from tools.checkout import run_command

MOCK_SERVER = {"API": "replay", "Recorded from": "mock server, not OneEntry"}
FAILING_ALLURE = "console.error('no room'); process.exit(3)"
HEAD = '<html><head><meta charset="utf-8">'


def results_in(directory: Path, *, start: int = 1, facts: dict[str, str] | None = None) -> Path:
    directory.mkdir(parents=True)
    ids = {"uuid": f"u{start}", "testCaseId": f"c{start}", "historyId": f"h{start}"}
    result = {**ids, "name": f"Started at {start}", "status": "passed", "start": start, "stop": start + 1}
    (directory / "one-result.json").write_text(json.dumps(result), encoding="utf-8")
    (directory / "environment.properties").write_text(write_properties(facts or MOCK_SERVER), encoding="utf-8")
    return directory


def old_report(reports: Path) -> Path:
    page = reports / "allure-report" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("the report before", encoding="utf-8")
    return page


def test_the_report_is_one_file_that_names_nothing_outside(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [file.name for file in page.parent.iterdir()] == ["index.html"]
    assert outside_of(text) == []
    assert POLICY in text
    assert "googletagmanager" not in text
    assert "gtag(" not in text


def test_the_report_says_on_its_face_what_was_run(page: Path) -> None:
    name = "OneEntry shop scenarios - replayed from the mock server, not OneEntry"
    assert f"<title> {name} </title>" in page.read_text(encoding="utf-8")


def test_the_report_keeps_secrets(page: Path, made: Made) -> None:
    for file in (page, made.root / "reports" / "history.jsonl"):
        assert SECRET not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        (MOCK_SERVER, " - replayed from the mock server, not OneEntry"),
        ({"API": "replay"}, " - replayed"),
        ({"API": "replay", "Recorded from": "a project on OneEntry"}, " - replayed from a project on OneEntry"),
        ({"API": "mock"}, " - run against the mock server, not OneEntry"),
        ({"API": "live"}, " - run against a project on OneEntry"),
        ({"API": "live on one's own machine"}, " - run against a server on one's own machine, not OneEntry"),
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


def history_in(reports: Path) -> list[list[str]]:
    """The scenarios' names in each report so far."""
    lines = (reports / "history.jsonl").read_text(encoding="utf-8").splitlines()
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


def test_the_newest_run_is_taken(tmp_path: Path) -> None:
    results_in(tmp_path / "allure-results" / "2026-01-01", start=1)
    results_in(tmp_path / "allure-results" / "2026-01-02", start=2)
    (tmp_path / "allure-results" / "2026-01-03").mkdir()
    make_report(reports=tmp_path)
    assert history_in(tmp_path) == [["Started at 2"]]


def test_without_results_it_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(NoReportError, match=r"There are no results yet\. Run `pytest`"):
        make_report(reports=tmp_path)


def test_a_wrong_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoReportError, match=r"There is no directory .*nowhere"):
        make_report([tmp_path / "nowhere"], reports=tmp_path)
    with pytest.raises(NoReportError, match="holds no results of scenarios"):
        make_report([tmp_path], reports=tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"start": null}'])
def test_a_broken_result_is_named_and_the_report_before_is_kept(tmp_path: Path, content: str) -> None:
    results = results_in(tmp_path / "results")
    (results / "two-result.json").write_text(content, encoding="utf-8")
    before = old_report(tmp_path)
    with pytest.raises(NoReportError, match=r"two-result.json .* is broken .* Run the scenarios again"):
        make_report([results], reports=tmp_path)
    assert before.read_text(encoding="utf-8") == "the report before"


def test_a_missing_allure_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(NoReportError, match="To install it: oneentry-scenarios setup report"):
        make_report([results_in(tmp_path / "results")], reports=tmp_path, allure=tmp_path / "none.js")


def test_a_failing_allure_is_quoted_and_the_report_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cli.js").write_text(FAILING_ALLURE, encoding="utf-8")
    before = old_report(tmp_path)
    with pytest.raises(NoReportError, match=r"exit code 3:\nno room"):
        make_report([results_in(tmp_path / "results")], reports=tmp_path, allure=tmp_path / "cli.js")
    assert before.read_text(encoding="utf-8") == "the report before"
    assert not (tmp_path / "history.jsonl").exists()


@pytest.mark.parametrize(
    ("version", "message"), [(None, "needs Node 20"), ("v18.1.0", "is v18.1.0"), ("", "is broken")]
)
def test_a_missing_or_old_node_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None, message: str
) -> None:
    monkeypatch.setattr(html, "BIN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    if version is not None:
        node = tmp_path / "node"
        node.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        node.chmod(0o755)
    with pytest.raises(NoReportError, match=f"{message}.*oneentry-scenarios setup report"):
        make_report([results_in(tmp_path / "results")], reports=tmp_path)


def test_the_projects_own_node_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / ("node.exe" if sys.platform == "win32" else "node")
    own.symlink_to(str(shutil.which("node")))
    monkeypatch.setattr(html, "BIN", tmp_path)
    assert html._node() == own


def test_the_command_prints_one_line(tmp_path: Path) -> None:
    done = run_command(sys.executable, "-m", "oneentry_scenarios", "report", str(tmp_path))
    said = f"{tmp_path} holds no results of scenarios. Run `pytest`, or name another directory.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    "asks",
    [
        '<script src="https://elsewhere.example/x.js"></script>',
        '<link href="//elsewhere.example/x.css">',
        '<img src=" HTTP://elsewhere.example/x.png">',
        "<script>load('google-analytics')</script>",
    ],
)
def test_a_page_that_asks_the_network_is_refused(asks: str) -> None:
    with pytest.raises(NotOfflineError, match="The report would load"):
        make_offline(f"{HEAD}{asks}")


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


def test_a_page_of_another_make_is_refused() -> None:
    with pytest.raises(NotOfflineError, match="no head that we know"):
        make_offline("<html></html>")
