"""What workflow linters cannot check: all is run, nothing that did not run is green, live results stay private."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Project
from tools.checkout import run_command

FOLDERS = ROOT / ".github/workflows", ROOT / "oneentry_scenarios/starter/template/.github/workflows"
TEXTS = {path.name: path.read_text(encoding="utf-8") for folder in FOLDERS for path in sorted(folder.iterdir())}
WORKFLOWS: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
LIVE = WORKFLOWS["live.yml"]["jobs"]["live"]
[FETCH] = [step for step in LIVE["steps"] if step.get("id") == "orders"]
[RUN] = [step for step in LIVE["steps"] if "--api=live" in step.get("run", "")]
[KEEP] = [step for step in LIVE["steps"] if "created-orders" in str(step.get("with"))]


def test_as_many_parts_are_run_as_the_replay_is_split_into() -> None:
    check = WORKFLOWS["check.yml"]
    parts = check["jobs"]["replay"]["strategy"]["matrix"]["shard"]
    assert parts == list(range(1, check["env"]["SHARDS"] + 1))


def test_only_live_runs_know_secrets_and_their_results_are_never_published() -> None:
    for text in ("--api=live", "secrets."):
        assert [name for name in WORKFLOWS if text in TEXTS[name]] == ["live.yml"]
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
    assert set(RUN["env"]) == listed


def test_the_list_of_orders_is_kept_when_the_run_is_cancelled_or_takes_too_long() -> None:
    assert KEEP["if"] == "${{ always() && steps.orders.outcome == 'success' }}"
    assert (KEEP["with"]["path"], KEEP["with"]["retention-days"]) == ("reports/created-orders.jsonl", 90)
    assert RUN["timeout-minutes"] <= LIVE["timeout-minutes"] - 10
    assert LIVE["steps"].index(FETCH) < LIVE["steps"].index(RUN) < LIVE["steps"].index(KEEP)


#: Plays `gh`: returns the file of an artifact, or what its `--jq` finds in the list of artifacts.
GH = '#!/bin/sh\ncase "$2" in */zip) cat "$(basename "${2%/zip}").zip" ;; *) jq -r "$4" artifacts.json ;; esac\n'


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq, which plays the one in gh")
@pytest.mark.parametrize(
    ("artifacts", "expected"),
    [
        ([], (0, None)),
        ([7, 9, 8], (0, "of 9")),
        ([7, 20, 21, 22], (0, "of 7")),  # the others: expired, of a fork, of another branch
        ([6], (11, "")),  # no list is in it
        ([5], (1, None)),  # it cannot be fetched
        (None, (2, None)),  # GitHub fails
    ],
)
def test_the_list_of_earlier_orders_is_carried_on_or_none_is_placed(
    tmp_path: Path, artifacts: list[int] | None, expected: tuple[int, str | None]
) -> None:
    (orders := tmp_path / "reports/created-orders.jsonl").parent.mkdir()
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    listed = []
    for number in artifacts or ():
        run = {"head_branch": "b" if number == 22 else "main", "head_repository_id": int(number == 21)}
        listed.append({"id": number, "expired": number == 20, "workflow_run": run | {"repository_id": 0}})
        with zipfile.ZipFile(tmp_path / (f"{number}.zip" if number > 5 else "another.zip"), "w") as file:
            file.writestr("else" if number == 6 else "created-orders.jsonl", f"of {number}")
    if artifacts is not None:
        (tmp_path / "artifacts.json").write_text(json.dumps({"artifacts": listed}))
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "a/b", "GITHUB_REF_NAME": "main"}
    given |= {"RUNNER_TEMP": str(tmp_path), "NEWEST": FETCH["env"]["NEWEST"]}
    done = run_command("bash", "-e", "-c", FETCH["run"], cwd=tmp_path, limit=60, **given)
    assert (done.returncode, orders.read_text() if orders.exists() else None) == expected, done.stderr


def test_the_weekly_run_takes_the_newest_of_the_customers_six_packages() -> None:
    install = ".venv/bin/pip install --upgrade pytest pytest-bdd httpx vcrpy faker allure-pytest"
    assert install in [step.get("run") for step in WORKFLOWS["newest.yml"]["jobs"]["newest"]["steps"]]


def test_pre_commit_runs_parts_of_make_check() -> None:
    checks = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck:")[1].replace("$(BIN)", ".venv/bin")
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {hook["entry"] for hook in local["hooks"]} <= set(re.split(r" && |\n\t@", checks))


@pytest.mark.parametrize(
    ("tag", "arguments", "code"),
    [
        ("@skip", "features/order_payment.feature", 5),
        ("@skip", "features/order_payment.feature -n 1", 5),
        ("@skip", "features", 0),
        ("", "-k no-such-scenario", 5),
        ("", "--api=live -k no-such-scenario", 5),
        ("", "--api=live -m mock_only", 5),
    ],
)
def test_a_run_in_which_nothing_ran_is_red(project: Project, tag: str, arguments: str, code: int) -> None:
    """As when pytest has collected nothing, whose exit code it has."""
    shop = {f"ONEENTRY_{name}": "12345678" for name in ("APP_TOKEN", "USER", "PASSWORD", "ALLOW_ORDERS")}
    shop |= {"ONEENTRY_PROJECT_URL": "https://12345678"}
    project.edit("features/order_payment.feature", "@payment\nF", f"@payment {tag}\nF")
    outcome = project.run(*arguments.split(), **shop)
    assert outcome.code == code, outcome.output
    assert ("Nothing was tested: all" in outcome.output) == (" skipped" in outcome.output and code == 5)
