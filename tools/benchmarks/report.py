"""Turns measured runs into the tables and the chart of docs/performance.md."""

import os
import platform
import statistics
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from tools.benchmarks import peers
from tools.benchmarks.measure import Cost
from tools.benchmarks.projects import BASELINE, BEHAVE, CUCUMBER, OURS
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "performance.svg"
CHARTED = [each.name for each in (OURS, BASELINE, BEHAVE, CUCUMBER)]
_CHART, _GOALS = (Path(__file__).with_name(name) for name in ("chart.svg.in", "goals.toml"))
_BEGIN = "<!-- made by `make bench`; the text between these two lines is replaced -->"
_END = "<!-- end of what `make bench` made -->"
_PACKAGES = ("pytest", "pytest-bdd", "httpx", "vcrpy", "allure-pytest", "pydantic")


class Size(NamedTuple):
    """How many scenarios a project has, and the type of file system that it is on."""

    scenarios: int
    place: str


@dataclass
class Series:
    """All runs: size and name -> one cost a round."""

    costs: dict[tuple[Size, str], list[Cost]] = field(default_factory=dict)

    def add(self, size: Size, name: str, cost: Cost) -> None:
        """Keep the cost of a run."""
        self.costs.setdefault((size, name), []).append(cost)

    def values(self, size: Size, name: str, what: str) -> list[float]:
        """One number a round; raises KeyError if there was no such run."""
        return [getattr(cost, what) for cost in self.costs[size, name]]

    def ratios(self, size: Size, name: str, what: str, ours: str = OURS.name) -> list[float]:
        """How many times those of `name` ours are, round by round: both ran a moment apart."""
        pairs = zip(self.values(size, ours, what), self.values(size, name, what), strict=True)
        return [own / other for own, other in pairs]

    def a_scenario(self, size: Size, name: str, what: str = "cpu") -> list[float]:
        """Milliseconds or KB that each scenario after the first takes; empty if there was no run of one alone."""
        one = size._replace(scenarios=1)
        if (one, name) not in self.costs or size == one:
            return []
        starts, together = self.values(one, name, what), self.values(size, name, what)
        a_round = len(starts) // len(together)
        alone = [statistics.median(starts[turn * a_round :][:a_round]) for turn in range(len(together))]
        return [(all_ - first) / (size.scenarios - 1) * 1000 for all_, first in zip(together, alone, strict=True)]


def as_table(series: Series) -> str:
    """The table of all runs, in Markdown."""
    lines = [
        "| scenarios | file system | what | wall, s | wall, ours / this | CPU, s | CPU, ours / this "
        "| CPU a scenario, ms | memory, MB | files | MB |",
        "|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (size, name), costs in sorted(series.costs.items(), key=lambda item: item[0][0].scenarios):
        seconds = [of(size, name, what) for what in ("wall", "cpu") for of in (series.values, series.ratios)]
        cells = [str(size.scenarios), size.place, f"**{name}**" if name == OURS.name else name]
        cells += [*(_spread(each, 2) for each in seconds), _spread(series.a_scenario(size, name), 1)]
        cells += [_spread(series.values(size, name, "memory"), 0), str(costs[0].files), f"{costs[0].written:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def goals(series: Series) -> str:
    """The goals, in Markdown: the median meets each limit or does not; some cannot be measured on some machines."""
    lines = ["| goal | at most | measured | |", "|---|---:|---:|---|"]
    for goal in tomllib.loads(_GOALS.read_text(encoding="utf-8"))["goal"]:
        values, limits = _achieved(series, goal), goal["limits"]
        outcomes = ["met" if statistics.median(values) <= each else "not met" for each in limits if values]
        cells = [", stretch ".join(map(str, limits)), _spread(values, 2), ", stretch ".join(outcomes) or "not measured"]
        lines.append(f"| {goal['text']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _achieved(series: Series, goal: dict[str, Any]) -> list[float]:
    """One number a round; none if it was not measured here."""
    name, of, growth = goal.get("name", OURS.name), goal.get("of"), goal.get("growth", "")
    for size, _name in series.costs:
        if size.scenarios != goal["scenarios"] or (size.place != "tmpfs") != goal.get("is_on_disk", False):
            continue
        if of:
            return series.ratios(size, of, "wall", name) if {(size, of), (size, name)} <= series.costs.keys() else []
        values = series.a_scenario(size, name, growth)
        some = series.a_scenario(size._replace(scenarios=500), name)
        return [late / early for late, early in zip(values, some, strict=True)] if growth == "cpu" else values
    return []


def chart(series: Series) -> str:
    """The wall time of 500 scenarios, as an SVG of horizontal bars."""
    size = next(size for size, _name in series.costs if size.scenarios == 500)
    wall = [statistics.median(series.values(size, name, "wall")) for name in CHARTED]
    width = [round(each / max(wall) * 380) for each in wall]
    title = f"Wall time of {size.scenarios} scenarios on {size.place}, {datetime.now(UTC):%Y-%m-%d}"
    return _CHART.read_text(encoding="utf-8").format(title=title, wall=wall, width=width)


def write(series: Series, *tables: str) -> None:
    """Replace the chart, and the tables in the page; the text around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _old, _, after = rest.partition(_END)
    runs = [len(costs) for costs in series.costs.values()]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    versions = ", ".join([*(f"{name} {metadata.version(name)}" for name in _PACKAGES), *peers.versions()])
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}; "
        f"{versions}. Medians of {min(runs)} runs ({max(runs)} of one scenario), with the least and the most in "
        "brackets. Each round gives one ratio; the table has the median of these ratios."
    )
    made = "\n\n".join([about, *tables])
    PAGE.write_text(f"{before}{_BEGIN}\n{made}\n{_END}{after}", encoding="utf-8")
    CHART.write_text(chart(series), encoding="utf-8")


def _spread(values: Sequence[float], digits: int) -> str:
    if not values:
        return ""
    middle, least, most = (f"{each:.{digits}f}" for each in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}-{most})"
