"""Measures one run of scenarios in its own process, including its child processes, if all of them passed."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checkout import environment


class BenchmarkError(Exception):
    """A run did not do what is measured; the message contains its output."""


@dataclass(frozen=True)
class Tool:
    """A program that runs scenarios: its command, the option for the folder of Allure's results, and its summary."""

    command: tuple[str, ...]
    results: str
    passed: str


PYTEST = Tool(
    (sys.executable, "-m", "pytest", "--color=no"), "--alluredir={}", r"^=+ (\d+) passed(?:, \d+ deselected)? in "
)


@dataclass(frozen=True)
class Cost:
    """The cost of a run: seconds, megabytes, and the files written for its report."""

    wall: float
    cpu: float
    memory: float
    files: int
    written: float

    @classmethod
    def of(cls, parts: Sequence["Cost"], wall: float) -> "Cost":
        """The cost of several runs that took `wall` seconds; memory is that of the largest."""
        sums = {what: sum(getattr(part, what) for part in parts) for what in ("cpu", "files", "written")}
        return cls(wall=wall, memory=max(part.memory for part in parts), **sums)


def measure(
    project: Path, count: int, *, results: Path | None, arguments: Sequence[str] = (), tool: Tool = PYTEST
) -> Cost:
    """Run the tool in `project` once; `results` is a folder that does not exist yet.

    Raises:
        BenchmarkError: other than `count` tests passed, or not each of them has a result.
    """
    into = [tool.results.format(results)] if results else []
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        command = [*tool.command, *into, *arguments]
        process = subprocess.Popen(
            command, cwd=project, env=environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait again
        output.seek(0)
        printed = output.read().decode(errors="replace")
    passed = re.search(tool.passed, printed, re.MULTILINE)
    if process.returncode != 0 or passed is None or int(passed[1]) != count:
        raise BenchmarkError(
            f"{count} tests should pass; it printed (exit code {process.returncode}):\n{printed[-4000:]}"
        )
    files = [path for path in results.iterdir() if path.is_file()] if results else []
    reported = sum(path.name.endswith("-result.json") for path in files)
    if results and reported != count:
        raise BenchmarkError(f"{count} tests should have a result in {results}, there are {reported}")
    return Cost(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        # Linux counts in kilobytes, macOS in bytes.
        memory=usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        files=len(files),
        written=sum(path.stat().st_size for path in files) / 1e6,
    )
