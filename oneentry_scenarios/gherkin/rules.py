"""Lint checks for a single scenario: form, examples and vocabulary, each with advice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import pairwise

from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import Feature, Rule, Scenario, Step
from pytest_bdd.parser import PARAM_RE
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from oneentry_scenarios.problem import read_toml

#: Problems that the linter reports: line, problem, advice.
LintProblems = Iterator[tuple[int, str, str]]

LONGEST_SCENARIO = 6
_ORDER = ("given", "when", "then")


@dataclass(frozen=True, order=True)
class Violation:
    """A problem in a file, with its line and advice."""

    file: str
    line: int
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} - {self.advice}"


@dataclass(frozen=True)
class ScenarioSource:
    """A scenario with its feature and rule; also represents a background, without tags and examples."""

    file: str
    feature: Feature
    rule: Rule | None
    scenario: Scenario

    @property
    def line(self) -> int:
        """The line of `Scenario:`."""
        return self.scenario.location.line

    @cached_property
    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Each Examples row with its line; without any, one empty row."""
        rows = [
            (row.location.line, {column.value: cell.value for column, cell in zip(head.cells, row.cells, strict=True)})
            for examples in self.scenario.examples
            if (head := examples.table_header)
            for row in examples.table_body or ()
        ]
        return rows or [(self.line, {})]

    @cached_property
    def steps_in_order(self) -> list[tuple[str, Step]]:
        """The steps of backgrounds and scenario with their types: given, when or then, also for `And`."""
        backgrounds = (child.background for each in (self.feature, self.rule) if each for child in each.children)
        typed, type_ = [], "given"
        for step in (step for each in (*backgrounds, self.scenario) if each for step in each.steps):
            type_ = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, type_)
            typed.append((type_, step))
        return typed

    @cached_property
    def texts(self) -> list[tuple[int, str]]:
        """All texts in the name and the steps, with their lines."""
        texts = [(self.line, self.scenario.name)]
        for step in self.scenario.steps:
            rows, text = step.datatable.rows if step.datatable else (), step.docstring
            texts += [(step.location.line, step.text)]
            texts += [(row.location.line, cell.value) for row in rows for cell in row.cells]
            texts += enumerate(text.content.splitlines(), text.location.line + 1) if text else []
        return texts


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a question with the most similar known word, or else `otherwise`."""
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else otherwise


_WORDS = read_toml(__file__, "words.toml")
ADVICE = _WORDS["advice"]


@cache
def banned_in(text: str, *, is_step: bool) -> tuple[tuple[str, str], ...]:
    """Return the problems of the words in `text`, with advice; cached, because lines repeat."""
    return tuple(
        (f'"{found.group().strip()}" is {what}', group["advice"])
        for group in _WORDS["banned"]
        if is_step or not group.get("steps_only")
        for what, pattern in group["patterns"].items()
        if (found := re.search(pattern, text))
    )


def no_gherkin(error: GherkinParseError) -> tuple[int, str, str]:
    """Return the problem of the line that the parser rejects."""
    said, line = str(error.__cause__).splitlines()[1], error.line_content.strip()
    for hint in _WORDS["parse_errors"]:
        if re.search(hint["pattern"], said):
            return error.line, hint["problem"], hint["advice"]
    advice = did_you_mean(line.split()[0].capitalize(), _WORDS["keywords"], "fix this line or the one before")
    return error.line, f"this line is not valid Gherkin here: {line}", advice


def _prose(source: ScenarioSource) -> LintProblems:
    if source.scenario.description:
        first = source.scenario.description.strip().splitlines()[0]
        yield source.line, f'"{first}" is not a step and would be ignored', ADVICE["no-step"]


def form(source: ScenarioSource) -> LintProblems:
    """Check that a scenario has a name, steps in number and order, and a Then."""
    scenario, steps = source.scenario, source.steps_in_order
    steps = steps[len(steps) - len(scenario.steps) :]
    if scenario.description and not steps:
        return  # already reported: it may be meant as name, steps or examples
    if not scenario.name:
        yield source.line, "the scenario has no name", "add one that states the expected behavior"
    if not steps:
        yield source.line, "the scenario has no steps and would always pass", "add steps, or delete it"
        return
    if scenario.keyword in ("Scenario Outline", "Scenario Template") and not scenario.examples:
        yield source.line, f"this {scenario.keyword} has no Examples", "add them, or write Scenario: instead"
    if len(steps) > LONGEST_SCENARIO:
        yield source.line, f"the scenario has {len(steps)} steps", ADVICE["too-long"].format(most=LONGEST_SCENARIO)
    if "then" not in (type_ for type_, _step in steps):
        yield source.line, "the scenario has no Then, so it checks nothing", "add the expected result"
    for (before, _step), (after, step) in pairwise(steps):
        if _ORDER.index(after) < _ORDER.index(before):
            problem = f"a {after.title()} after a {before.title()}"
            yield step.location.line, problem, "keep to one event, in the order Given, When, Then: split the scenario"


def _examples(source: ScenarioSource) -> LintProblems:
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    used = {name for _line, text in source.texts if "<" in text for name in PARAM_RE.findall(text)}
    for table in source.scenario.examples:
        line = table.location.line
        columns = [cell.value for cell in table.table_header.cells] if table.table_header else []
        if not table.table_body:
            yield line, "these Examples have no rows", "add rows, or delete them"
        if len(set(columns)) < len(columns):
            yield line, "two columns of the Examples have the same name", "rename one"
        for column in columns:
            if column not in used:
                yield line, f"the column {column} is unused", f"write <{column}> in a step, or delete the column"
        for name in sorted(used.difference(columns) if columns else ()):
            yield line, f"the Examples have no column {name}", f"add it: the scenario uses <{name}>"
    for line, row in source.rows:
        same = seen.setdefault(tuple(sorted(row.items())), line)
        if same != line:
            yield line, f"this row repeats the row in line {same}", "delete it"
        for value in filter(PARAM_RE.search, row.values()):
            yield line, f"{value} in a row is not replaced", "write the value itself"
    for line, text in source.texts if not source.scenario.examples else ():
        advice = "write the value itself; in a scenario, you can also add Examples with this column"
        yield from ((line, f"<{name}> is not replaced", advice) for name in PARAM_RE.findall(text))


def _vocabulary(source: ScenarioSource) -> LintProblems:
    lines_of_steps = {step.location.line for step in source.scenario.steps}
    texts = source.texts + [(line, value) for line, row in source.rows for value in row.values()]
    for line, text in texts:
        yield from ((line, *problem) for problem in banned_in(text, is_step=line in lines_of_steps))


#: Checks for backgrounds and scenarios; `form` is for scenarios only.
CHECKS = (_prose, _examples, _vocabulary)
