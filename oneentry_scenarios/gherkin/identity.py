"""The stable identity of a scenario, used for its cassette's path, test ID, report and Allure history."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

import pytest
from pytest_bdd.parser import ScenarioTemplate, render_string
from pytest_bdd.scenario import scenario_wrapper_template_registry  # private: the one place that uses it

LONGEST_SLUG = 80
#: Windows does not allow these file names, with any extension.
NOT_ON_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
#: Also pytest's module attribute for markers: each feature file becomes a module.
_RESERVED = {*NOT_ON_WINDOWS, "pytestmark"}


@dataclass(frozen=True)
class ScenarioIdentity:
    """The identity of a scenario, independent of pytest's node name; `line` is the line of `Scenario:`.

    `feature_file` is relative to the repository, with forward slashes; only scenario outlines have a `row`.
    """

    feature_file: str
    feature: str
    rule: str | None
    name: str
    row: Mapping[str, str]
    line: int

    @property
    def title(self) -> str:
        """The scenario's name with the row's values filled in."""
        return render_string(self.name, self.row)

    @property
    def key(self) -> str:
        """The cassette's path below `cassettes/`, `<feature file stem>/<slug>`: unique in the repository."""
        return f"{PurePosixPath(self.feature_file).stem}/{slug(self.name, tuple(self.row.values()))}"

    @property
    def cassette(self) -> str:
        """The cassette's path, relative to the repository."""
        return f"cassettes/{self.key}.json"

    @property
    def node_id(self) -> str:
        """The scenario's pytest node ID."""
        return f"{self.feature_file}::{node_name(self.name, self.row.values())}"


#: The identity of a collected scenario: `item.stash[IDENTITY]`. Items without it are not scenarios.
IDENTITY = pytest.StashKey[ScenarioIdentity]()
#: The user properties with the names of feature and scenario in pytest's reports.
PROPERTY_FEATURE, PROPERTY_SCENARIO = "feature", "scenario"


def scenarios_in(stats: Mapping[str, Sequence[object]], outcomes: Iterable[str]) -> list[Any]:
    """Return the reports of scenarios with one of `outcomes`; `stats` are those of pytest's terminal reporter."""
    reports = (report for outcome in outcomes for report in stats.get(outcome, ()))
    return [each for each in reports if isinstance(each, pytest.TestReport) and ".feature::" in each.nodeid]


def template_of(item: pytest.Item) -> ScenarioTemplate:
    """Return the scenario of `item`, with unreplaced `<columns>`; raise KeyError for other items."""
    return scenario_wrapper_template_registry[item.obj]  # type: ignore[attr-defined]


def identify(item: pytest.Function, feature_file: str) -> ScenarioIdentity:
    """Store and return the identity of a newly collected scenario, and add its names to its report."""
    template = template_of(item)
    row = item.callspec.params["_pytest_bdd_example"] if hasattr(item, "callspec") else {}
    rule = template.rule.name if template.rule else None
    item.stash[IDENTITY] = identity = ScenarioIdentity(
        feature_file, template.feature.name, rule, template.name, cast("dict[str, str]", row), template.line_number
    )
    item.user_properties += [(PROPERTY_FEATURE, identity.feature), (PROPERTY_SCENARIO, identity.title)]
    return identity


def slug(name: str, row_values: Sequence[str] = ()) -> str:
    """Return the name, and the row after `--`, as a file name; if long, reserved or not ASCII, it ends in a hash."""
    parts = (name, *([" ".join(row_values)] if row_values else []))
    short = "--".join(re.sub(r"[^a-z0-9]+", "-", part.lower()) for part in parts)
    whole = "--".join(parts)
    if len(short) <= LONGEST_SLUG and whole.isascii() and short not in _RESERVED:
        return short
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{short[: LONGEST_SLUG - len(digest) - 1]}-{digest}"


def node_name(name: str, row_values: Iterable[str] = ()) -> str:
    """Return the pytest name of a scenario or of one row; printable characters are not escaped."""
    row = repr("-".join(row_values))[1:-1]
    return f"{slug(name)}[{row}]" if row else slug(name)
