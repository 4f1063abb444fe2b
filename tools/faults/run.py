"""Runs all scenarios with or without a fault, in a separate process."""

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

#: Seconds after which a run is stopped; a run takes three.
LIMIT = 300
#: The features to run first: other features show the faults of these only when an order is read.
FIRST = [f"features/{name}.feature" for name in ("order_payment", "ordering", "payment_sessions")]
#: Scenario -> a digest of each response that it received.
Received = dict[str, list[str]]


class NotGreen(Exception):
    """Scenarios fail without a fault, so faults cannot be measured."""


@dataclass(frozen=True)
class Result:
    """The outcome of a fault: the failure that detected it, what its first lines lack, and the fault's own problems."""

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
        raise NotGreen(f"Scenarios fail without a fault. Fix them first.\n{output}")
    received: Received = outcome["received"]
    return received


def run_emptied(fault: Fault, patterns: Iterable[str], *scenarios: str) -> Failure | None:
    """Return the first failure with a fault if these Then steps are no-ops; `scenarios` are selecting options."""
    _, _, outcome = _pytest(fault, *(f"--empty={each}" for each in patterns), *scenarios)
    return Failure(**outcome["failure"]) if outcome and outcome["failure"] else None


def run(fault: Fault, right: Received, *scenarios: str) -> Result:
    """Run with one fault; `scenarios` are options that select some."""
    code, output, outcome = _pytest(fault, *scenarios)
    if outcome is None or code not in (0, 1):
        return Result(fault, problems=(f"the run aborted with exit code {code}: {output[-2000:]}",))
    failure = Failure(**outcome["failure"]) if outcome["failure"] else None
    problems = []
    if outcome["errors"]:
        problems.append(f"the layer failed: {outcome['errors'][0]}")
    elif not outcome["applied"]:
        problems.append("it was never applied: no scenario makes such a request")
    elif not _differs(outcome["received"], right):
        problems.append("it changed nothing that the suite receives")
    if (failure is not None) != (code == 1):
        problems.append(f"exit code {code} does not match the outcome of the scenarios: {output[-2000:]}")
    if failure is not None and not _differs({failure.scenario: outcome["received"][failure.scenario]}, right):
        problems.append(f"a false alarm: {failure.scenario} failed, but received only correct responses")
    if failure is not None and failure.when != "call":
        problems.append(f"the {failure.when} of {failure.scenario} failed, not its steps: {failure.text[-2000:]}")
    lacks = lacking(fault, failure) if failure else ()
    return Result(fault, failure, lacks, tuple(problems))


def _features() -> list[str]:
    """Return all feature files, those about placing and paying orders first."""
    files = [path.relative_to(measured()).as_posix() for path in sorted(measured().glob("features/*.feature"))]
    return sorted(files, key=lambda file: file not in FIRST)


def _pytest(fault: Fault | None, *options: str) -> tuple[int, str, dict[str, Any] | None]:
    """Return exit code, output, and the outcome that the plugin wrote, or `None`."""
    with TemporaryDirectory() as directory:
        file = Path(directory) / "result.json"
        arguments = ["--api=mock", "-x", "--alluredir", str(Path(directory) / "allure"), *(options or _features())]
        arguments += ["-p", "tools.faults.plugin", "--fault-result", str(file)]
        try:
            done = run_pytest(*arguments, *(("--fault", fault.id) if fault else ()), cwd=measured(), limit=LIMIT)
        except subprocess.TimeoutExpired:
            return -1, f"still running after {LIMIT} seconds", None
        outcome = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        return done.returncode, done.stdout + done.stderr, outcome


def _differs(received: Received, right: Received) -> bool:
    """Return whether a scenario received something that it does not receive without the fault."""
    pairs = ((digests, right.get(scenario, [])) for scenario, digests in received.items())
    return any(one != other for digests, expected in pairs for one, other in zip(digests, expected, strict=False))
