"""What the workflow linters cannot check: all parts of a run are run, and live results stay private."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.iterdir())
}


def test_as_many_parts_are_run_as_the_replay_is_split_into() -> None:
    check = WORKFLOWS["check.yml"]
    parts = check["jobs"]["replay"]["strategy"]["matrix"]["shard"]
    assert parts == list(range(1, check["env"]["SHARDS"] + 1))


def test_live_results_are_never_published() -> None:
    with_live = [name for name in WORKFLOWS if "--api=live" in (FOLDER / name).read_text(encoding="utf-8")]
    assert with_live == ["live.yml"]
    assert "pages" not in (FOLDER / "live.yml").read_text(encoding="utf-8").lower()


def test_secrets_are_used_by_live_runs_only() -> None:
    with_secrets = [name for name in WORKFLOWS if "secrets." in (FOLDER / name).read_text(encoding="utf-8")]
    assert with_secrets == ["live.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_only_the_job_that_publishes_may_write(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {"contents": "read"}
    writing = {job for job, what in workflow["jobs"].items() if "write" in what.get("permissions", {}).values()}
    assert writing <= {"publish"}


def switch(tmp_path: Path, **secrets: str) -> str:
    """The output and summary of the live run's switch, given whether each secret is set."""
    [step] = WORKFLOWS["live.yml"]["jobs"]["switch"]["steps"]
    output, summary = tmp_path / "output", tmp_path / "summary"
    given = dict.fromkeys(step["env"], "true") | secrets
    files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    environment = {"PATH": os.environ["PATH"]} | given | files
    subprocess.run(["bash", "-e", "-c", step["run"]], env=environment, check=True, capture_output=True)
    return output.read_text() + (summary.read_text() if summary.exists() else "")


def test_the_live_run_is_on_when_all_secrets_are_set(tmp_path: Path) -> None:
    assert switch(tmp_path) == "state=on\n"


def test_the_live_run_is_off_otherwise_and_says_what_is_missing(tmp_path: Path) -> None:
    output = switch(tmp_path, ONEENTRY_USER="false", ONEENTRY_ALLOW_ORDERS="false")
    assert output.startswith("state=off\n")
    assert output.rstrip().endswith("not set: ONEENTRY_ALLOW_ORDERS ONEENTRY_USER")


def test_the_live_run_is_given_what_env_example_lists() -> None:
    [step] = [step for step in WORKFLOWS["live.yml"]["jobs"]["live"]["steps"] if "--api=live" in step.get("run", "")]
    listed = set(re.findall(r"^(ONEENTRY_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(step["env"]) == listed
