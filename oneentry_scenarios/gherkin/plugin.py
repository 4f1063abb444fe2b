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

#: What a run should have tested and did not, as a headline.
_UNTESTED = pytest.StashKey[str]()
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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run red that skipped all its scenarios, or the story (`@smoke`): pytest counts both as passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.exitstatus != pytest.ExitCode.OK or not (skipped := _skipped(reporter)):
        return
    # A scenario tagged @skip was left out on purpose.
    story = [each for each in skipped if "smoke" in each.keywords and "skip" not in each.keywords]
    if "passed" not in reporter.stats:
        session.config.stash[_UNTESTED] = f"Nothing was tested: all {len(skipped)} scenarios were skipped"
    elif story:
        session.config.stash[_UNTESTED] = "The story (@smoke) was skipped"
    if _UNTESTED in session.config.stash:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why scenarios were skipped, each reason once."""
    reasons = Counter(str(each.longrepr[2]) for each in _skipped(terminalreporter) if isinstance(each.longrepr, tuple))
    lines = [f"{count} skipped: {reason.removeprefix('Skipped: ')}" for reason, count in reasons.items()]
    if untested := terminalreporter.config.stash.get(_UNTESTED, ""):
        lines.append('So the run is red. Do what the reason says, or leave the story out on purpose: -m "not smoke"')
    if lines:
        terminalreporter.write_sep("=", untested or "skipped", red=bool(untested))
        terminalreporter.write_line("\n".join(lines))


def _skipped(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """The scenarios that were skipped, not other tests."""
    return [each for each in reporter.stats.get("skipped", ()) if PROPERTY_SCENARIO in dict(each.user_properties)]
