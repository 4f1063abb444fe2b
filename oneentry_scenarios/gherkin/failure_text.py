"""The text of a failed scenario: its steps, where it stopped and why, and the command that runs it again."""

import shlex

import pytest
from pytest_bdd.reporting import scenario_reports_registry  # private: speed.py says what to do if it has moved

from oneentry_scenarios.gherkin.identity import IDENTITY


def failure_text(item: pytest.Item, problem: str) -> tuple[str, int]:
    """The text of the scenario `item`, which failed because of `problem`; and the line of its failed step, if any did.

    Without such a step it is the line of the scenario.
    """
    identity, report = item.stash[IDENTITY], scenario_reports_registry.get(item)
    steps = report.scenario.steps if report else []
    # pytest-bdd also marks the steps after the failed one as failed; one that skips or is interrupted never stops.
    passed = sum(each.stopped is not None and not each.failed for each in report.step_reports) if report else 0
    lines = [f"Scenario: {identity.title}  ({identity.feature_file}:{identity.line})"]
    for number, step in enumerate(steps):
        mark = "passed " if number < passed else "FAILED " if number == passed else "skipped"
        lines.append(f"  {mark} {step.keyword} {step.name}")
    line = identity.line
    if passed < len(steps):
        line = steps[passed].line_number
        lines += ["", f"Failed at {identity.feature_file}:{line}: {steps[passed].keyword} {steps[passed].name}"]
    lines += [f"  {each}" for each in problem.splitlines()]
    api = item.config.getoption("--api", "replay")
    command = shlex.join(["pytest", *([] if api == "replay" else [f"--api={api}"]), item.nodeid])
    return "\n".join([*lines, "", "Run it again:", f"  {command}", ""]), line
