"""The text of a failed scenario: its steps, where it stopped and why, and the command that runs it again."""

from dataclasses import dataclass, field

import pytest
from pytest_bdd.parser import Step

from oneentry_scenarios.gherkin.identity import ScenarioIdentity


@dataclass
class FailureText:
    """The steps of a running scenario, rendered for its row of examples, and how many of them have passed."""

    identity: ScenarioIdentity
    command: str
    steps: list[Step] = field(default_factory=list)
    passed: int = 0

    @property
    def line(self) -> int:
        """The line of the step that failed, or of the scenario if no step did."""
        return self.steps[self.passed].line_number if self.passed < len(self.steps) else self.identity.line

    def render(self, problem: str) -> str:
        """The text of the scenario that failed because of `problem`."""
        lines = [f"Scenario: {self.identity.title}  ({self.identity.feature_file}:{self.identity.line})"]
        for number, step in enumerate(self.steps):
            mark = "passed " if number < self.passed else "FAILED " if number == self.passed else "skipped"
            lines.append(f"  {mark} {step.keyword} {step.name}")
        if self.passed < len(self.steps):
            failed = self.steps[self.passed]
            lines += ["", f"Failed at {self.identity.feature_file}:{self.line}: {failed.keyword} {failed.name}"]
        lines += [f"  {line}" for line in problem.splitlines()]
        return "\n".join([*lines, "", "Run it again:", f"  {self.command}", ""])


#: The failure text of each scenario, in `item.stash`.
FAILURE_TEXT = pytest.StashKey[FailureText]()
