"""A team's own repository, as `init` creates it: its commands run there, and it records a call that we never make."""

import errno
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.__main__ import main
from oneentry_scenarios.starter import repository as starter
from tests.conftest import ROOT, SOAK, Outcome, environment

CUSTOMERS = {"features", "steps", "conftest.py", "cassettes", "pyproject.toml", "reports"}
CONFIGURATION = {".env.example", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml", "Makefile"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that was just created."""
    assert main(["init", str(tmp_path / "our-shop")]) == 0
    return tmp_path / "our-shop"


def run(command: str, folder: Path) -> Outcome:
    """Run a command line of a README."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    return Outcome(done.returncode, done.stdout + done.stderr)


def install(folder: Path) -> None:
    """Install the lock into .venv as `make setup` does, but link from here what is not ours: that takes 2 s, not 60."""
    venv.create(folder / ".venv", with_pip=False)
    [packages] = (folder / ".venv").glob("lib/*/site-packages")
    for path in Path(pytest.__file__).parents[1].iterdir():
        if "oneentry" not in path.name and path.suffix != ".pth":
            (packages / path.name).symlink_to(path)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / ".venv"), "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--require-hashes", "-r", str(folder / "vendor/requirements.txt")], check=True)
    programs = folder / ".venv/bin"
    (programs / "ruff").symlink_to(Path(sys.executable).parent / "ruff")
    (programs / "pytest").write_text(f"#!{programs}/python\nimport pytest\nraise SystemExit(pytest.console_main())\n")
    (programs / "pytest").chmod(0o755)
    node_modules = "oneentry_scenarios/reporting/node_modules"
    (packages / node_modules).symlink_to(ROOT / node_modules)
    (folder / ".venv/.stamp").touch()


def newer_version(folder: Path) -> None:
    """Create a repository with a later version of the package: `newer`."""
    ignored = shutil.ignore_patterns(".git", ".env", ".venv", "*_cache", "__pycache__", "node_modules", "allure-*")
    shutil.copytree(ROOT, folder / "checkout", ignore=ignored)
    pyproject = (folder / "checkout/pyproject.toml").read_text()
    (folder / "checkout/pyproject.toml").write_text(pyproject.replace('version = "0.1.0"', 'version = "9.9"'))
    outcome = run(f"{sys.executable} -m oneentry_scenarios init ../newer", folder / "checkout")
    assert outcome.code == 0, outcome.output


@pytest.mark.soak
def test_its_own_commands_run_and_a_scenario_of_its_own_is_recorded_and_replayed(repository: Path) -> None:
    if not SOAK:
        install(repository)
    commands = re.findall(r"^make \w+", (repository / "README.md").read_text(), re.MULTILINE)
    assert commands == ["make replay", "make check"]
    for command in commands:
        outcome = run(command, repository)
        assert outcome.code == 0, outcome.output
    assert (repository / "reports/allure-report/index.html").is_file()

    guide = (repository / "docs/your-repository.md").read_text()
    for name, language in (("steps/accounts.py", "python"), ("features/accounts.feature", "gherkin")):
        [text] = re.findall(rf"^```{language}\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
        (repository / name).write_text(text)
    conftest = (repository / "conftest.py").read_text()
    (repository / "conftest.py").write_text(
        conftest.replace('"steps.orders",', '"steps.accounts",\n    "steps.orders",')
    )
    outcome = run(".venv/bin/pytest features/accounts.feature", repository)
    assert outcome.code == 1, outcome.output
    assert "Scenarios without a cassette:\n  features/accounts.feature::" in outcome.output
    [record] = re.findall(r"^`(.* --record .*)` records it", guide, re.MULTILINE)
    for command, expected in ((record, "1 passed"), (".venv/bin/pytest", "85 passed")):
        outcome = run(command, repository)
        assert (outcome.code, expected in outcome.output) == (0, True), outcome.output
    [cassette] = (repository / "cassettes/accounts").iterdir()
    assert '/api/content/payments/accounts/1"' in cassette.read_text()
    assert run("make check", repository).code == 0

    newer_version(repository.parent)
    assert run("make --question setup", repository).code == 0
    [upgrade] = re.findall(r"`(rm -r vendor .*?)`", guide)
    assert run(upgrade, repository).code == 0
    if not SOAK:
        assert run("make --question setup", repository).code == 1, "it will be installed anew"
    else:
        assert run("make replay", repository).code == 0
        assert "oneentry-scenarios==9.9" in run(".venv/bin/pip freeze", repository).output


def test_it_has_the_six_entries_configuration_and_none_of_our_tests(repository: Path) -> None:
    assert {path.name for path in repository.iterdir()} == CUSTOMERS | CONFIGURATION | {"README.md", "docs", "vendor"}
    assert [path.name for path in (repository / "reports").iterdir()] == ["README.md"]
    workflows = {path.name: path.read_text() for path in (repository / ".github/workflows").iterdir()}
    assert workflows.keys() == {"scenarios.yml", "live.yml", "newest.yml"}
    scripts = set(re.findall(r"run: (\.github/\S+)", "".join(workflows.values())))
    assert not [script for script in scripts if not (repository / script).stat().st_mode & 0o100]
    for name in ("features", "steps", "cassettes"):
        assert not run(f"diff -r --exclude=__pycache__ {ROOT / name} {name}", repository).output
    assert (repository.stat().st_mode & 0o777) == (repository / "docs").stat().st_mode & 0o777
    ours, its = (tomllib.loads((folder / "pyproject.toml").read_text())["tool"] for folder in (ROOT, repository))
    markers = [marker for marker in ours["pytest"]["markers"] if not marker.startswith("soak")]
    assert its["pytest"] == ours["pytest"] | {"markers": markers}


def test_its_lock_is_ours_for_replay_the_wheel_and_ruff(repository: Path) -> None:
    pinned = re.compile(r"^(\S+)==(\S+).*\\\n    --hash=sha256:(\w+)", re.MULTILINE)
    lock = (repository / "vendor/requirements.txt").read_text()
    [wheel] = (repository / "vendor").glob("*.whl")
    own = "oneentry-scenarios[mock-server]", "0.1.0", hashlib.sha256(wheel.read_bytes()).hexdigest()
    ours = {name: pinned.findall((ROOT / f"requirements/{name}.txt").read_text()) for name in ("replay", "test")}
    assert pinned.findall(lock) == [own, *ours["replay"], *(each for each in ours["test"] if each[0] == "ruff")]
    assert len(re.findall(r"^\S+==", lock, re.MULTILINE)) == len(pinned.findall(lock))
    assert not re.findall(r"://|--(?:extra-)?index-url|^/", lock)


def test_its_documents_name_only_what_it_has(repository: Path) -> None:
    assert len((repository / "README.md").read_text().splitlines()) <= 60
    targets = re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE)
    for path in repository.rglob("*.md"):
        text = path.read_text()
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        assert not [link for link in links if not (path.parent / link).exists()], path
        if path.name != "CHANGELOG.md":
            assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= {*targets}, path
            assert not re.findall(r"\btools[./]|\btests/", text), path


def test_each_version_says_what_an_upgrade_asks_of_steps() -> None:
    versions = (ROOT / "CHANGELOG.md").read_text().split("\n## ")[1:]
    assert versions
    assert not [version.splitlines()[0] for version in versions if "\n\n**Asks of steps:** " not in version]


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*_: object) -> None:
        raise error

    return function


@pytest.mark.parametrize(
    ("taken", "replaced", "by", "message"),
    [
        ("a file", "", None, "exists and is not an empty directory. Nothing was written."),
        ("a directory", "", None, "exists and is not an empty directory. Nothing was written."),
        ("", "IS_CHECKOUT", False, "works only in a checkout"),
        ("", "find_spec", lambda _: None, "has no hatchling. Run `python -m oneentry_scenarios setup replay`"),
        ("", "sys.executable", shutil.which("false"), "The wheel cannot be built, and nothing was written"),
        ("", "_build", raising(OSError(errno.ENOSPC, "No space left on device")), "cannot be created: No space left"),
        ("", "_build", raising(KeyboardInterrupt()), ""),
    ],
)
def test_it_is_created_whole_or_not_at_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    taken: str,
    replaced: str,
    by: Any,
    message: str,
) -> None:
    target = tmp_path / "our-shop"
    if taken == "a file":
        target.write_text("theirs")
    if taken == "a directory":
        (target / "theirs").mkdir(parents=True)
    if replaced:
        monkeypatch.setattr(f"{starter.__name__}.{replaced}", by)
    before = [*tmp_path.rglob("*")]
    try:
        assert main(["init", str(target)]) == 1
    except KeyboardInterrupt:
        assert not message
    assert message in capsys.readouterr().err
    assert [*tmp_path.rglob("*")] == before
