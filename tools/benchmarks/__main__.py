"""Measures replay against pytest-bdd with no-op steps, and redaction: `make bench`, `python -m tools.benchmarks`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.benchmarks import redaction
from tools.benchmarks.measure import BenchmarkError, Cost, measure
from tools.benchmarks.projects import FLOOR, OURS, VARIANTS, Variant, make_projects
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
        if self.way not in (SHARDS, SHARDS_TOGETHER):
            workers = ["-n", "2"] if self.way == WORKERS else []
            into = results if self.variant.writes_results else None
            return measure(project, self.count, results=into, arguments=[self.variant.tests, *workers])

        def shard(number: int) -> Cost:
            own = [self.variant.tests, "--splits=2", f"--group={number}"]
            into = results.with_name(f"{results.name}-{number}")
            return measure(project, self.count // 2, results=into, arguments=own)

        began = time.perf_counter()
        with ThreadPoolExecutor(2 if self.way == SHARDS_TOGETHER else 1) as pool:
            parts = list(pool.map(shard, (1, 2)))
        return Cost.of(parts, time.perf_counter() - began)


def main() -> int:
    """Measure, print the table, and write it to the docs unless it was a quick measurement."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few scenarios, one round: does it work?")
    is_quick = parser.parse_args().quick
    sizes, together, rounds = ((1, 4), (4,), 1) if is_quick else (SIZES, SIZES_TOGETHER, ROUNDS)
    try:
        growth = redaction.as_table(redaction.growth(rounds))
        measured = run(_cases(sizes, together), rounds)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    if not is_quick:
        write(measured, growth)
    print(as_tables(measured), growth, sep="\n\n")
    return 0


def run(cases: Sequence[Case], rounds: int) -> Series:
    """Run all cases alternately, `rounds` times, so that other load on the machine affects all of them alike."""
    series = Series(floor=FLOOR.name, ours=OURS.name)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        projects, results = Path(folder) / "projects", Path(folder) / "results"
        results.mkdir()
        for count in sorted({case.count for case in cases}):
            make_projects(projects / str(count), count)
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


if __name__ == "__main__":
    sys.exit(main())
