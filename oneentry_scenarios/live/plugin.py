"""Pytest plugin: keeps live runs safe. Few scenarios unless asked for more, a preflight, and each order on a list."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oneentry_scenarios.live.run import Live
    from oneentry_scenarios.redaction.redactor import Redactor


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for more than the documented story."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption("--all", action="store_true", help="with --api=live: all scenarios, not only those tagged @smoke")


@pytest.hookimpl(optionalhook=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Live | None:
    """The project in the environment, with `--api=live`; everything else here is registered only then."""
    if config.getoption("--api") != "live":
        return None
    # Only here: a replay loads this plugin, too.
    from oneentry_scenarios.live.run import Live
    from oneentry_scenarios.live.settings import say

    if getattr(config.option, "numprocesses", None) or getattr(config.option, "tx", None):
        raise pytest.UsageError(say("serial"))
    target = Live(config, redactor)
    # As Ctrl-C does, it lets the run sign out and list its orders.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    config.pluginmanager.register(target, "oneentry_live_run")
    return target
