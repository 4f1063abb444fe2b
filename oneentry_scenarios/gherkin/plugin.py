"""Pytest plugin: collects every feature file by itself, so that `pytest features/orders.feature` works as it stands."""

from __future__ import annotations

import gc
import shlex
import sys
from types import ModuleType
from typing import TYPE_CHECKING, cast

import pytest
from pytest_bdd import scenario as bind_scenario
from pytest_bdd.exceptions import GherkinParseError

from oneentry_scenarios.gherkin.document import feature_of
from oneentry_scenarios.gherkin.identity import IDENTITY, PROPERTY_FEATURE, PROPERTY_SCENARIO, ScenarioIdentity, slug
from oneentry_scenarios.gherkin.story import STORY, Story, put_first

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate

#: `-p no:oneentry_scenarios.gherkin.lint` leaves the first out, and so on.
pytest_plugins = [
    "oneentry_scenarios.gherkin.lint",
    "oneentry_scenarios.gherkin.lookup",
    "oneentry_scenarios.gherkin.memory",
]

#: pytest-bdd keeps here which scenario a test function runs. Its module is shadowed by a function of the same name.
_TEMPLATES = sys.modules["pytest_bdd.scenario"].scenario_wrapper_template_registry


class FeatureFile(pytest.Module):
    """A feature file as pytest's module: one test function a scenario, called by the scenario's slug."""

    def _getobj(self) -> ModuleType:
        feature = self._parse()
        module = ModuleType(self.path.stem)
        for name in feature.scenarios:
            function = bind_scenario(self.path.name, name, features_base_dir=str(self.path.parent))(_nothing_more)
            function.__test__ = True  # type: ignore[attr-defined]  # the slug does not begin with "test"
            setattr(module, slug(name), function)
        return module

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Collect the scenarios, each with its identity in its stash."""
        for item in super().collect():
            if isinstance(item, pytest.Function):
                identity = self._identity(item, _TEMPLATES[item.obj])
                item.stash[IDENTITY] = identity
                item.stash[STORY] = Story(identity, self._command(item))
                item.user_properties += [(PROPERTY_FEATURE, identity.feature), (PROPERTY_SCENARIO, identity.title)]
            yield item

    def _parse(self) -> Feature:
        try:
            return feature_of(self.path)
        except (GherkinParseError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.nodeid} is not a feature file that can be read: {error}") from None

    def _command(self, item: pytest.Function) -> str:
        """What runs a scenario again, against the same API."""
        api = item.config.getoption("--api", "replay")
        return " ".join(["pytest", *([] if api == "replay" else [f"--api={api}"]), shlex.quote(item.nodeid)])

    def _identity(self, item: pytest.Function, template: ScenarioTemplate) -> ScenarioIdentity:
        row = item.callspec.params["_pytest_bdd_example"] if hasattr(item, "callspec") else {}
        return ScenarioIdentity(
            feature_file=self.nodeid,
            feature=template.feature.name,
            rule=template.rule.name if template.rule else None,
            name=template.name,
            row=cast("dict[str, str]", row),
            line=template.line_number,
        )


def _nothing_more() -> None:
    """What a scenario's test function does after its steps."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect `*.feature`."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == ".feature" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare Python from looking for garbage in what stays to the end: modules, step definitions, scenarios.

    Else it goes through all of that again and again, and twice more when pytest ends.
    """
    gc.freeze()


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Begin the scenario's story."""
    request.node.stash[STORY].begin(scenario)


def pytest_bdd_after_step(request: pytest.FixtureRequest) -> None:
    """Go on with the scenario's story."""
    request.node.stash[STORY].passed += 1


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the story of a failed scenario before its traceback; `-v` shows the frames of other packages, too."""
    report = yield
    if report.failed and call.excinfo and STORY in item.stash:
        all_frames = item.config.get_verbosity() > 0 or item.config.getoption("fulltrace")
        put_first(item.stash[STORY], report, call.excinfo.value, item.config.rootpath, all_frames=all_frames)
    return report
