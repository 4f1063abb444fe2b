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
from pathlib import Path

from tools.benchmarks import peers, redaction
from tools.benchmarks.measure import BenchmarkError, Cost, measure
from tools.benchmarks.projects import BASELINE, OURS, PEERS, TOGETHER, VARIANTS, Variant, make_projects
from tools.benchmarks.report import Series, Size, as_table, goals, write
from tools.checkout import run_command

SIZES = (1, 100, 500, 2000)
#: Sizes that are also run in several processes, on disk, and, like one scenario, by the peers.
SIZES_TOGETHER = (500,)
ROUNDS = 5
#: A start takes a second and varies more than a long run, so each round measures this many of each kind.
STARTS_A_ROUND = 4
#: A file system in memory, used if it has this many bytes free; and one on disk.
IN_MEMORY, ROOM, ON_DISK = Path("/dev/shm"), 4e9, Path("/var/tmp")  # noqa: S108  only folders of random names are made


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


def run(cases: Sequence[tuple[Variant, Size]], rounds: int) -> Series:
    """Run all cases alternately, `rounds` times, so that other load on the machine affects all of them alike."""
    series = Series()
    with ExitStack() as stack:
        folders = {}
        for place, parent in places().items():
            folders[place] = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-", dir=parent)))
        for count, place in {size for _variant, size in cases}:
            make_projects(folders[place] / str(count), count)
        if rounds > 1:  # a first run compiles everything and fills the disk cache
            for number, (variant, (count, place)) in enumerate(cases):
                _run_once(variant, count, folders[place], f"results-first-{number}")
        starts = [case for case in cases if case[1].scenarios == 1]
        a_round = [*starts * (STARTS_A_ROUND - 1), *cases] if rounds > 1 else list(cases)
        for turn in range(rounds):
            # Each round begins with another case, so that the order is no advantage.
            begin = turn * len(a_round) // rounds
            for number, (variant, size) in enumerate([*a_round[begin:], *a_round[:begin]]):
                cost = _run_once(variant, size.scenarios, folders[size.place], f"results-{turn}-{number}")
                series.add(size, variant.name, cost)
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return series


def _run_once(variant: Variant, count: int, folder: Path, name: str) -> Cost:
    """Run a project in the folder with all of them; `name` is of this run alone."""
    project = folder / str(count) / variant.folder

    def run(name: str, count: int, *options: str) -> Cost:
        into = folder / name if variant.writes_results else None
        return measure(project, count, results=into, arguments=[variant.tests, *options], tool=variant.tool)

    if not variant.shards_at_a_time:
        return run(name, count, *variant.options)
    shards = [(f"{name}-{shard}", count // 2, "--splits=2", f"--group={shard}") for shard in (1, 2)]
    began = time.perf_counter()
    with ThreadPoolExecutor(variant.shards_at_a_time) as pool:
        parts = list(pool.map(lambda shard: run(*shard), shards))
    return Cost.of(parts, time.perf_counter() - began)


def _cases(sizes: Sequence[int], together: Sequence[int]) -> list[tuple[Variant, Size]]:
    set_up = PEERS if peers.are_set_up() else ()
    main, *others = places()
    cases = [(variant, Size(count, main)) for count in sizes for variant in VARIANTS]
    cases += [(peer, Size(count, main)) for count in (1, *together) for peer in set_up]
    cases += [(variant, Size(count, main)) for count in together for variant in TOGETHER]
    elsewhere = [Size(count, place) for place in others for count in together]
    return cases + [(variant, size) for size in elsewhere for variant in (BASELINE, OURS, *set_up)]


def places() -> dict[str, Path]:
    """Return the type of each file system to measure on and a folder on it: first in memory, if there is room."""
    has_room = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    asked = {folder: run_command("df", "--output=fstype", str(folder)).stdout for folder in (IN_MEMORY, ON_DISK)}
    types = {folder: (said.split() or ["disk"])[-1] for folder, said in asked.items()}  # macOS's df does not know it
    return {types[folder]: folder for folder in types if has_room or folder == ON_DISK}


if __name__ == "__main__":
    sys.exit(main())
