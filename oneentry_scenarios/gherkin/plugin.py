"""Pytest plugin: collects feature files without binding modules, so that `pytest features/orders.feature` works."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest
from pytest_bdd import scenario as bind_scenario
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.feature import get_feature

from oneentry_scenarios.gherkin.identity import IDENTITY, PROPERTY_FEATURE, PROPERTY_SCENARIO, identity_of, slug

#: `-p no:oneentry_scenarios.gherkin.lint` leaves it out.
pytest_plugins = ["oneentry_scenarios.gherkin.lint"]


class FeatureFile(pytest.Module):
    """A feature file as a pytest module: one test function per scenario, named by the scenario's slug."""

    def _getobj(self) -> ModuleType:
        folder = str(self.path.parent)
        try:
            feature = get_feature(folder, self.path.name)
        except (GherkinParseError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.nodeid} is not a feature file that can be read: {error}") from None
        module = ModuleType(self.path.stem)
        for name in feature.scenarios:
            function = bind_scenario(self.path.name, name, features_base_dir=folder)(lambda: None)
            function.__test__ = True  # type: ignore[attr-defined]  # the slug does not begin with "test"
            setattr(module, slug(name), function)
        return module

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Collect the scenarios, each with its identity in its stash."""
        for item in super().collect():
            if isinstance(item, pytest.Function):
                item.stash[IDENTITY] = identity = identity_of(item, self.nodeid)
                item.user_properties += [(PROPERTY_FEATURE, identity.feature), (PROPERTY_SCENARIO, identity.title)]
            yield item


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect `*.feature`."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == ".feature" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why scenarios were skipped. Turn a run red that skipped all, or the story: pytest counts both as passed."""
    found, session = terminalreporter.stats.get("skipped", ()), config.pluginmanager.get_plugin("session")
    skipped = [each for each in found if PROPERTY_SCENARIO in dict(each.user_properties)]
    reasons = Counter(each.longrepr[2].removeprefix("Skipped: ") for each in skipped)
    lines, untested = [f"{count} skipped: {reason}" for reason, count in reasons.items()], ""
    # A scenario tagged @skip was left out on purpose.
    if any("smoke" in each.keywords and "skip" not in each.keywords for each in skipped):
        untested = "The story (@smoke) was skipped"
    if skipped and {"passed", "failed", "error"}.isdisjoint(terminalreporter.stats):
        untested = f"Nothing was tested: all {len(skipped)} scenarios were skipped"
    if untested and session and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        lines.append('So the run is red. Do what the reason says, or leave the story out on purpose: -m "not smoke"')
    if lines:
        terminalreporter.write_sep("=", untested or "skipped", red=bool(untested))
        terminalreporter.write_line("\n".join(lines))
