"""Installs the packages for `make replay` or `make test` from the lock files into the checkout's `.venv`.

In a team's repository, which has the package as a wheel, it installs only what the report needs.
Up-to-date packages are skipped. Uses only the standard library: it runs on a Python without dependencies.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from oneentry_scenarios.problem import Problem

#: The checkout, or the directory in which the package is installed.
SOURCE = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (SOURCE / "requirements" / "replay.txt").is_file()
#: The directory of reports, lock files and environment: the checkout, or the repository that the command runs in.
ROOT = SOURCE if IS_CHECKOUT else Path.cwd()
VENV = ROOT / ".venv" if IS_CHECKOUT else Path(sys.prefix)
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST_NODE = 20
#: The command that installs the packages for the report.
SET_UP_REPORT = "oneentry-scenarios", "setup", "report"
#: Folders with a package-lock.json; replay and report need only the first.
NODE_FOLDERS = "oneentry_scenarios/reporting", "tests/sdk_contract", ".github"


def command(program: str, *arguments: str) -> str:
    """Return a command line to print. Programs in `.venv` get their path, unless that environment is active."""
    own = os.path.join(".venv", BIN.name, program)
    path, active = shutil.which(own), shutil.which(program)
    if path and not (active and os.path.samefile(path, active)):
        program = own
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return join([program, *arguments])


def set_up(name: str) -> None:
    """Install the packages for `replay`, `test` or `report`; raise Problem if that is impossible here."""
    try:
        if name != "report":
            if not _lock(name).is_file():
                advice = "Clone it and run the command there; in a team's repository, use `setup report`."
                raise Problem(f"setup {name} requires a checkout of oneentry-scenarios: {ROOT} is not one. {advice}")
            _python_packages(name)
            _this_checkout()
        for folder in NODE_FOLDERS if name == "test" else NODE_FOLDERS[:1]:
            _node_packages(SOURCE / folder)
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        raise Problem(
            f"Setup failed. Command: {command}\nSee its output above. Check the network, and run the command again."
        ) from None


def _python_packages(name: str) -> None:
    # The test set contains the replay set.
    wanted = {_stamp(each): _digest(_lock(each), sys.version) for each in (name, "test")}
    if any(_is_up_to_date(stamp, digest) for stamp, digest in wanted.items()):
        return
    print(f"Setting up .venv from requirements/{name}.txt ...", flush=True)
    if not PYTHON.exists():
        import venv  # imported here because each pytest run loads this module

        venv.create(VENV, with_pip=True)
    _install("--require-hashes", "-r", str(_lock(name)))
    _stamp(name).write_text(wanted[_stamp(name)])


def _this_checkout() -> None:
    """Install the checkout in editable mode, which adds the `oneentry-scenarios` command; needs no network."""
    wanted = _digest(ROOT / "pyproject.toml", sys.version, str(ROOT))
    if not _is_up_to_date(_stamp("checkout"), wanted):
        _install("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
        _stamp("checkout").write_text(wanted)


def _is_up_to_date(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _lock(name: str) -> Path:
    return ROOT / ("requirements" if IS_CHECKOUT else "vendor") / f"{name}.txt"


def _stamp(name: str) -> Path:
    return VENV / f".{name}.stamp"


def _node_packages(folder: Path) -> None:
    stamp = folder / "node_modules" / ".stamp"
    wanted = _digest(folder / "package-lock.json")
    if _is_up_to_date(stamp, wanted):
        return
    print(f"Installing the Node packages of {folder.relative_to(SOURCE)} ...", flush=True)
    npm = _npm()
    # The programs that npm starts must find `node`. Installation scripts of packages never run.
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])}
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, env=environment)
    stamp.write_text(wanted)


def recent_node() -> Path:
    """Return the path of Node in `.venv`, else on the machine; raise Problem if it is missing or too old."""
    found = shutil.which("node", path=BIN) or shutil.which("node")
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False) if found else None
    version = done.stdout.strip() if done else ""
    major = version.removeprefix("v").partition(".")[0]
    if not found or not major.isdecimal() or int(major) < OLDEST_NODE:
        there = f", but {found} is {version or 'broken'}" if found else ""
        raise Problem(f"The report needs Node {OLDEST_NODE} or newer{there}. Install it: {command(*SET_UP_REPORT)}")
    return Path(found)


def _npm() -> str:
    """Return npm in `.venv`, else the machine's if its Node is recent, else install Node and npm into `.venv`."""
    if own := shutil.which("npm", path=BIN):
        return own
    with suppress(Problem):
        if recent_node() and (npm := shutil.which("npm")):
            return npm
    print(f"Node {OLDEST_NODE} or newer not found: installing it into .venv (about 230 MB) ...", flush=True)
    _install("--require-hashes", "-r", str(_lock("node")))
    return shutil.which("npm", path=BIN) or "npm"


def _install(*arguments: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], check=True)


def _digest(file: Path, *more: str) -> str:
    return hashlib.sha256(file.read_bytes() + "".join(more).encode()).hexdigest()
