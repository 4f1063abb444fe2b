"""Commands that documents and messages print are run: each does what it is printed for."""

import json
import os
import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from oneentry_scenarios.__main__ import _parser
from oneentry_scenarios.environment import command
from oneentry_scenarios.mock_server import OTHER_PROFILE
from tests.conftest import ROOT, STORY, Project
from tests.live.projects import LiveProject, running
from tools.checkout import run_command

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "reports/*.md", "oneentry_scenarios/*/README.md"]
NOT_RUN = tomllib.loads((ROOT / "tests/commands.toml").read_text("utf-8"))
OURS = re.compile(r"(\.venv[/\\]\w+[/\\])?(pytest( .*)?|(oneentry-scenarios|make|py(thon)? -m oneentry_scenarios) .*)")
FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^ +((?:\.venv/bin/)?pytest .*)$", re.MULTILINE)
NAME = "features/ordering.feature::the-buyer-s-name-name-is-stored-unchanged[Зоя Ёлкина]"
#: Starts pytest for many command lines, one after another, to collect only.
COLLECT = """\
import contextlib, io, json, sys, pytest
for arguments in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        code = pytest.main([*arguments, "--collect-only", "-q", "-p", "no:cacheprovider"])
    print(json.dumps([int(code), out.getvalue()]))
"""


def collected(project: Project, command_lines: list[list[str]], **variables: str) -> dict[str, tuple[int, str]]:
    """The exit code and output of pytest by command line."""
    driver = [sys.executable, "-c", COLLECT, json.dumps(command_lines)]
    done = run_command(*driver, cwd=project.root, limit=120, **{"PYTHONPATH": str(ROOT)} | variables)
    outcomes = map(json.loads, done.stdout.splitlines())
    return {" ".join(line): outcome for line, outcome in zip(command_lines, outcomes, strict=True)}


def documented() -> set[str]:
    """Our commands in code of the documents."""
    found = []
    for text in (path.read_text(encoding="utf-8") for pattern in DOCUMENTS for path in ROOT.glob(pattern)):
        found += [line for block in FENCED.findall(text) for line in block.splitlines()]
        found += ["".join(each) for each in re.findall(r"^    (.*)|`([^`]+)`", FENCED.sub("", text), re.MULTILINE)]
    lines = (" ".join(re.sub(r"\s# .*| > .*", "", each).split()) for each in found)
    return {line for line in lines if OURS.fullmatch(line)}


def test_commands_of_documents_run(project: Project) -> None:
    """What is long is only collected; what the other commands do has tests of its own."""
    assert NOT_RUN.keys() <= documented()
    targets, collect = [], []
    for line in sorted(documented() - NOT_RUN.keys()):
        program, *arguments = shlex.split(line.replace("\\", "/"))
        if program.endswith("pytest"):
            collect.append(arguments)
        elif program == "make":
            targets += arguments
        else:
            _parser().parse_args(arguments[2:] if arguments[0] == "-m" else arguments)
    assert run_command("make", "--dry-run", *targets).returncode == 0
    collect.append(["--api=mock", f"--profile={OTHER_PROFILE}"])  # outside of the project
    outcomes = collected(project, collect, **LiveProject("http://127.0.0.1:9").variables)
    assert not {line: output for line, (code, output) in outcomes.items() if code}
    assert min(len(targets), len(collect)) >= 8


def test_commands_of_failures_record_and_run_just_their_scenario(project: Project) -> None:
    """They go where the cassette came from, with the options that it was recorded with."""
    (project.root / ".venv").symlink_to(sys.prefix)
    with running() as shop:
        (project.root / ".env").write_text("".join(f"{name}={text}\n" for name, text in shop.variables.items()))
        project.run("--api=live", "--record", NAME).expect(0)
        project.run("--api=mock", "--world=other", "--era=2025", "--record", STORY).expect(0)
        for feature in ("order_payment", "ordering"):
            project.edit(f"features/{feature}.feature", '1 "Product 14"', '3 "Product 14"')
        # The summary repeats the first one, because both fail for one cause.
        printed = [*dict.fromkeys(PRINTED.findall(project.run(STORY, NAME).output))]
        options = ["--api=mock --era=2025 --world=other --record", "", "--api=live --record", ""]
        nodes = [STORY, STORY, NAME, NAME]
        expected = [["pytest", *each.split(), node] for each, node in zip(options, nodes, strict=True)]
        assert [shlex.split(line.removeprefix(".venv/bin/")) for line in printed] == expected
        for line in printed[3], printed[0], printed[2]:
            done = run_command("bash", "-c", line, cwd=project.root)
            ending = " 1 passed in " if "--record" in line else " 1 failed in "
            assert ("collected 1 item\n" in done.stdout, ending in done.stdout) == (True, True), done.stdout


@pytest.mark.parametrize(
    ("exists", "path", "shown"), [(True, "", ".venv/bin/"), (True, ".venv/bin", ""), (False, "", "")]
)
def test_a_printed_command_is_called_by_its_path_unless_it_is_found_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool, path: str, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/pytest").touch(0o755 if exists else 0o644)
    monkeypatch.setenv("PATH", f"{tmp_path / path}{os.pathsep}/nowhere")
    assert command("pytest", "a b", "c") == f"{shown}pytest 'a b' c"
