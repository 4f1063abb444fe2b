"""Turns measured runs into the table of docs/performance.md."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata

from tools.benchmarks.measure import Cost
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- made by `make bench`; the text between these two lines is replaced -->"
_END = "<!-- end of what `make bench` made -->"
_PACKAGES = ("pytest", "pytest-bdd", "httpx", "vcrpy", "allure-pytest", "pydantic")


@dataclass
class Series:
    """All runs: number of scenarios and name -> one cost a round. `floor` and `ours` are two of the names."""

    floor: str
    ours: str
    costs: dict[tuple[int, str], list[Cost]] = field(default_factory=dict)

    def add(self, count: int, name: str, cost: Cost) -> None:
        """Keep the cost of a run."""
        self.costs.setdefault((count, name), []).append(cost)

    def values(self, count: int, name: str, what: str) -> list[float]:
        """One number a round."""
        return [getattr(cost, what) for cost in self.costs[count, name]]

    def ratios(self, count: int, name: str, what: str) -> list[float]:
        """How many times the floor's, round by round: both ran a moment apart."""
        pairs = zip(self.values(count, name, what), self.values(count, self.floor, what), strict=True)
        return [own / floor for own, floor in pairs]

    def cpu_a_scenario(self, count: int, name: str) -> list[float]:
        """Milliseconds of CPU that each scenario after the first takes; empty if there was no run of one alone."""
        if (1, name) not in self.costs or count == 1:
            return []
        starts, together = self.values(1, name, "cpu"), self.values(count, name, "cpu")
        a_round = len(starts) // len(together)
        alone = [statistics.median(starts[turn * a_round :][:a_round]) for turn in range(len(together))]
        return [(all_ - one) / (count - 1) * 1000 for all_, one in zip(together, alone, strict=True)]


def as_tables(series: Series) -> str:
    """The tables, in Markdown."""
    lines = [
        "| scenarios | what | wall, s | of floor | CPU, s | of floor | CPU a scenario, ms | memory, MB | files | MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (count, name), costs in sorted(series.costs.items(), key=lambda item: item[0][0]):
        seconds = [of(count, name, what) for what in ("wall", "cpu") for of in (series.values, series.ratios)]
        cells = [str(count), f"**{name}**" if name == series.ours else name, *(_spread(each, 2) for each in seconds)]
        cells += [_spread(series.cpu_a_scenario(count, name), 1), _spread(series.values(count, name, "memory"), 0)]
        cells += [str(costs[0].files), f"{costs[0].written:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write(series: Series, growth: str) -> None:
    """Replace the tables in the page, `growth` is the last; the text around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _old, _, after = rest.partition(_END)
    runs = [len(costs) for costs in series.costs.values()]
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}; {_machine()}; {_versions()}. Medians of {min(runs)} runs, of one scenario "
        f"{max(runs)}; in brackets the least and the most; factors are medians of the factors of each round."
    )
    PAGE.write_text(f"{before}{_BEGIN}\n{about}\n\n{as_tables(series)}\n\n{growth}\n{_END}{after}", encoding="utf-8")


def _spread(values: Sequence[float], digits: int) -> str:
    if not values:
        return ""
    middle, least, most = (f"{each:.{digits}f}" for each in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}-{most})"


def _machine() -> str:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}"


def _versions() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
