"""Sets up what `make replay` or `make test` needs, from the lock files, and only what has changed since.

Runs on a bare Python, as `python -m oneentry_scenarios.bootstrap test`: standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
OLDEST_NODE = 20
#: What is installed for each command: a set of Python packages, and folders with a package-lock.json.
SETS = {
    "replay": ("replay", ["oneentry_scenarios/reporting"]),
    "test": ("test", ["oneentry_scenarios/reporting", "tests/sdk_contract", ".github"]),
}


def main(arguments: list[str]) -> int:
    """Set up for `replay` or `test`; say on standard error what could not be done."""
    if len(arguments) != 1 or arguments[0] not in SETS:
        print(f"usage: python -m oneentry_scenarios.bootstrap {{{','.join(SETS)}}}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  (whoever has an older Python meets this file first)
        print(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    python_set, node_folders = SETS[arguments[0]]
    try:
        _python_packages(python_set)
        for folder in node_folders:
            _node_packages(ROOT / folder)
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        print(f"Setting up failed at: {command}\nIts own message stands above. Is the network up?", file=sys.stderr)
        return 1
    return 0


def _python_packages(name: str) -> None:
    # What the tests need contains what replay needs.
    if any(_stamp(each).is_file() and _stamp(each).read_text() == _digest_of_lock(each) for each in (name, "test")):
        return
    print(f"Setting up .venv from requirements/{name}.txt ...", flush=True)
    if not (BIN / _program("python")).exists():
        venv.create(ENVIRONMENT, with_pip=True)
    _pip(_lock(name))
    _stamp(name).write_text(_digest_of_lock(name))


def _lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def _stamp(name: str) -> Path:
    return ENVIRONMENT / f".{name}.stamp"


def _digest_of_lock(name: str) -> str:
    return _digest(_lock(name), sys.version)


def _node_packages(folder: Path) -> None:
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules" / ".stamp"
    wanted = _digest(lock)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Installing the Node packages of {folder.relative_to(ROOT)} ...", flush=True)
    npm = _npm()
    # `node` must be found by what npm starts; installation scripts of packages are never run.
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])}
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, env=environment)
    stamp.write_text(wanted)


def _npm() -> str:
    """The npm of a recent enough Node: the one in .venv, else the machine's, else a Node that pip puts into .venv."""
    if not (BIN / _program("npm")).exists():
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm and _version(node) >= OLDEST_NODE:
            return npm
        print(
            f"No Node {OLDEST_NODE} or newer on this machine: installing it into .venv (about 230 MB) ...", flush=True
        )
        _pip(_lock("node"))
    return str(BIN / _program("npm"))


def _version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0


def _pip(lock: Path) -> None:
    python = str(BIN / _program("python"))
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([python, "-m", "pip", "install", *options, "-r", str(lock)], check=True)


def _program(name: str) -> str:
    return f"{name}.exe" if os.name == "nt" else name


def _digest(lock: Path, *more: str) -> str:
    return hashlib.sha256(lock.read_bytes() + "".join(more).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
