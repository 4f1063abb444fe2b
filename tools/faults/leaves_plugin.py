"""Pytest plugin: replays each scenario with changed recorded values. Only `tools.faults.leaves` loads it."""

import json
from collections import Counter
from collections.abc import Generator
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that select changes, and the file."""
    group = parser.getgroup("leaves", "changes of recorded values")
    group.addoption("--change", metavar="PATTERN", action="append", required=True, help="which changes to make")
    group.addoption("--part", metavar="N/OF", required=True, help="every OF-th of them, from the N-th on")
    group.addoption("--green", metavar="FILE", type=Path, required=True, help="where to write the undetected changes")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin that makes and counts the changes."""
    config.pluginmanager.register(Changes(config))


class Changes:
    """Makes the changes and counts them, and counts the undetected ones by name."""

    def __init__(self, config: pytest.Config) -> None:
        self._patterns = config.getoption("--change")
        self._part, self._parts = map(int, config.getoption("--part").split("/"))
        self._file = config.getoption("--green")
        self._numbers = count()
        self._made = 0
        self._green: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Function, nextitem: pytest.Item | None) -> Generator[None]:
        """Replay the scenario with the changes, after its own run."""
        # Imported here because pytest must import the modules first that it rewrites.
        from oneentry_scenarios.cassettes.file import Cassette, CassetteError
        from oneentry_scenarios.cassettes.replay import replay
        from oneentry_scenarios.cassettes.target import SCENARIO
        from tools.faults.leaves import leaves

        yield
        cassette = Cassette.read(item.config.rootpath / item.stash[SCENARIO].identity.cassette)
        for leaf in leaves(cassette):
            is_wanted = any(fnmatchcase(leaf.name, pattern) for pattern in self._patterns)
            if not is_wanted or next(self._numbers) % self._parts != self._part:
                continue
            self._made += 1
            try:
                replay(leaf.changed(cassette), item, nextitem)
            except CassetteError:
                continue
            self._green[leaf.name] += 1

    def pytest_sessionfinish(self) -> None:
        """Write the counts."""
        self._file.write_text(json.dumps({"made": self._made, "green": self._green}), encoding="utf-8")
