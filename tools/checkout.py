"""Where this checkout is, copies of it, and runs of pytest in processes of their own."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_Named)
Case = TypeVar("Case")
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules")


def measured() -> Path:
    """The project whose scenarios tools measure: this checkout, unless the environment names another one."""
    return Path(os.environ.get("MEASURED_PROJECT", ROOT))


def copy_product(project: Path, of: Path = ROOT) -> None:
    """Copy all that a run needs into a folder, so that runs at the same time do not share `reports/`."""
    for name in ("pyproject.toml", "conftest.py", "features", "steps", "cassettes"):
        if (of / name).is_dir():
            shutil.copytree(of / name, project / name, ignore=NOT_COPIED)
        else:
            shutil.copy(of / name, project / name)
    # Compiled code is found again through a link.
    (project / "oneentry_scenarios").symlink_to(ROOT / "oneentry_scenarios", target_is_directory=True)


def environment() -> dict[str, str]:
    """This environment without variables that change a run, with a fixed terminal width and compiled code kept."""
    ours = ("ONEENTRY_", "PYTEST_", "GITHUB_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Many short runs of the same code take half the time if it is compiled once.
    return kept | {"COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": ""}


def run_command(
    *command: str, cwd: Path = ROOT, limit: float | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command; `variables` come on top of the environment.

    Raises:
        subprocess.TimeoutExpired: it takes longer than `limit` seconds.
    """
    given = environment() | variables
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, timeout=limit, check=False)


#: Runs pytest on a checkout: `run_command` with arguments of pytest.
run_pytest = partial(run_command, sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider")


def chosen(parser: argparse.ArgumentParser, catalogue: Iterable[Named], ids: list[str]) -> list[Named]:
    """The cases with these ids, or all; an unknown id is an error of usage."""
    known = {case.id: case for case in catalogue}
    if unknown := [each for each in ids if each not in known]:
        parser.error(f"not in the catalogue: {', '.join(unknown)}. docs/faults.md lists it")
    return [known[each] for each in ids or known]


def run_all(run: Callable[[Case], Result], cases: Iterable[Case], report: Callable[[Result], None]) -> list[Result]:
    """Run each on all cores; the results come in order, and `report` receives each as soon as it is there."""

    def run_and_report(case: Case) -> Result:
        result = run(case)
        report(result)
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run_and_report, cases))
