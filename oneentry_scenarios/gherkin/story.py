"""Tells a failed scenario's story: its lines, where it stopped and why, before any Python, and how to run it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntryNative

if TYPE_CHECKING:
    from pytest_bdd.parser import Scenario, Step

    from oneentry_scenarios.gherkin.identity import ScenarioIdentity


@dataclass
class Story:
    """The lines of a running scenario, and how far it has come."""

    identity: ScenarioIdentity
    command: str
    steps: list[Step] = field(default_factory=list)
    passed: int = 0

    def begin(self, scenario: Scenario) -> None:
        """Remember the lines, rendered for this row."""
        self.steps = list(scenario.steps)

    def tell(self, problem: str) -> str:
        """The story of a scenario that stopped because of `problem`."""
        identity = self.identity
        place = f"{identity.feature_file}:{identity.line}"
        lines = [f"Scenario: {identity.title}  ({place})"]
        lines += [f"  {self._mark(number)} {step.keyword} {step.name}" for number, step in enumerate(self.steps)]
        if self.passed < len(self.steps):
            failed = self.steps[self.passed]
            lines += ["", f"Failed at {identity.feature_file}:{failed.line_number}: {failed.keyword} {failed.name}"]
        lines += [f"  {line}" for line in problem.splitlines()]
        lines += ["", "Run it again:", f"  {self.command}", ""]
        return "\n".join(lines)

    def _mark(self, number: int) -> str:
        if number < self.passed:
            return "passed "
        return "FAILED " if number == self.passed else "skipped"


STORY = pytest.StashKey[Story]()


def put_first(story: Story, report: pytest.TestReport, error: BaseException, root: Path, *, all_frames: bool) -> None:
    """Put the story before the traceback of a failed `report`, and leave out frames of other people's packages.

    Works on pytest's own representation, so that every reporter shows it, also one at the other end of xdist.
    """
    shown = report.longrepr
    if not isinstance(shown, ExceptionChainRepr):
        return
    for traceback, _crash, _description in shown.chain:
        own = [entry for entry in traceback.reprentries if all_frames or _is_own(entry, root)]
        traceback.reprentries = own or traceback.reprentries[-1:]
    first = shown.chain[0][0]
    first.reprentries = [ReprEntryNative([story.tell(_words(error))]), *first.reprentries]


def story_of(report: pytest.TestReport) -> str | None:
    """The story that was put first in a failed `report`, if it has one."""
    shown = report.longrepr
    if not isinstance(shown, ExceptionChainRepr) or not isinstance(shown.chain[0][0].reprentries[0], ReprEntryNative):
        return None
    return "\n".join(shown.chain[0][0].reprentries[0].lines)


def _words(error: BaseException) -> str:
    notes = getattr(error, "__notes__", [])
    return "\n".join([str(error) or type(error).__name__, *notes])


def _is_own(entry: object, root: Path) -> bool:
    place = getattr(getattr(entry, "reprfileloc", None), "path", None)
    if place is None:
        return True
    path = (root / place).resolve()
    return path.is_relative_to(root) and ".venv" not in path.parts and "site-packages" not in path.parts
