"""Pytest plugin: `--drift` compares what a project says now with the cassettes, and changes none of them."""

import pytest

from oneentry_scenarios.cassettes.file import Cassette


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for the comparison."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption(
        "--drift", action="store_true", help="compare what the API says with the cassettes; needs --api=live"
    )


def pytest_configure(config: pytest.Config) -> None:
    """With `--drift`, watch the run."""
    if not config.getoption("--drift"):
        return
    if config.getoption("--api") != "live" or config.getoption("--record"):
        raise pytest.UsageError(
            "--drift compares what a project says now with the cassettes and changes none: "
            + ("drop --record, or record in a second run" if config.getoption("--record") else "add --api=live")
        )
    from oneentry_scenarios.drift.run import DriftRun  # only here: it reads the mock server's fidelity table

    config.pluginmanager.register(DriftRun(), "oneentry_drift_run")


def pytest_cassette_says_the_same(before: Cassette, now: Cassette) -> bool:
    """Whether a comparison finds nothing."""
    from oneentry_scenarios.drift.compare import compare

    return not compare(before, now, has_passed=True)
