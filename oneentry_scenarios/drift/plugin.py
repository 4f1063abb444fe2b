"""Pytest plugin: `--drift` compares a project's current responses with the cassettes, and changes no cassette."""

import pytest

from oneentry_scenarios.cassettes.file import Cassette


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--drift`."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption(
        "--drift", action="store_true", help="compare the API's responses with the cassettes; needs --api=live"
    )


def pytest_configure(config: pytest.Config) -> None:
    """With `--drift`, register the plugin that compares the responses."""
    if not config.getoption("--drift"):
        return
    if config.getoption("--api") != "live" or config.getoption("--record"):
        advice = "remove --record, or record in a second run" if config.getoption("--record") else "add --api=live"
        raise pytest.UsageError(f"--drift compares responses with the cassettes and changes no cassette: {advice}")
    from oneentry_scenarios.drift.run import DriftRun  # imported here: it reads the mock server's evidence table

    config.pluginmanager.register(DriftRun(), "oneentry_drift_run")


def pytest_cassette_says_the_same(before: Cassette, now: Cassette) -> bool:
    """Return whether a comparison has no findings."""
    from oneentry_scenarios.drift.compare import compare

    return not [*compare(before, now, has_passed=True)]
