"""Pytest plugin for live runs: runs few scenarios by default, runs a preflight, and lists each created order."""

import signal

import pytest

from oneentry_scenarios.cassettes.target import Target
from oneentry_scenarios.redaction.redactor import Redactor


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that selects more than the @smoke scenario."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption("--all", action="store_true", help="with --api=live: all scenarios, not only those tagged @smoke")


@pytest.hookimpl(optionalhook=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Target | None:
    """Return the project in the environment with `--api=live`, and register the live plugin only then."""
    if config.getoption("--api") != "live":
        return None
    # Imported here because replay also loads this plugin.
    from oneentry_scenarios.live.run import Live
    from oneentry_scenarios.live.settings import message

    if getattr(config.option, "numprocesses", None) or getattr(config.option, "tx", None):
        raise pytest.UsageError(message("serial"))
    target = Live(config, redactor)
    # SIGTERM acts like Ctrl-C: the run still signs out and lists its orders.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    config.pluginmanager.register(target, "oneentry_live_run")
    return target
