"""What workflow linters cannot check: all is run, nothing that did not run is green, live results stay private."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Project

TEMPLATE = ROOT / "oneentry_scenarios/starter/template"
TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for folder in (ROOT, TEMPLATE)
    for path in sorted((folder / ".github/workflows").iterdir())
}
WORKFLOWS: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
LIVE = WORKFLOWS["live.yml"]["jobs"]["live"]


def live_step(key: str, text: str) -> dict[str, Any]:
    """The one step of the live run that has this text in `key`."""
    steps: list[dict[str, Any]] = LIVE["steps"]
    [step] = [step for step in steps if text in str(step.get(key))]
    return step


def test_as_many_parts_are_run_as_the_replay_is_split_into() -> None:
    check = WORKFLOWS["check.yml"]
    parts = check["jobs"]["replay"]["strategy"]["matrix"]["shard"]
    assert parts == list(range(1, check["env"]["SHARDS"] + 1))


@pytest.mark.parametrize("text", ["--api=live", "secrets."])
def test_only_the_live_workflow_calls_the_project_and_knows_secrets(text: str) -> None:
    assert [name for name in WORKFLOWS if text in TEXTS[name]] == ["live.yml"]


def test_live_results_are_never_published() -> None:
    assert "pages" not in TEXTS["live.yml"].lower()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_only_the_job_that_publishes_may_write_and_no_failure_is_passed_over(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {"contents": "read"}
    writing = {job for job, what in workflow["jobs"].items() if "write" in what.get("permissions", {}).values()}
    assert writing <= {"publish"}
    assert not re.findall(r"continue-on-error|\|\| *(?:true|:)|set \+e", TEXTS[name])


def test_a_live_run_that_is_off_is_not_green() -> None:
    """A run of which every job is skipped is grey on GitHub; one job that does nothing would make it green."""
    assert {job["if"] for job in WORKFLOWS["live.yml"]["jobs"].values()} == {"vars.ONEENTRY_LIVE == 'on'"}


def test_the_live_run_is_given_what_env_example_lists() -> None:
    listed = set(re.findall(r"^(ONEENTRY_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(live_step("run", "--api=live")["env"]) == listed


def test_the_list_of_orders_is_kept_when_the_run_is_cancelled_or_takes_too_long() -> None:
    kept = live_step("with", "created-orders")
    assert kept["if"] == "${{ always() && steps.orders.outcome == 'success' }}"
    assert (kept["with"]["path"], kept["with"]["retention-days"]) == ("reports/created-orders.jsonl", 90)
    assert live_step("run", "--api=live")["timeout-minutes"] <= LIVE["timeout-minutes"] - 10
    runs = [step.get("id") or step.get("run") or step["with"] for step in LIVE["steps"]]
    assert runs.index("orders") < runs.index(live_step("run", "--api=live")["run"]) < runs.index(kept["with"])


GH = """#!/bin/sh
case "$2" in
*/zip) cat "$(basename "${2%/zip}").zip" ;;
*) jq --raw-output "$4" artifacts.json ;;
esac
"""


def artifact(number: int, *, expired: bool = False, branch: str = "main", fork: bool = False) -> dict[str, Any]:
    run = {"head_branch": branch, "head_repository_id": 2 if fork else 1, "repository_id": 1}
    return {"id": number, "expired": expired, "workflow_run": run}


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq, which plays the one in gh")
@pytest.mark.parametrize(
    ("artifacts", "code", "expected"),
    [
        ([], 0, None),
        ([artifact(7), artifact(9), artifact(8)], 0, "of 9"),
        ([artifact(7), artifact(9, expired=True), artifact(10, fork=True), artifact(11, branch="b")], 0, "of 7"),
        (None, 1, None),
        ([artifact(6)], 1, ""),
    ],
    ids=["none yet", "the newest", "valid and of this branch", "GitHub fails", "the list is not in it"],
)
def test_the_list_of_earlier_orders_is_carried_on_or_none_is_placed(
    tmp_path: Path, artifacts: list[Any] | None, code: int, expected: str | None
) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    if artifacts is not None:
        (tmp_path / "artifacts.json").write_text(json.dumps({"artifacts": artifacts}))
    for number in range(6, 12):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as file:
            file.writestr("created-orders.jsonl" if number > 6 else "else", f"of {number}")
    step = live_step("id", "orders")
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "a/b", "GITHUB_REF_NAME": "main"}
    environment = given | {"RUNNER_TEMP": str(tmp_path), "NEWEST": step["env"]["NEWEST"]}
    command = ["bash", "-e", "-c", step["run"]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    orders = tmp_path / "reports/created-orders.jsonl"
    assert (done.returncode != 0, orders.read_text() if orders.exists() else None) == (code != 0, expected), done.stderr


def test_the_weekly_run_takes_the_newest_of_the_customers_six_packages() -> None:
    [install] = [step["run"] for step in WORKFLOWS["newest.yml"]["jobs"]["newest"]["steps"] if "pip" in str(step)]
    assert install == ".venv/bin/pip install --upgrade pytest pytest-bdd httpx vcrpy faker allure-pytest"


def test_pre_commit_runs_parts_of_make_check_and_nothing_else() -> None:
    checks = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck:")[1].replace("$(BIN)", ".venv/bin")
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = [hook["entry"] for hook in local["hooks"]]
    assert entries
    assert set(entries) <= set(re.split(r" && |\n\t@", checks))


PROJECT = {f"ONEENTRY_{name}": "12345678" for name in ("APP_TOKEN", "USER", "PASSWORD")} | {
    "ONEENTRY_PROJECT_URL": "https://shop.example",
    "ONEENTRY_ALLOW_ORDERS": "shop.example",
}


@pytest.mark.parametrize(
    ("tag", "arguments", "code"),
    [
        ("@skip", (), 5),
        ("@skip", ("-n", "1"), 5),
        ("", ("-k", "no-such-scenario"), 5),
        ("", ("--api=live", "-k", "no-such-scenario"), 5),
        ("", ("--api=live", "-m", "mock_only", "features"), 5),
        ("@skip", ("features",), 0),
    ],
    ids=["all skipped", "all skipped by a worker", "none selected", "none in live", "all skipped in live", "one ran"],
)
def test_a_run_in_which_nothing_ran_is_red(project: Project, tag: str, arguments: tuple[str, ...], code: int) -> None:
    """As pytest calls it: no tests were collected."""
    project.edit("features/order_payment.feature", "@payment\nF", f"@payment {tag}\nF")
    if not any(argument.startswith("features") for argument in arguments):
        arguments = (*arguments, "features/order_payment.feature")
    outcome = project.run(*arguments, **PROJECT)
    assert outcome.code == code, outcome.output
    assert ("Nothing was tested: " in outcome.output) == ("skipped" in outcome.output and code == 5)
