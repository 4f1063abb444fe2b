"""A team's own repository, as `init` creates it: its commands run there, and it records a call that we never make."""

import hashlib
import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from oneentry_scenarios.__main__ import main
from tests.conftest import ROOT, SOAK, Outcome
from tools.checkout import run_command

ENTRIES = {"features", "steps", "conftest.py", "cassettes", "pyproject.toml", "reports"}
BESIDE_THEM = {"README.md", "Makefile", "docs", "vendor", ".env.example", ".gitattributes", ".gitignore", ".github"}
NODE_PACKAGES = "oneentry_scenarios/reporting/node_modules"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that was just created."""
    target = tmp_path_factory.mktemp("created") / "our-shop"
    assert main(["init", str(target)]) == 0
    return target


def run(command: str, folder: Path) -> Outcome:
    """Run a command line of a README, in which the unpacked wheel comes before a package that is installed."""
    variables = {} if SOAK else {"PYTHONPATH": str(folder / ".venv/wheel")}
    done = run_command("bash", "-c", command, cwd=folder, limit=900, **variables)
    return Outcome(done.returncode, done.stdout + done.stderr)


def stand_in_for_set_up(folder: Path) -> None:
    """Make of this environment and the wheel what set-up would install in a minute; `make soak` does install it."""
    [wheel] = (folder / "vendor").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / ".venv/wheel")
    (folder / ".venv/wheel" / NODE_PACKAGES).symlink_to(ROOT / NODE_PACKAGES)
    (folder / ".venv/bin").symlink_to(Path(sys.executable).parent)
    (folder / ".venv/.stamp").touch()


@pytest.mark.soak
def test_its_commands_run_and_a_scenario_of_its_own_is_recorded_and_replayed(repository: Path, tmp_path: Path) -> None:
    repository = shutil.copytree(repository, tmp_path / "our-shop")
    if not SOAK:
        stand_in_for_set_up(repository)
    commands = re.findall(r"^make \w+", (repository / "README.md").read_text(), re.MULTILINE)
    assert commands == ["make replay", "make check"]
    guide = (repository / "docs/your-repository.md").read_text()
    [record] = re.findall(r"^`(.* --record .*)` records it", guide, re.MULTILINE)
    [upgrade] = re.findall(r"`(rm -r vendor .*?)`", guide)

    def succeeds(command: str, output: str = "") -> None:
        outcome = run(command, repository)
        assert (outcome.code, output in outcome.output) == (0, True), outcome.output

    for command in commands:
        succeeds(command)
    assert (repository / "reports/allure-report/index.html").is_file()
    for name, language in (("steps/accounts.py", "python"), ("features/accounts.feature", "gherkin")):
        [text] = re.findall(rf"^```{language}\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
        (repository / name).write_text(text)
    conftest = (
        (repository / "conftest.py").read_text().replace('"steps.orders"', '"steps.accounts",\n    "steps.orders"')
    )
    (repository / "conftest.py").write_text(conftest)
    for outcome in (run(command, repository) for command in commands):
        assert (outcome.code, "Scenarios whose cassette is missing" in outcome.output) == (2, True), outcome.output
    succeeds(record, "1 passed")
    succeeds(".venv/bin/pytest", " passed in ")
    [cassette] = (repository / "cassettes/accounts").iterdir()
    assert (cassette.stem, "/payments/accounts/1" in cassette.read_text()) == ("cash-is-the-first-payment-method", True)
    succeeds("make check")

    succeeds("make --question setup")
    assert main(["init", str(repository.parent / "newer")]) == 0
    succeeds(upgrade)
    assert run("make --question setup", repository).code == 1, "the new wheel is not installed"
    if SOAK:
        (repository / ".venv/of-the-old-one").touch()
        succeeds("make replay", " passed in ")
        assert not (repository / ".venv/of-the-old-one").exists()


def test_it_has_the_six_entries_configuration_and_none_of_our_tests(repository: Path) -> None:
    assert {path.name for path in repository.iterdir()} == ENTRIES | BESIDE_THEM | {".pre-commit-config.yaml"}
    assert [path.name for path in (repository / "reports").iterdir()] == ["README.md"]
    workflows = {path.name: path.read_text() for path in (repository / ".github/workflows").iterdir()}
    assert workflows.keys() == {"scenarios.yml", "live.yml", "newest.yml"}
    scripts = set(re.findall(r"run: (\.github/\S+)", "".join(workflows.values())))
    assert not [script for script in scripts if not (repository / script).stat().st_mode & 0o100]
    for name in ("features", "steps", "cassettes"):
        assert not run(f"diff -r --exclude=__pycache__ {ROOT / name} {name}", repository).output
    assert repository.stat().st_mode == (repository / "docs").stat().st_mode
    ours, its = (tomllib.loads((folder / "pyproject.toml").read_text())["tool"] for folder in (ROOT, repository))
    markers = [marker for marker in ours["pytest"]["markers"] if not marker.startswith("soak")]
    assert its["pytest"] == ours["pytest"] | {"markers": markers}


def test_its_lock_is_ours_for_replay_the_wheel_and_ruff(repository: Path) -> None:
    pinned = re.compile(r"^(\S+)==(\S+).*\\\n    --hash=sha256:(\w+)", re.MULTILINE)
    lock = (repository / "vendor/requirements.txt").read_text()
    [wheel] = (repository / "vendor").glob("*.whl")
    own = "oneentry-scenarios[mock-server]", wheel.name.split("-")[1], hashlib.sha256(wheel.read_bytes()).hexdigest()
    replay, test = (pinned.findall((ROOT / f"requirements/{name}.txt").read_text()) for name in ("replay", "test"))
    assert pinned.findall(lock) == [own, *replay, *(each for each in test if each[0] == "ruff")]
    assert len(re.findall(r"^\S+==", lock, re.MULTILINE)) == len(pinned.findall(lock))
    assert not re.findall(r"://|index-url|^/", lock)


def test_its_documents_name_only_what_it_has(repository: Path) -> None:
    assert len((repository / "README.md").read_text().splitlines()) <= 60
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    for path in repository.rglob("*.md"):
        text = path.read_text()
        assert not [link for link in re.findall(r"\]\(([^)#:]+)[)#]", text) if not (path.parent / link).exists()], path
        if path.name != "CHANGELOG.md":
            assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets, path
            assert not re.findall(r"\btools[./]|\btests/", text), path


def test_each_version_says_what_an_upgrade_asks_of_steps() -> None:
    versions = (ROOT / "CHANGELOG.md").read_text().split("\n## ")[1:]
    assert versions
    assert not [version.splitlines()[0] for version in versions if "\n\n**Changes needed in steps:** " not in version]


@pytest.mark.parametrize(
    ("changed", "to", "message"),
    [
        ("", "our-shop", "exists and is not an empty directory. Nothing was written."),
        ("", "our-shop/theirs", "exists and is not an empty directory. Nothing was written."),
        ("IS_CHECKOUT", False, "Clone oneentry-scenarios and run"),
        ("import_module", Mock(side_effect=ModuleNotFoundError(name="hatchling")), "hatchling is not installed. In a"),
        ("sys.executable", shutil.which("false"), "The wheel cannot be built. Nothing was written. The "),
        ("build_wheel", Mock(side_effect=OSError(28, "No space left on device")), "cannot be created: No space left"),
    ],
)
def test_it_is_created_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, changed: str, to: Any, message: str
) -> None:
    if not changed:
        (tmp_path / to).parent.mkdir(exist_ok=True)
        (tmp_path / to).touch()
    else:
        monkeypatch.setattr(f"oneentry_scenarios.starter.repository.{changed}", to)
    before = [*tmp_path.rglob("*")]
    assert main(["init", str(tmp_path / "our-shop")]) == 1
    assert message in capsys.readouterr().err
    assert [*tmp_path.rglob("*")] == before
