"""Runs all scenarios once per fault, each in its own process, on all cores, after one run without a fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.checkout import ROOT, environment
from tools.faults.diagnosis import Failure, lacking
from tools.faults.fault import Fault

#: Seconds until a run is stopped. One takes three.
LIMIT = 300
#: What each scenario receives, as one digest per call.
Received = dict[str, list[str]]


class NotGreen(Exception):
    """The scenarios fail without a fault, so faults cannot be measured."""


@dataclass(frozen=True)
class Result:
    """The outcome of one fault: the failure that found it, if any, what its first lines lack, and problems of the
    fault itself.
    """

    fault: Fault
    failure: Failure | None = None
    lacks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def without_fault() -> Received:
    """Run without a fault.

    Raises:
        NotGreen: a scenario fails.
    """
    code, output, outcome = _pytest(None)
    if code != 0 or outcome is None or outcome["errors"]:
        raise NotGreen(f"The scenarios are not green without a fault; fix that first.\n{output}")
    received: Received = outcome["received"]
    return received


def run_all(faults: Iterable[Fault], right: Received, report: Callable[[Result], None]) -> list[Result]:
    """The results in the order of the faults; `report` receives each as soon as it is there."""

    def run_and_report(fault: Fault) -> Result:
        result = run(fault, right)
        report(result)
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run_and_report, faults))


def run(fault: Fault, right: Received) -> Result:
    """Run with one fault."""
    code, output, outcome = _pytest(fault)
    if outcome is None or code not in (0, 1):
        return Result(fault, problems=(f"the run broke off with exit code {code}: {output[-2000:]}",))
    failure = Failure(**outcome["failure"]) if outcome["failure"] else None
    problems = []
    if outcome["errors"]:
        problems.append(f"the layer failed: {outcome['errors'][0]}")
    elif not outcome["applied"]:
        problems.append("it was never applied: no scenario asks for what it concerns")
    elif not _differs(outcome["received"], right):
        problems.append("it changed nothing that the suite receives")
    if (failure is not None) != (code == 1):
        problems.append(f"exit code {code} does not fit what the scenarios did: {output[-2000:]}")
    if failure is not None and not _differs({failure.scenario: outcome["received"][failure.scenario]}, right):
        problems.append(f"a false alarm: {failure.scenario} failed, and received only what is right")
    if failure is not None and failure.when != "call":
        problems.append(f"the {failure.when} of {failure.scenario} failed, not its steps: {failure.text[-2000:]}")
    lacks = lacking(fault, failure) if failure else ()
    return Result(fault, failure, lacks, tuple(problems))


def _pytest(fault: Fault | None) -> tuple[int, str, dict[str, Any] | None]:
    """Exit code, output, and the outcome that the plugin wrote; `None` if it wrote none."""
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
        outcome = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        return done.returncode, done.stdout + done.stderr, outcome


def _differs(received: Received, right: Received) -> bool:
    """Whether any scenario received something that it does not receive without the fault."""
    pairs = ((digests, right.get(scenario, [])) for scenario, digests in received.items())
    return any(one != other for digests, expected in pairs for one, other in zip(digests, expected, strict=False))
