"""Runs all scenarios with one fault, or without any, in a process of their own."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.checkout import measured, run_pytest
from tools.faults.diagnosis import Failure, lacking
from tools.faults.fault import Fault

#: Seconds until a run is stopped. One takes three.
LIMIT = 300
#: In the other features, their faults show only where an order is read back.
FIRST = [f"features/{name}.feature" for name in ("order_payment", "ordering", "paying")]
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


def without_fault(*scenarios: str) -> Received:
    """Run without a fault; `scenarios` are options that select some.

    Raises:
        NotGreen: a scenario fails.
    """
    code, output, outcome = _pytest(None, *scenarios)
    if code != 0 or outcome is None or outcome["errors"]:
        raise NotGreen(f"The scenarios are not green without a fault; fix that first.\n{output}")
    received: Received = outcome["received"]
    return received


def run_emptied(fault: Fault, wordings: Iterable[str], *scenarios: str) -> Failure | None:
    """The first failure with one fault when these Then steps do nothing; `scenarios` are options that select some."""
    _, _, outcome = _pytest(fault, *(f"--empty={each}" for each in wordings), *scenarios)
    return Failure(**outcome["failure"]) if outcome and outcome["failure"] else None


def run(fault: Fault, right: Received, *scenarios: str) -> Result:
    """Run with one fault; `scenarios` are options that select some."""
    code, output, outcome = _pytest(fault, *scenarios)
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


def _features() -> list[str]:
    """All feature files, those first that are about placing an order and paying for it."""
    files = [path.relative_to(measured()).as_posix() for path in sorted(measured().glob("features/*.feature"))]
    return sorted(files, key=lambda file: file not in FIRST)


def _pytest(fault: Fault | None, *options: str) -> tuple[int, str, dict[str, Any] | None]:
    """Exit code, output, and the outcome that the plugin wrote; `None` if it wrote none."""
    with TemporaryDirectory() as directory:
        file = Path(directory) / "result.json"
        arguments = ["--api=mock", "-x", "--alluredir", str(Path(directory) / "allure"), *(options or _features())]
        arguments += ["-p", "tools.faults.plugin", "--fault-result", str(file)]
        try:
            done = run_pytest(*arguments, *(("--fault", fault.id) if fault else ()), cwd=measured(), limit=LIMIT)
        except subprocess.TimeoutExpired:
            return -1, f"no end after {LIMIT} seconds", None
        outcome = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        return done.returncode, done.stdout + done.stderr, outcome


def _differs(received: Received, right: Received) -> bool:
    """Whether any scenario received something that it does not receive without the fault."""
    pairs = ((digests, right.get(scenario, [])) for scenario, digests in received.items())
    return any(one != other for digests, expected in pairs for one, other in zip(digests, expected, strict=False))
