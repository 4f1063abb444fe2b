"""A small made project with steps of its own: reports are tested on it, not on the product's features."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from oneentry_scenarios.reporting.writer import ALLURE
from tests.conftest import ROOT, Outcome, Project

FEATURE = Path(__file__).with_name("orders.feature.txt").read_text(encoding="utf-8")

#: The conftest.py of the project, with its steps.
CONFTEST = Path(__file__).with_name("project.py.txt").read_text(encoding="utf-8")
[SECRET] = re.findall('^SECRET = "(.+)"$', CONFTEST, re.MULTILINE)

SETTINGS = """\
[pytest]
addopts = -p no:faker -p no:anyio -p no:schemathesis -p no:hypothesispytest -p no:cacheprovider --strict-markers
    -p no:oneentry_scenarios.gherkin.lint
filterwarnings = error
markers =
    smoke: made
    slow: made
"""


@dataclass(frozen=True)
class Run(Outcome):
    """What a run of pytest printed, its exit code, and its Allure results."""

    directory: Path

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """The results by the scenario's name; every name is there once."""
        files = [json.loads(file.read_text(encoding="utf-8")) for file in self.directory.glob("*-result.json")]
        results = {result["name"]: result for result in files}
        assert len(results) == len(files)
        return results

    def attachment(self, attachment: dict[str, str]) -> str:
        """The content of an attachment."""
        return (self.directory / attachment["source"]).read_text(encoding="utf-8")


def category_of(result: dict[str, Any]) -> str:
    """The category that Allure puts a result into; empty if none. Allure 2 wants the whole trace to match."""
    rules = [rule for rule in ALLURE["categories"] if result["status"] in rule["matchedStatuses"]]
    trace = result.get("statusDetails", {}).get("trace", "")
    return next((str(rule["name"]) for rule in rules if re.fullmatch(rule["traceRegex"], trace)), "")


class Made(Project):
    """The made project."""

    @classmethod
    def at(cls, root: Path, **features: str) -> Self:
        """A project with these features, or with the one above."""
        (root / "features").mkdir()
        for name, text in (features or {"orders": FEATURE}).items():
            (root / "features" / f"{name}.feature").write_text(text, encoding="utf-8")
        (root / "conftest.py").write_text(CONFTEST, encoding="utf-8")
        (root / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        (root / "pyproject.toml").write_text('[project]\nname = "made"\nversion = "1.2.3"\n', encoding="utf-8")
        return cls(root)

    @property
    def runs(self) -> list[Path]:
        """The directories of all runs so far, oldest first."""
        parent = self.root / "reports" / "allure-results"
        return sorted(parent.iterdir()) if parent.is_dir() else []

    def run(self, *arguments: str, **variables: str) -> Run:
        """Run pytest, on the features unless `arguments` say otherwise."""
        outcome = super().run(*(arguments or ["features"]), **{"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | variables)
        return Run(outcome.code, outcome.output, self.runs[-1] if self.runs else self.root / "none")
