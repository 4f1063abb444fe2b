"""This checkout, copies of it, and runs of pytest in separate processes."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

Case = TypeVar("Case")
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules")


def measured() -> Path:
    """Return the project whose scenarios tools measure: this checkout, or the one that MEASURED_PROJECT names."""
    return Path(os.environ.get("MEASURED_PROJECT", ROOT))


def copy_product(project: Path, of: Path = ROOT) -> None:
    """Copy the files that a run needs into a folder, so that concurrent runs do not share `reports/`."""
    for name in ("pyproject.toml", "conftest.py", "features", "steps", "cassettes"):
        if (of / name).is_dir():
            shutil.copytree(of / name, project / name, ignore=NOT_COPIED)
        else:
            shutil.copy(of / name, project / name)
    # A link lets runs reuse the compiled code.
    (project / "oneentry_scenarios").symlink_to(ROOT / "oneentry_scenarios", target_is_directory=True)


def environment() -> dict[str, str]:
    """Return the environment without variables that change a run, with a fixed width and compiled code kept."""
    ours = ("ONEENTRY_", "PYTEST_", "GITHUB_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Many short runs of the same code take half the time with compiled code.
    return kept | {"COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": ""}


def run_command(
    *command: str, cwd: Path = ROOT, limit: float | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with additional environment `variables`.

    Raises:
        subprocess.TimeoutExpired: it takes longer than `limit` seconds.
    """
    given = environment() | variables
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, timeout=limit, check=False)


#: Runs pytest on a checkout: `run_command` with arguments of pytest.
run_pytest = partial(run_command, sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider")


def chosen(parser: argparse.ArgumentParser, catalogue: Mapping[str, Case], ids: list[str]) -> list[Case]:
    """Return the cases with these IDs, or all; an unknown ID is a usage error."""
    if unknown := [each for each in ids if each not in catalogue]:
        parser.error(f"not in the catalogue: {', '.join(unknown)}. docs/faults.md lists it")
    return [catalogue[each] for each in ids or catalogue]


def run_all(run: Callable[[Case], Result], cases: Iterable[Case], report: Callable[[Result], None]) -> list[Result]:
    """Run the cases on all cores; return the results in order, and pass each to `report` as soon as it exists."""

    def run_and_report(case: Case) -> Result:
        result = run(case)
        report(result)
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run_and_report, cases))
