"""What the steps' wordings mean: which of them a line matches, and what is wrong with a wording itself."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from oneentry_scenarios.gherkin.rules import Finding
from steps import words
from steps.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_GAP = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, eq=False)
class Wording:
    """A step definition: the words of one decorator."""

    context: StepFunctionContext
    file: str
    line: int

    @property
    def text(self) -> str:
        """The wording as it is written in the decorator."""
        return self.context.parser.name

    @property
    def is_of_this_project(self) -> bool:
        """Whether it is defined in `steps/`."""
        return self.file.startswith("steps/")

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self.text.split())

    @cached_property
    def gaps(self) -> list[str]:
        """What stands between braces."""
        return _GAP.findall(self.text.replace("{{", "").replace("}}", ""))

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """What the step's function takes, by name."""
        return inspect.signature(self.context.step_func).parameters

    @cached_property
    def is_phrase(self) -> bool:
        """Whether `steps.words.phrase` made it."""
        parser = getattr(self.context.parser, "parser", None)
        made_of = getattr(parser, "_extra_types", None)
        return made_of is WORDS and not getattr(parser, "_re_flags", 0) & re.IGNORECASE

    @cached_property
    def _telling(self) -> str:
        # Looking for one literal word first is ten times as fast as asking the parser of each wording.
        is_literal = "{{" not in self.text and "}}" not in self.text
        return max(re.split(r"\{[^{}]*\}|\s+", self.text), key=len) if self.is_phrase and is_literal else ""

    def matches(self, type_: str, text: str) -> bool:
        """Whether a line of this type and text means this step."""
        of_type = self.context.type in (None, type_)
        return of_type and self._telling in text and self.context.parser.is_matching(text)

    def __str__(self) -> str:
        return f"`{(self.context.type or 'step').title()} {self.text}` ({self.file}:{self.line})"


@dataclass
class Wordings:
    """All wordings that a run knows, and which of them its lines have used."""

    known: list[Wording]
    used: set[Wording] = field(default_factory=set)
    _meanings: dict[tuple[str, str], list[Wording]] = field(default_factory=dict)

    @classmethod
    def below(cls, root: Path) -> Wordings:
        """Those that were imported so far; files are named relative to `root`."""
        return cls([_located(context, root) for context in step_function_context_registry.values()])

    def meanings(self, type_: str, text: str) -> list[Wording]:
        """The wordings that a line matches; there should be one."""
        line = (type_, text)
        if line not in self._meanings:
            self._meanings[line] = [wording for wording in self.known if wording.matches(type_, text)]
            self.used.update(self._meanings[line])
        return self._meanings[line]

    def advice(self, type_: str, text: str) -> str:
        """How to mend a line that matches nothing."""
        others = [each for each in self.known if each.matches(each.context.type or type_, text)]
        if others:
            return f"these words belong to {others[0]}: begin the line with that word"
        words_of_line = set(text.split())
        own = [wording for wording in self.known if wording.is_of_this_project]
        closest = max(own, key=lambda wording: len(words_of_line & wording.words), default=None)
        if closest and 2 * len(words_of_line & closest.words) >= len(words_of_line):
            return f"the closest is {closest}"
        return "correct the line, or define the step in steps/"

    def findings(self, *, all_features: bool) -> Iterator[Finding]:
        """What is wrong with the wordings in `steps/`; only `all_features` together can tell that one is not used."""
        own = [wording for wording in self.known if wording.is_of_this_project]
        for wording in own:
            for problem, advice in _problems(wording):
                yield Finding(wording.file, wording.line, problem, advice)
            if all_features and wording not in self.used:
                yield Finding(wording.file, wording.line, f"no line uses {_quoted(wording)}", "use it or delete it")
        if all_features and own:
            yield from _unused_kinds(own)


def _located(context: StepFunctionContext, root: Path) -> Wording:
    code = inspect.unwrap(context.step_func).__code__
    path = Path(code.co_filename)
    return Wording(
        context, path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name, code.co_firstlineno
    )


def _problems(wording: Wording) -> Iterator[tuple[str, str]]:
    function = wording.context.step_func
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{function.__name__} is an async def, which nobody awaits", "make it a def"
    parser = wording.context.parser
    if not wording.is_phrase and (wording.gaps or not isinstance(parser, parsers.string)):
        yield f"{_quoted(wording)} is not made by phrase", "write phrase(...) around it, from steps/words.py"
    for gap in wording.gaps:
        name, _, kind = gap.partition(":")
        if kind not in WORDS:
            yield f"the gap {{{gap}}} is of no known kind", f"write {{{name}:Kind}}, of the kinds {', '.join(WORDS)}"
        if name not in wording.parameters:
            yield f"{function.__name__} ignores the gap {{{gap}}}", f"let it take {name}"


def _unused_kinds(own: Iterable[Wording]) -> Iterator[Finding]:
    used = {gap.partition(":")[2] for wording in own for gap in wording.gaps}
    for kind in WORDS.keys() - used:
        yield Finding("steps/words.py", _line_of(kind), f"no wording has a gap of the kind {kind}", "delete the kind")


def _line_of(kind: str) -> int:
    lines = inspect.getsource(words).splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{kind}"' in line), 1)


def _quoted(wording: Wording) -> str:
    return f"`{wording.text}`"
