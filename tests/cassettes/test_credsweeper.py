"""A scanner that we did not write finds nothing in cassettes and reports but our own placeholders."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.redaction.placeholders import recognize
from tests.conftest import SOAK, Project


def findings(*folders: Path, report: Path) -> list[dict[str, Any]]:
    options = ["--path", *map(str, folders), "--save-json", str(report), "--ml_threshold", "0"]
    subprocess.run([sys.executable, "-m", "credsweeper", *options], check=True, capture_output=True, cwd=report.parent)
    found: list[dict[str, Any]] = json.loads(report.read_text())
    return found


def is_ours(value: str) -> bool:
    """Whether a found value is one of our placeholders, exactly, but for quotes and the like around it."""
    return recognize(value.strip("\"'\\ ,")) is not None or recognize(value.strip("\"'\\ ,") + ".") is not None


def is_a_lifetime(line: dict[str, Any]) -> bool:
    """A provider's configuration says how long tokens last, in seconds: `accessTokenTtlSec`, `refreshTokenTtlMc`."""
    return re.fullmatch(r"\w+TokenTtl(Sec|Mc) \d{1,7}", f"{line['variable']} {line['value']}") is not None


@pytest.mark.soak
def test_credsweeper_finds_only_placeholders(project: Project, tmp_path: Path) -> None:
    chosen = [] if SOAK else ["-k", "a-card or renewing or registered"]
    assert project.run("--api=mock", "--junitxml=reports/junit.xml", *chosen).code == 0
    assert project.run(*chosen).code == 0
    folders, values = (project.root / "cassettes", project.root / "reports"), []
    for finding in findings(*folders, report=tmp_path / "credsweeper.json"):
        values += [line["value"] for line in finding["line_data_list"] if not is_a_lifetime(line)]
    assert values, "credsweeper sees our placeholders as secrets: that it finds none means that it did not look"
    # Allure names its files by UUIDs, which results repeat; "API = replay" looks like a key to an API, and "The access
    # token: user", which is what was compared, like a token.
    names = " ".join(path.name for path in (project.root / "reports").rglob("*"))
    harmless = {value for value in values if value in names} | {"replay", "mock", "user"}
    assert [value for value in values if not is_ours(value) and value not in harmless] == []
