"""Pytest plugin: collects every feature file by itself, so that `pytest features/orders.feature` works as it stands."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytest_bdd import scenario as bind_scenario
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.feature import get_feature

from support.gherkin.identity import IDENTITY, ScenarioIdentity, slug

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate, Step

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
                item.stash[IDENTITY] = self._identity(item, _TEMPLATES[item.obj])
            yield item

    def _parse(self) -> Feature:
        try:
            return get_feature(str(self.path.parent), self.path.name)
        except (GherkinParseError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.nodeid} is not a feature file that can be read: {error}") from None

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


def pytest_bdd_step_error(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, exception: BaseException, **_: Any
) -> None:
    """Say in the shop's words which line of which scenario failed, before any Python."""
    identity = request.node.stash[IDENTITY]
    exception.add_note(f"Scenario: {scenario.name}")
    exception.add_note(f"    Step: {step.keyword} {step.name}")
    exception.add_note(f"          {identity.feature_file}:{step.line_number}")
