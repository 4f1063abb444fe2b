"""Replaces each Then step by a no-op to see which faults are then undetected; a step must be needed for a fault."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.gherkin.step_patterns import StepPattern, StepPatterns
from tools.checkout import ROOT
from tools.faults.catalogue import FAULTS
from tools.faults.diagnosis import Failure
from tools.faults.fault import Fault
from tools.faults.run import Result, run_emptied

_FAILED = re.compile(r"^Failed at \S+: \w+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Needed:
    """A Then step by its `pattern`, a fault that it detects, and the step that detects it `otherwise`."""

    pattern: str
    fault: str = ""
    otherwise: str = ""


class ThenSteps:
    """All Then steps, and for each the faults that it detected first."""

    def __init__(self, results: Sequence[Result]) -> None:
        for path in sorted((ROOT / "steps").glob("*.py")):
            import_module(f"steps.{path.stem}")
        self._step_patterns = StepPatterns(ROOT)
        names = (each.parser.name for each in step_function_context_registry.values() if each.type == "then")
        self.all = sorted(set(names))
        self._found: dict[str, list[tuple[Fault, Failure]]] = {name: [] for name in self.all}
        for result in results:
            if result.failure and (pattern := self._failed(result.failure)) is not None:
                self._found[pattern].append((result.fault, result.failure))

    def needed(self, pattern: str) -> Needed:
        """Replace the step by a no-op, and look for a fault that only this step detects."""
        needed = Needed(pattern)
        for fault, failure in self._candidates(pattern):
            seen = run_emptied(fault, [pattern], failure.scenario)
            needed = Needed(pattern, fault.id, (self._failed(seen) or "another step") if seen else "")
            if seen is None:
                break
        return needed

    def _candidates(self, pattern: str) -> Iterator[tuple[Fault, Failure]]:
        """Yield faults that the step detects: first in a whole run, or else if all other Then steps are empty."""
        if self._found[pattern]:
            yield from self._found[pattern][:5]
            return
        others = [each for each in self.all if each != pattern]
        words = set(pattern.split())
        for fault in sorted(FAULTS, key=lambda fault: -len(words & set(fault.title.split()))):  # likely ones first
            failure = run_emptied(fault, others, f"--only-with={pattern}", "features")
            if failure and self._failed(failure) == pattern:
                yield fault, failure
                return

    def _failed(self, failure: Failure) -> str | None:
        """Return the pattern of the failed Then step; `None` if another step failed."""
        line = _FAILED.search(failure.text)
        matching: list[StepPattern] = self._step_patterns.matching("then", line[1]) if line else []
        return matching[0].text if matching else None
