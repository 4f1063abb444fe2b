"""Measures replay against pytest-bdd with no-op steps and two peers, and redaction: `make bench`."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.benchmarks import peers, redaction
from tools.benchmarks.measure import BenchmarkError, Cost, measure
from tools.benchmarks.projects import BASELINE, OURS, PEERS, VARIANTS, Variant, make_projects
from tools.benchmarks.report import Series, Size, as_table, goals, write

SIZES = (1, 100, 500, 2000)
#: Sizes that are also run in several processes, on disk, and, like one scenario, by the peers.
SIZES_TOGETHER = (500,)
ROUNDS = 5
#: A start takes a second and varies more than a long run, so each round measures this many of each kind.
STARTS_A_ROUND = 4
#: A file system in memory, used if it has this many bytes free; and one on disk.
IN_MEMORY, ROOM, ON_DISK = Path("/dev/shm"), 4e9, Path("/var/tmp")  # noqa: S108  only folders of random names are made
WORKERS = "2 workers of xdist"
SHARDS = "2 shards, one after the other"
SHARDS_TOGETHER = "2 shards, at the same time"


@dataclass(frozen=True)
class Case:
    """One row of the table: a kind of project, how many scenarios it has, the folder it is in and how it is run."""

    variant: Variant
    count: int
    place: Path
    way: str = ""

    @property
    def size(self) -> Size:
        """Its size in the table."""
        return Size(self.count, file_system(self.place))

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.way or self.variant.name

    def run(self, folder: Path, name: str) -> Cost:
        """Run it once, in the folder with the projects; `name` is of this run alone."""
        project, results = folder / str(self.count) / self.variant.folder, folder / f"results-{name}"
        if self.way not in (SHARDS, SHARDS_TOGETHER):
            workers = ["-n", "2"] if self.way == WORKERS else []
            into = results if self.variant.writes_results else None
            arguments = [self.variant.tests, *workers]
            return measure(project, self.count, results=into, arguments=arguments, tool=self.variant.tool)

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
        if not is_quick:
            peers.set_up()
        growth = redaction.as_table(redaction.growth(rounds))
        measured = run(_cases(sizes, together), rounds)
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    tables = as_table(measured), goals(measured), growth
    if not is_quick:
        write(measured, *tables)
    print(*tables, sep="\n\n")
    return 0


def run(cases: Sequence[Case], rounds: int) -> Series:
    """Run all cases alternately, `rounds` times, so that other load on the machine affects all of them alike."""
    series = Series()
    with ExitStack() as stack:
        folders = {}
        for place in {case.place for case in cases}:
            folders[place] = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-", dir=place)))
            for count in {case.count for case in cases if case.place == place}:
                make_projects(folders[place] / str(count), count, with_peers=peers.are_set_up())
        if rounds > 1:  # a first run compiles everything and fills the disk cache
            for number, case in enumerate(cases):
                case.run(folders[case.place], f"first-{number}")
        starts = [case for case in cases if case.count == 1]
        a_round = [*starts * (STARTS_A_ROUND - 1), *cases] if rounds > 1 else list(cases)
        for turn in range(rounds):
            # Each round begins with another case, so that the order is no advantage.
            begin = turn * len(a_round) // rounds
            for number, case in enumerate([*a_round[begin:], *a_round[:begin]]):
                series.add(case.size, case.name, case.run(folders[case.place], f"{turn}-{number}"))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return series


def _cases(sizes: Sequence[int], together: Sequence[int]) -> list[Case]:
    has_room = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    main = IN_MEMORY if has_room else ON_DISK
    set_up = PEERS if peers.are_set_up() else ()
    cases = [Case(variant, count, main) for count in sizes for variant in VARIANTS]
    cases += [Case(peer, count, main) for count in (1, *together) for peer in set_up]
    cases += [Case(OURS, count, main, way) for count in together for way in (WORKERS, SHARDS, SHARDS_TOGETHER)]
    if file_system(main) != file_system(ON_DISK):
        cases += [Case(variant, count, ON_DISK) for count in together for variant in (BASELINE, OURS, *set_up)]
    return cases


def file_system(folder: Path) -> str:
    """Return the type of file system that a folder is on, such as ext4, or "disk" on a machine without /proc."""
    mounts = Path("/proc/self/mounts")
    rows = [line.split() for line in mounts.read_text().splitlines()] if mounts.exists() else [["", "/", "disk"]]
    return max((len(row[1]), row[2]) for row in rows if folder.resolve().is_relative_to(row[1]))[1]


if __name__ == "__main__":
    sys.exit(main())
