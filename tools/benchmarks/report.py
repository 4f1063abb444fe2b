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
CHART_COUNT = 500
CHARTED = [each.name for each in (OURS, BASELINE, BEHAVE, CUCUMBER)]
_CHART, _GOALS = (Path(__file__).with_name(name) for name in ("chart.svg.in", "goals.toml"))
_BEGIN = "<!-- made by `make bench`; the text between these two lines is replaced -->"
_END = "<!-- end of what `make bench` made -->"
_PACKAGES = ("pytest", "pytest-bdd", "httpx", "vcrpy", "allure-pytest", "pydantic")


class Size(NamedTuple):
    """How many scenarios a project has, and the type of file system that it is on."""

    count: int
    place: str


@dataclass
class Series:
    """All runs: size and name -> one cost a round."""

    costs: dict[tuple[Size, str], list[Cost]] = field(default_factory=dict)

    def add(self, size: Size, name: str, cost: Cost) -> None:
        """Keep the cost of a run."""
        self.costs.setdefault((size, name), []).append(cost)

    def sizes(self) -> list[Size]:
        """Return each size once, the smallest first; file systems come in the order of their first runs."""
        return sorted(dict.fromkeys(size for size, _name in self.costs), key=lambda size: size.count)

    def values(self, size: Size, name: str, what: str) -> list[float]:
        """One number a round; raises KeyError if there was no such run."""
        return [getattr(cost, what) for cost in self.costs[size, name]]

    def ratios(self, size: Size, name: str, what: str, ours: str = OURS.name) -> list[float]:
        """How many times those of `name` ours are, round by round: both ran a moment apart."""
        pairs = zip(self.values(size, ours, what), self.values(size, name, what), strict=True)
        return [own / other for own, other in pairs]

    def cpu_a_scenario(self, size: Size, name: str) -> list[float]:
        """Milliseconds of CPU that each scenario after the first takes; empty if there was no run of one alone."""
        one = size._replace(count=1)
        if (one, name) not in self.costs or size == one:
            return []
        starts, together = self.values(one, name, "cpu"), self.values(size, name, "cpu")
        a_round = len(starts) // len(together)
        alone = [statistics.median(starts[turn * a_round :][:a_round]) for turn in range(len(together))]
        return [(all_ - first) / (size.count - 1) * 1000 for all_, first in zip(together, alone, strict=True)]


def as_table(series: Series) -> str:
    """The table of all runs, in Markdown."""
    lines = [
        "| scenarios | file system | what | wall, s | ours: times this | CPU, s | ours: times this | CPU a scenario, ms "
        "| memory, MB | files | MB |",
        "|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (size, name), costs in sorted(series.costs.items(), key=lambda item: series.sizes().index(item[0][0])):
        seconds = [of(size, name, what) for what in ("wall", "cpu") for of in (series.values, series.ratios)]
        cells = [str(size.count), size.place, f"**{name}**" if name == OURS.name else name]
        cells += [*(_spread(each, 2) for each in seconds), _spread(series.cpu_a_scenario(size, name), 1)]
        cells += [_spread(series.values(size, name, "memory"), 0), str(costs[0].files), f"{costs[0].written:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def goals(series: Series) -> str:
    """The goals, in Markdown: the median meets each limit or does not; some cannot be measured on some machines."""
    lines = ["| goal | at most | measured | |", "|---|---:|---:|---|"]
    for goal in tomllib.loads(_GOALS.read_text(encoding="utf-8"))["goal"]:
        values, limits = _achieved(series, **goal), goal["limits"]
        outcomes = ["met" if statistics.median(values) <= each else "not met" for each in limits if values]
        cells = [", stretch ".join(map(str, limits)), _spread(values, 2), ", stretch ".join(outcomes) or "not measured"]
        lines.append(f"| {goal['text']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _achieved(
    series: Series,
    count: int,
    of: str = "",
    name: str = OURS.name,
    growth: str = "",
    is_on_disk: bool = False,
    **_: Any,
) -> list[float]:
    """One number a round; none if it was not measured here."""
    sizes = [size for size in series.sizes() if size.count == count and (size.place != "tmpfs") == is_on_disk]
    try:
        if sizes and growth == "memory":
            start = statistics.median(series.values(sizes[0]._replace(count=1), name, growth))
            return [(most - start) * 1000 / (count - 1) for most in series.values(sizes[0], name, growth)]
        if sizes and growth:
            some, all_ = (series.cpu_a_scenario(each, name) for each in (sizes[0]._replace(count=500), sizes[0]))
            return [late / early for early, late in zip(some, all_, strict=True)]
        return series.ratios(sizes[0], of, "wall", name) if sizes else []
    except KeyError:
        return []


def chart(series: Series) -> str:
    """The wall time of the first size with enough scenarios, as an SVG of horizontal bars."""
    size = next(size for size in series.sizes() if size.count == CHART_COUNT)
    walls = {name: statistics.median(series.values(size, name, "wall")) for name in CHARTED}
    bars = ""
    for number, (name, wall) in enumerate(walls.items()):
        y, width, kind = 48 + 34 * number, wall / max(walls.values()) * 380, "ours" if name == OURS.name else "other"
        bars += f'<text class="name" x="250" y="{y + 16}">{name}</text>\n'
        bars += f'<rect class="{kind}" x="260" y="{y}" width="{width:.0f}" height="22" rx="3"/>\n'
        bars += f'<text x="{268 + width:.0f}" y="{y + 16}">{wall:.1f} s</text>\n'
    title = f"{size.count} scenarios, {size.place}, {datetime.now(UTC):%Y-%m-%d}: wall time, shorter is better"
    return _CHART.read_text(encoding="utf-8").format(title=title, bars=bars)


def write(series: Series, *tables: str) -> None:
    """Replace the chart, and the tables in the page; the text around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _old, _, after = rest.partition(_END)
    runs = [len(costs) for costs in series.costs.values()]
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}; {_machine()}; {_versions()}. Medians of {min(runs)} runs, of one scenario "
        f"{max(runs)}; in brackets the least and the most; factors are medians of the factors of each round."
    )
    made = "\n\n".join([about, *tables])
    PAGE.write_text(f"{before}{_BEGIN}\n{made}\n{_END}{after}", encoding="utf-8")
    CHART.write_text(chart(series), encoding="utf-8")


def _spread(values: Sequence[float], digits: int) -> str:
    if not values:
        return ""
    middle, least, most = (f"{each:.{digits}f}" for each in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}-{most})"


def _machine() -> str:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}"


def _versions() -> str:
    return ", ".join([*(f"{name} {metadata.version(name)}" for name in _PACKAGES), *peers.versions()])
