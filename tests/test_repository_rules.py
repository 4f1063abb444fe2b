"""Rules of this repository that no linter checks: sizes, lock files, the wheel's content and what replay imports."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from oneentry_scenarios.starter.repository import build_wheel
from tests.conftest import BUYER, STORY, Project
from tools.checkout import ROOT, run_command, run_pytest

TRACKED = run_command("git", "ls-files", "-z").stdout.split("\0")[:-1]
LOCKS = [path for path in TRACKED if path.startswith("requirements/") or path.endswith("package-lock.json")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def names_of(requirements: list[str]) -> set[str]:
    return {re.split(r"[=<>]", each)[0] for each in requirements}


def pins(name: str) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))


def test_replay_loads_and_imports_only_what_it_needs(project: Project) -> None:
    """Other plugins that come with a package change what tests do; a module takes up to a third of pytest's start."""
    project.add_to_conftest('def pytest_sessionfinish():\n    import sys\n    print("\\nimported:", *sys.modules)\n')
    outcome = project.run("-s", STORY, BUYER)
    assert outcome.code == 0, outcome.output
    plugins, line = re.findall(r"^(?:plugins|imported): (.*)$", outcome.output, re.MULTILINE)
    loaded = {re.sub(r"-[\d.]+$", "", name) for name in plugins.split(", ")}
    assert loaded == {"bdd", "allure-pytest", "xdist", "split"}, "disable what is not needed in pyproject.toml"
    imported = set(line.split())
    assert {"httpx", "vcr", "pydantic"} <= imported
    assert not imported & {"click", "rich", "requests", "urllib3", "httpcore", "h11", "anyio", "certifi"}
    assert not imported & {"uvicorn", "starlette", "jwt", "faker", "dotenv"}
    assert not imported & {"oneentry_scenarios.mock_server", "oneentry_scenarios.drift.compare"}


def test_a_copy_of_the_project_imports_its_own_package(project: Project) -> None:
    """Set-up puts the checkout on the import path; a copy must come first all the same."""
    project.edit("oneentry_scenarios/__init__.py", '"""', 'raise RuntimeError("the copy is imported")\n"""')
    assert "RuntimeError: the copy is imported" in project.run().output


def test_sizes_stay_small() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
    assert len((ROOT / "features/order_payment.feature").read_text().splitlines()) <= 25
    lines = {path: (ROOT / path).read_text().splitlines() for path in TRACKED if path.endswith(".py")}
    assert not [path for path, text in lines.items() if len(text) > 300]

    def non_blank(*folders: str) -> int:
        return sum(bool(line.strip()) for path, text in lines.items() if path.startswith(folders) for line in text)

    package, mock_server = non_blank("oneentry_scenarios/"), non_blank("oneentry_scenarios/mock_server/")
    assert package <= 8_550  # decision 33
    assert non_blank("tests/", "tools/") <= 9_800
    assert mock_server < package - mock_server


@pytest.mark.parametrize("path", LOCKS)
def test_lock_files_have_hashes_and_no_addresses(path: str) -> None:
    text = (ROOT / path).read_text()
    assert not re.findall(r'"resolved"|--(?:extra-)?index-url|--find-links|files\.|registry\.', text)
    if path.endswith(".txt"):
        pinned = re.findall(r"^\S+==\S+(?: ;.*)? \\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z].*==", text, re.MULTILINE)) > 0


def test_both_locks_pin_the_same_versions() -> None:
    assert pins("replay.txt") < pins("test.txt")


def test_the_locked_build_backend_is_the_one_that_builds() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


def test_runtime_dependencies_are_the_customers_six_and_at_most_six_more() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    names = names_of(PROJECT["project"]["dependencies"]).union(*map(names_of, extras))
    assert {"pytest", "pytest-bdd", "httpx", "vcrpy", "faker", "allure-pytest"} <= names
    assert len(names) <= 12


def test_the_wheel_contains_the_packages_data_but_no_node_modules(tmp_path: Path) -> None:
    names = zipfile.ZipFile(build_wheel(tmp_path)).namelist()
    assert {path for path in TRACKED if path.startswith("oneentry_scenarios/")} <= set(names)
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_ci_runs_the_test_command_of_the_readme_with_a_browser_and_lets_no_test_be_skipped() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert re.findall(r"\b(?:make|pytest)\b.*", script) == ["make test"]
    assert script.endswith("\nexec make test\n")
    assert "make test " in (ROOT / "README.md").read_text()
    assert "\nexport CI=true " in script
    assert "install -y --no-install-recommends chromium" in script


@pytest.mark.parametrize(("ci", "code", "counted"), [("true", 1, "1 failed"), ("", 0, "1 skipped")])
def test_a_skipped_test_fails_in_ci_and_is_named_elsewhere(tmp_path: Path, ci: str, code: int, counted: str) -> None:
    (tmp_path / "test_it.py").write_text("import pytest\n\ndef test_it():\n    pytest.skip('needs Chromium')\n")
    done = run_pytest("-rs", "-p", "tests.conftest", str(tmp_path), CI=ci)
    assert (done.returncode, counted in done.stdout) == (code, True), done.stdout
    assert "test_it.py:4: needs Chromium" in done.stdout or "Skipped: needs Chromium" in done.stdout
    assert "pytest -n auto --dist=worksteal -rs features tests\n" in (ROOT / "Makefile").read_text()


def test_scenarios_of_the_checkout_are_no_fixtures() -> None:
    """Teams record, rename and delete theirs. What needs scenarios takes those of the example."""
    reads = re.compile(r'ROOT / "(?:features|cassettes)\b|\bcheckout: Project|copy_product\((?!.*example)')
    ours = [path for path in TRACKED if path.startswith("tests/") and path.endswith(".py")]
    found = {path for path in ours if reads.search((ROOT / path).read_text())}
    about_our_own = ("conftest", "test_features", "test_repository_rules", "test_style")
    assert found == {f"tests/{name}.py" for name in about_our_own}
