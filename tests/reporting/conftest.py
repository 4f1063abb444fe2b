"""One run of the made project, for all tests that only look at what it left behind."""

from pathlib import Path

import pytest

from oneentry_scenarios.reporting.html import make_report
from tests.reporting.made import Made, Run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The made project, shared: it has run once, and only reads are allowed."""
    return Made.at(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def run(made: Made) -> Run:
    """Its run."""
    return made.run()


@pytest.fixture(scope="session")
def page(made: Made, run: Run) -> Path:
    """The HTML report of its run."""
    return make_report([run.directory], reports=made.root / "reports")
