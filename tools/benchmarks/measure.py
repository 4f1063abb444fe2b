"""Measures one run of pytest in its own process, including its child processes, if all scenarios passed."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checkout import environment


class BenchmarkError(Exception):
    """A run did not do what is measured; the message contains its output."""


@dataclass(frozen=True)
class Cost:
    """The cost of a run: seconds, megabytes, and the files written for its report."""

    wall: float
    cpu: float
    memory: float
    files: int
    written: float

    def then(self, other: "Cost") -> "Cost":
        """The cost of both, one after the other; memory is freed in between."""
        return Cost(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.memory, other.memory),
            self.files + other.files,
            self.written + other.written,
        )


def measure(project: Path, count: int, *, results: Path | None, arguments: Sequence[str] = ()) -> Cost:
    """Run pytest in `project` once; `results` is a folder that does not exist yet.

    Raises:
        BenchmarkError: other than `count` tests passed, or not each of them has a result.
    """
    return measure_together(project, [(count, results, arguments)])


def measure_together(project: Path, runs: Sequence[tuple[int, Path | None, Sequence[str]]]) -> Cost:
    """Measure several runs of pytest at the same time, as shards are; each has a count, results and arguments."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / str(number) for number, _ in enumerate(runs)]
        began = time.perf_counter()
        started = [
            _start(project, results, arguments, output)
            for (_count, results, arguments), output in zip(runs, outputs, strict=True)
        ]
        ended = [os.wait4(process.pid, 0) for process in started]
        wall = time.perf_counter() - began
        for process, (_pid, status, _usage) in zip(started, ended, strict=True):
            process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait again
        for process, output, (count, results, _arguments) in zip(started, outputs, runs, strict=True):
            _check(process.returncode, output.read_text(encoding="utf-8", errors="replace"), count, results)
    sizes = [path.stat().st_size for _count, results, _arguments in runs for path in _files(results)]
    return Cost(
        wall=wall,
        cpu=sum(usage.ru_utime + usage.ru_stime for _pid, _status, usage in ended),
        # The largest of several processes; Linux counts in kilobytes, macOS in bytes.
        memory=max(usage.ru_maxrss for _pid, _status, usage in ended) / (1e6 if sys.platform == "darwin" else 1e3),
        files=len(sizes),
        written=sum(sizes) / 1e6,
    )


def _start(project: Path, results: Path | None, arguments: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
    into = [f"--alluredir={results}"] if results else []
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "--color=no", *into, *arguments],
            cwd=project,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def _check(code: int, output: str, count: int, results: Path | None) -> None:
    passed = re.search(r"^=+ (\d+) passed in ", output, re.MULTILINE)
    if code != 0 or passed is None or int(passed[1]) != count:
        raise BenchmarkError(f"{count} tests should pass; pytest said (exit code {code}):\n{output[-4000:]}")
    reported = sum(path.name.endswith("-result.json") for path in _files(results))
    if results is not None and reported != count:
        raise BenchmarkError(f"{count} tests should have a result in {results}, there are {reported}")


def _files(results: Path | None) -> Iterator[Path]:
    return (path for path in results.iterdir() if path.is_file()) if results else iter(())
