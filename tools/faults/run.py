"""Runs all scenarios once for each fault, a process each, on all cores; a run without any fault goes before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import ROOT, environment
from tools.faults.diagnosis import Failure, lacking
from tools.faults.fault import Fault

#: Seconds after which a run is given up. One takes three.
LIMIT = 300
#: What each scenario receives where nothing is wrong, a digest a call.
Received = dict[str, list[str]]


class NotGreen(Exception):
    """The scenarios fail without any fault, so nothing can be said of faults."""


@dataclass(frozen=True)
class Result:
    """What came of one fault: the failure that found it, if any, what its first lines lack, and what is wrong with
    the fault itself.
    """

    fault: Fault
    failure: Failure | None = None
    lacks: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def without_fault() -> Received:
    """A run in which nothing is wrong.

    Raises:
        NotGreen: it fails.
    """
    code, output, told = _pytest(None)
    if code != 0 or told is None or told["errors"]:
        raise NotGreen(f"The scenarios are not green without a fault; mend that first.\n{output}")
    received: Received = told["received"]
    return received


def run_all(faults: Iterable[Fault], right: Received, tell: Callable[[Result], None]) -> list[Result]:
    """The results in the order of the faults; `tell` hears of each."""

    def run_and_tell(fault: Fault) -> Result:
        result = run(fault, right)
        tell(result)
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run_and_tell, faults))


def run(fault: Fault, right: Received) -> Result:
    """One fault."""
    code, output, told = _pytest(fault)
    if told is None or code not in (0, 1):
        return Result(fault, problems=(f"the run broke off with exit code {code}: {output[-2000:]}",))
    failure = Failure(**told["failure"]) if told["failure"] else None
    problems = []
    if told["errors"]:
        problems.append(f"the layer failed: {told['errors'][0]}")
    elif not told["applied"]:
        problems.append("it was never applied: no scenario asks for what it concerns")
    elif not _differs(told["received"], right):
        problems.append("it changed nothing that the suite receives")
    if (failure is not None) != (code == 1):
        problems.append(f"exit code {code} does not fit what the scenarios did: {output[-2000:]}")
    if failure is not None and not _differs({failure.scenario: told["received"][failure.scenario]}, right):
        problems.append(f"a false alarm: {failure.scenario} failed, and received only what is right")
    if failure is not None and failure.when != "call":
        problems.append(f"the {failure.when} of {failure.scenario} failed, not its steps: {failure.text[-2000:]}")
    lacks = lacking(fault, failure) if failure else ()
    return Result(fault, failure, lacks, tuple(problems))


def _pytest(fault: Fault | None) -> tuple[int, str, dict[str, Any] | None]:
    """Exit code, output, and what the plugin wrote, if it came to that."""
    with TemporaryDirectory() as directory:
        file = Path(directory) / "result.json"
        command = [
            *(sys.executable, "-m", "pytest", "--api=mock", "-x", "-q", "--color=no", "-p", "no:cacheprovider"),
            *("--alluredir", str(Path(directory) / "allure"), "-p", "tools.faults.plugin"),
            *("--fault-result", str(file)),
            *(("--fault", fault.id) if fault else ()),
            "features",
        ]
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LIMIT, check=False
            )
        except subprocess.TimeoutExpired:
            return -1, f"no end after {LIMIT} seconds", None
        told = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        return done.returncode, done.stdout + done.stderr, told


def _differs(received: Received, right: Received) -> bool:
    """Whether any scenario received what it would not without the fault."""
    pairs = ((told, right.get(scenario, [])) for scenario, told in received.items())
    return any(one != other for told, expected in pairs for one, other in zip(told, expected, strict=False))
