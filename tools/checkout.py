"""Where this checkout is, and the environment for a run of pytest in its own process."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def environment() -> dict[str, str]:
    """This environment without variables that change a run, with a fixed terminal width and compiled code kept."""
    ours = ("ONEENTRY_", "PYTEST_", "GITHUB_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Many short runs of the same code take half the time if it is compiled once.
    return kept | {"COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": ""}
