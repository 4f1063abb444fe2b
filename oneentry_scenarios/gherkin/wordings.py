"""The wordings of all steps and the types of their arguments: what a line matches, and what is wrong with a wording."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from parse import with_pattern
from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from oneentry_scenarios.gherkin.rules import Violation

ArgumentType = Callable[[str], object]
_ARGUMENT = re.compile(r"\{([^{}]*)\}")


def argument_type(pattern: str, convert: Callable[[str], object] = str) -> ArgumentType:
    """A type of step argument: which text matches, and what a step gets of it."""
    decorated: ArgumentType = with_pattern(pattern)(lambda text: convert(text))
    return decorated


class Phrase(parsers.parse):
    """A wording such as `{person:Person} orders {product:Product}`, with `types` of arguments defined in `file`."""

    def __init__(self, wording: str, *, file: str, types: dict[str, ArgumentType]) -> None:
        super().__init__(wording, extra_types=types, case_sensitive=True)
        self.file, self.types = file, types


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

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """Name and type of each step argument; a type is empty if the wording names none."""
        texts = _ARGUMENT.findall(self.text.replace("{{", "").replace("}}", ""))
        return [(name, type_) for name, _, type_ in (text.partition(":") for text in texts)]

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """What the step's function takes, by name."""
        return inspect.signature(self.context.step_func).parameters

    def matches(self, type_: str, text: str) -> bool:
        """Whether a line of this type and text means this step."""
        return self.context.type in (None, type_) and self.context.parser.is_matching(text)

    def __str__(self) -> str:
        return f"`{(self.context.type or 'step').title()} {self.text}` ({self.file}:{self.line})"


class Wordings:
    """All wordings that were imported so far, and which of them lines match; files are named relative to `root`."""

    def __init__(self, root: Path) -> None:
        self._known = [_located(context, root) for context in step_function_context_registry.values()]
        self._own = [wording for wording in self._known if wording.file.startswith("steps/")]
        self._meanings: dict[tuple[str, str], list[Wording]] = {}

    def meanings(self, type_: str, text: str) -> list[Wording]:
        """The wordings that a line matches; there should be one."""
        if (type_, text) not in self._meanings:
            self._meanings[type_, text] = [wording for wording in self._known if wording.matches(type_, text)]
        return self._meanings[type_, text]

    def advice(self, type_: str, text: str) -> str:
        """How to correct a line that matches nothing."""
        if others := [each for each in self._known if each.matches(each.context.type or type_, text)]:
            return f"these words belong to {others[0]}: begin the line with that word"
        words = set(text.split())
        closest = max(self._own, key=lambda wording: len(words & set(wording.text.split())), default=None)
        if closest and 2 * len(words & set(closest.text.split())) >= len(words):
            return f"the closest is {closest}"
        return "correct the line, or define the step in steps/"

    def violations(self, *, all_features: bool) -> Iterator[Violation]:
        """What is wrong with the wordings in `steps/`; that one is not used shows only in `all_features`."""
        phrases = [each.context.parser for each in self._known if isinstance(each.context.parser, Phrase)]
        types = {type_: each.file for each in phrases for type_ in each.types}
        used = {wording for meanings in self._meanings.values() for wording in meanings}
        for wording in self._own:
            for problem, advice in _problems(wording, types):
                yield Violation(wording.file, wording.line, problem, advice)
            if all_features and wording not in used:
                yield Violation(wording.file, wording.line, f"no line uses `{wording.text}`", "use it or delete it")
        used_types = {type_ for wording in self._own for _name, type_ in wording.arguments}
        for type_ in types.keys() - used_types if all_features else ():
            path = Path(types[type_])
            lines = path.read_text(encoding="utf-8").splitlines()
            line = next((number for number, text in enumerate(lines, 1) if f'"{type_}"' in text), 1)
            problem = f"no wording has a step argument of the type {type_}"
            yield Violation(f"{path.parent.name}/{path.name}", line, problem, "delete the type")


def _located(context: StepFunctionContext, root: Path) -> Wording:
    code = inspect.unwrap(context.step_func).__code__
    path = Path(code.co_filename)
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return Wording(context, file, code.co_firstlineno)


def _problems(wording: Wording, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    function, parser = wording.context.step_func, wording.context.parser
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{function.__name__} is an async def, which nobody awaits", "make it a def"
    if not isinstance(parser, Phrase) and (wording.arguments or not isinstance(parser, parsers.string)):
        yield f"`{wording.text}` is not made by phrase", "write phrase(...) around it, from steps/words.py"
    for name, type_ in wording.arguments:
        argument = f"the step argument {{{name}:{type_}}}" if type_ else f"the step argument {{{name}}}"
        if type_ not in types:
            yield f"{argument} has no known type", f"write {{{name}:Type}}, with one of the types {', '.join(types)}"
        if name not in wording.parameters:
            yield f"{function.__name__} ignores {argument}", f"let it take {name}"
