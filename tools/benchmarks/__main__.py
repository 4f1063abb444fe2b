"""Measures replay against pytest-bdd with no-op steps: `make bench`, or `python -m tools.benchmarks --quick`."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.benchmarks.measure import BenchmarkError, Cost, measure, measure_together
from tools.benchmarks.projects import FLOOR, OURS, SCENARIOS_A_FILE, VARIANTS, Variant, make_projects
from tools.benchmarks.report import Series, as_tables, write

SIZES = (1, 100, 500, 2000)
#: Sizes that are also run in several processes.
SIZES_TOGETHER = (500,)
ROUNDS = 5
#: A start takes a second and varies more than a long run, so each round measures this many of each kind.
STARTS_A_ROUND = 4
WORKERS = "2 workers of xdist"
SHARDS = "2 shards, one after the other"
SHARDS_TOGETHER = "2 shards, at the same time"


@dataclass(frozen=True)
class Case:
    """One cell of the table: a kind of project, how many scenarios it has and how it is run."""

    variant: Variant
    count: int
    way: str = ""

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.way or self.variant.name

    def run(self, projects: Path, results: Path) -> Cost:
        """Run it once; `results` is a folder of this run alone."""
        project = projects / str(self.count) / self.variant.folder
        into = results if self.variant.writes_results else None
        if self.way == WORKERS:
            return measure(project, self.count, results=into, arguments=[self.variant.tests, "-n", "2"])
        if not self.way:
            return measure(project, self.count, results=into, arguments=[self.variant.tests])
        shards = [
            (count, results.with_name(f"{results.name}-{number}"), files)
            for number, (count, files) in enumerate(_halves(project, self.variant.tests))
        ]
        if self.way == SHARDS_TOGETHER:
            return measure_together(project, shards)
        first, second = (measure_together(project, [shard]) for shard in shards)
        return first.then(second)


def main() -> int:
    """Measure, print the table, and write it to the docs unless options reduce the measurement."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few scenarios, one round: does it work?")
    parser.add_argument("--sizes", type=int, nargs="+", help="other numbers of scenarios; keeps nothing")
    parser.add_argument("--rounds", type=int, help="another number of rounds; keeps nothing")
    asked = parser.parse_args()
    is_kept = not (asked.quick or asked.sizes or asked.rounds)
    sizes = asked.sizes or ((1, 4) if asked.quick else SIZES)
    rounds = asked.rounds or (1 if asked.quick else ROUNDS)
    together = sizes[-1:] if asked.quick else [size for size in sizes if size in SIZES_TOGETHER]
    try:
        measured = run(_cases(sizes, together), rounds, 2 if asked.quick else SCENARIOS_A_FILE)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    if is_kept:
        write(measured)
    print(as_tables(measured))
    return 0


def run(cases: Sequence[Case], rounds: int, a_file: int = SCENARIOS_A_FILE) -> Series:
    """Run all cases alternately, `rounds` times, so that other load on the machine affects all of them alike."""
    series = Series(floor=FLOOR.name, ours=OURS.name)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        projects, results = Path(folder) / "projects", Path(folder) / "results"
        results.mkdir()
        for count in sorted({case.count for case in cases}):
            make_projects(projects / str(count), count, a_file)
        if rounds > 1:  # a first run compiles everything and fills the disk cache
            for number, case in enumerate(cases):
                case.run(projects, results / f"first-{number}")
        starts = [case for case in cases if case.count == 1]
        a_round = [*starts * (STARTS_A_ROUND - 1), *cases] if rounds > 1 else list(cases)
        for turn in range(rounds):
            # Each round begins with another case, so that the order is no advantage.
            begin = turn * len(a_round) // rounds
            for number, case in enumerate([*a_round[begin:], *a_round[:begin]]):
                series.add(case.count, case.name, case.run(projects, results / f"{turn}-{number}"))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return series


def _cases(sizes: Sequence[int], together: Sequence[int]) -> list[Case]:
    ways = (WORKERS, SHARDS, SHARDS_TOGETHER)
    one_process = [Case(variant, count) for count in sizes for variant in VARIANTS]
    return one_process + [Case(OURS, count, way) for count in together for way in ways]


def _halves(project: Path, tests: str) -> list[tuple[int, list[str]]]:
    """The feature files in two shards, each with the number of its scenarios."""
    files = sorted((project / tests).glob("*.feature"))
    counts = {file: file.read_text(encoding="utf-8").count("  Scenario: ") for file in files}
    halves = files[: len(files) // 2], files[len(files) // 2 :]
    return [(sum(counts[file] for file in half), [str(file.relative_to(project)) for file in half]) for half in halves]


if __name__ == "__main__":
    sys.exit(main())
