"""Says now and then how far a long run is: against a real project, scenarios take their time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from oneentry_scenarios.reporting.summary import is_scenario

SECONDS_BETWEEN = 10.0


class Progress:
    """A line every few seconds; a run that is over sooner never shows one, and `-v` or `-q` ask for other output."""

    def __init__(
        self, config: pytest.Config, clock: Callable[[], float] = time.monotonic, seconds: float = SECONDS_BETWEEN
    ) -> None:
        self._config = config
        self._clock = clock
        self._seconds = seconds
        self._said = clock()
        self._total = 0
        self._done: set[str] = set()
        self._failed: set[str] = set()

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know how much there is to do."""
        self._total = sum(is_scenario(item.nodeid) for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Know it also where workers collect: each of them collects everything."""
        self._total = sum(map(is_scenario, ids))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count, and say it if it is time to."""
        if not is_scenario(report.nodeid):
            return
        if report.failed:
            self._failed.add(report.nodeid)
        if report.when == "teardown":
            self._done.add(report.nodeid)
        now = self._clock()
        if not self._done:  # setting up is not the scenarios' time
            self._said = now
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if now - self._said >= self._seconds and terminal is not None and terminal.verbosity == 0:
            self._said = now
            failed = f", {len(self._failed)} failed" if self._failed else ""
            terminal.ensure_newline()
            terminal.write_line(f"{len(self._done)} of {self._total} scenarios done{failed}")
