"""The house keeps its own rules: sizes, lock files, which room may use which, and which plugins replay loads."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, STORY, Project

TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
    "\0"
)[:-1]
#: Rooms and what they must do without; see the design's table.
NOT_USED_BY = {
    "steps": {"vcr", "allure", "allure_commons", "allure_pytest"},
    "oneentry_scenarios/api": {"pytest", "vcr", "allure", "allure_commons", "allure_pytest"},
    "oneentry_scenarios/mock_server": {
        "oneentry_scenarios.api",
        "oneentry_scenarios.cassettes",
        "oneentry_scenarios.reporting",
        "oneentry_scenarios.gherkin",
        "oneentry_scenarios.redaction",
    },
    "oneentry_scenarios/redaction": {
        f"oneentry_scenarios.{room}" for room in ("api", "mock_server", "cassettes", "reporting", "gherkin")
    },
    "oneentry_scenarios/cassettes": {"allure", "allure_commons", "allure_pytest", "oneentry_scenarios.reporting"},
    "oneentry_scenarios/reporting": {"vcr"},
    "oneentry_scenarios/gherkin": {"vcr", "allure", "allure_commons", "allure_pytest", "httpx"},
}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("room", NOT_USED_BY)
def test_a_room_does_without_what_it_must_not_know(room: str) -> None:
    files = [path for path in TRACKED if path.startswith(room) and path.endswith(".py")]
    assert files
    for path in files:
        for name in imports_of(ROOT / path):
            assert not any(name == banned or name.startswith(f"{banned}.") for banned in NOT_USED_BY[room]), (
                path,
                name,
            )


def test_replay_loads_only_the_plugins_that_it_needs(project: Project) -> None:
    """Others that come with a package would cost time at each start, or change what tests do."""
    [line] = re.findall(r"^plugins: (.*)$", project.run("--collect-only", "features").output, re.MULTILINE)
    loaded = {re.sub(r"-[\d.]+$", "", name) for name in line.split(", ")}
    assert loaded == {"bdd", "allure-pytest", "xdist", "split"}, "switch off what is not needed in pyproject.toml"


def test_replay_imports_only_what_it_needs(project: Project) -> None:
    """Each of these takes up to a third of the time that pytest itself needs to start."""
    source = (project.root / "conftest.py").read_text(encoding="utf-8")
    hook = 'def pytest_sessionfinish():\n    import sys\n    print("\\nimported:", *sys.modules)\n'
    (project.root / "conftest.py").write_text(f"{source}\n\n{hook}", encoding="utf-8")
    outcome = project.run("-s", STORY)
    assert outcome.code == 0, outcome.output
    [line] = re.findall(r"^imported: (.*)$", outcome.output, re.MULTILINE)
    imported = set(line.split())
    assert {"httpx", "vcr", "pydantic"} <= imported
    assert not imported & {"click", "rich", "requests", "urllib3", "httpcore", "h11", "anyio", "certifi"}
    assert not imported & {"uvicorn", "starlette", "jwt", "faker", "dotenv"}
    assert not imported & {"oneentry_scenarios.mock_server", "oneentry_scenarios.drift.compare"}


def test_sizes_stay_small() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
    assert len((ROOT / "features/order_payment.feature").read_text().splitlines()) <= 25
    verbs = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(verbs) <= 9
    lines = {path: len((ROOT / path).read_text().splitlines()) for path in TRACKED if path.endswith(".py")}
    mock_server = sum(count for path, count in lines.items() if path.startswith("oneentry_scenarios/mock_server"))
    rest = sum(count for path, count in lines.items() if path.startswith("oneentry_scenarios/")) - mock_server
    assert mock_server < rest
    assert not [
        path for path, count in lines.items() if count > 330 and path.startswith(("oneentry_scenarios", "steps"))
    ]


def test_lock_files_have_hashes_and_no_addresses() -> None:
    locks = [path for path in TRACKED if path.startswith("requirements/") or path.endswith("package-lock.json")]
    assert len(locks) == 6
    for path in locks:
        text = (ROOT / path).read_text()
        assert not re.findall(r'"resolved"|--(?:extra-)?index-url|--find-links|files\.|registry\.', text), path
        if path.endswith(".txt"):
            pins = re.findall(r"^\S+==\S+(?: ;.*)? \\\n    --hash=sha256:", text, re.MULTILINE)
            assert len(pins) == len(re.findall(r"^[a-z].*==", text, re.MULTILINE)), path


def test_both_locks_pin_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("replay.txt") < pins("test.txt")


def test_runtime_dependencies_are_the_customers_six_and_at_most_five_more() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[=<>]", each)[0] for each in dependencies}
    assert {"pytest", "pytest-bdd", "httpx", "vcrpy", "faker", "allure-pytest"} <= names
    assert len(names) <= 11


def test_ci_runs_the_test_command_of_the_readme_and_nothing_else() -> None:
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert "make test " in (ROOT / "README.md").read_text()
