"""Feature files as they are written, for the lint."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_bdd import gherkin_parser
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import GherkinDocument, Rule, Scenario, Step, get_gherkin_document
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD


def read_document(path: Path) -> GherkinDocument:
    """The file as written, with all scenarios whose names repeat; raises GherkinParseError if it cannot be read."""
    try:
        return get_gherkin_document(str(path))
    except KeyError:
        raise GherkinParseError("It is empty.", 1, "", str(path)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise GherkinParseError("It is not UTF-8.", line, "", str(path)) from None


@dataclass(frozen=True)
class ScenarioSource:
    """A scenario as it is written, with its feature and rule; also a background, as one without tags and examples."""

    file: str
    feature: gherkin_parser.Feature
    rule: Rule | None
    scenario: Scenario

    @property
    def line(self) -> int:
        """The line of `Scenario:`."""
        return self.scenario.location.line

    @functools.cached_property
    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Each row of examples with its line; a plain scenario has one, without values."""
        if not self.scenario.examples:
            return [(self.line, {})]
        return [
            (row.location.line, {column.value: cell.value for column, cell in zip(head.cells, row.cells, strict=True)})
            for examples in self.scenario.examples
            if (head := examples.table_header)
            for row in examples.table_body or ()
        ]

    @functools.cached_property
    def typed_steps(self) -> list[tuple[str, Step]]:
        """Its own steps, each with its type: given, when or then, also where it says `And`."""
        typed, type_ = [], "given"
        for step in self.scenario.steps:
            type_ = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, type_)
            typed.append((type_, step))
        return typed

    @functools.cached_property
    def texts(self) -> list[tuple[int, str]]:
        """All texts of its name and steps."""
        return [(self.line, self.scenario.name), *(text for step in self.scenario.steps for text in _texts_of(step))]


def _texts_of(step: Step) -> Iterator[tuple[int, str]]:
    """The texts of a step in which `<column>` is replaced."""
    yield step.location.line, step.text
    if step.datatable:
        yield from ((row.location.line, cell.value) for row in step.datatable.rows for cell in row.cells)
    if step.docstring:
        yield from enumerate(step.docstring.content.splitlines(), step.docstring.location.line + 1)
