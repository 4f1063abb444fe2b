"""The step patterns and argument types: which pattern a step matches, and what is wrong with a pattern."""

import inspect
import linecache
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import chain, takewhile
from pathlib import Path

from parse import parse
from pytest_bdd import parsers
from pytest_bdd.parser import PARAM_RE
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry
from pytest_bdd.utils import get_required_args

from oneentry_scenarios.gherkin.rules import Violation, did_you_mean

_ARGUMENT = re.compile(r"\{([^{}]*)\}")
_VARIABLE_PARTS = re.compile(r'\{[^}]*\}|"[^"]*"|\b(?:[A-Z]\w*|\d+)\b')


@dataclass(frozen=True)
class ArgumentType:
    """A type of step argument: the regex of its text, its description `what` ("a person"), and its conversion."""

    pattern: str
    what: str
    convert: Callable[[str], object] = str

    def __call__(self, text: str) -> object:
        """Convert the text for the step."""
        return self.convert(text)

    def wrong(self, word: str) -> list[tuple[str, str]]:
        """Return the problem of a word that is not of this type, or an empty list."""
        if re.fullmatch(self.pattern, word):
            return []
        bare = word.strip(" \"'\u201c\u201d\u2018\u2019")
        choices = self.pattern.split("|") if re.fullmatch(r"[\w ',|-]+", self.pattern) else []
        advice = f"known: {', '.join(choices)}; {did_you_mean(bare, choices)}".strip("; ") if choices else "correct it"
        right = [f"write {each}" for each in (bare, f'"{bare}"') if re.fullmatch(self.pattern, each)]
        return [(f"`{word}` is not {self.what}", right[0] if right else advice)]


class Phrase(parsers.parse):
    """The parser of a step pattern: argument `types` from `file`, and types of table `columns`."""

    def __init__(self, pattern: str, *, file: str, types: dict[str, ArgumentType], columns: Sequence[str] = ()) -> None:
        super().__init__(pattern, extra_types=types, case_sensitive=True)
        self.file, self.types, self.columns = file, types, columns
        self.parse_arguments = cache(super().parse_arguments)  # type: ignore[method-assign]  # many steps are equal


@dataclass(frozen=True, eq=False)
class StepPattern:
    """A step pattern: the text of one decorator of a step definition."""

    context: StepFunctionContext
    file: str
    line: int

    @property
    def text(self) -> str:
        """The pattern as written in the decorator."""
        return self.context.parser.name

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """Name and type of each step argument; a missing type is empty."""
        texts = _ARGUMENT.findall(self.text.replace("{{", "").replace("}}", ""))
        return [(name, type_) for name, _, type_ in (text.partition(":") for text in texts)]

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters of the step function, by name."""
        return inspect.signature(self.context.step_func).parameters

    @cached_property
    def needs(self) -> frozenset[str]:
        """The fixtures that the step requires."""
        return frozenset(get_required_args(self.context.step_func)).difference(name for name, _type in self.arguments)

    def matches(self, type_: str, text: str) -> bool:
        """Return whether a step of this type and text matches."""
        return self.context.type in (None, type_) and self.context.parser.is_matching(text)

    def wrong_words(self, text: str) -> list[tuple[str, str]]:
        """Return the problems of wrong arguments in a step that matches this pattern otherwise."""
        types = getattr(self.context.parser, "types", {})
        words = parse(re.sub(r":\w+}", "}", self.text), text, case_sensitive=True)
        known = [(name, type_) for name, type_ in self.arguments if words and type_ in types]
        return [wrong for name, type_ in known for wrong in types[type_].wrong(words[name])]

    def wrong_row(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """Return the problem of a row that does not match the table's columns, or an empty list."""
        parser = self.context.parser
        columns = [parser.types[each] for each in parser.columns] if isinstance(parser, Phrase) else []
        if not columns or (len(cells) == len(columns) and not any(map(ArgumentType.wrong, columns, cells))):
            return []
        shape = f"each row must be | {' | '.join(each.what for each in columns)} |, without a header row"
        return [(f"| {' | '.join(cells)} | does not match this table", shape)]

    def __str__(self) -> str:
        words = re.sub(r":\w+}", "}", self.text)
        return f"`{(self.context.type or 'step').title()} {words}` ({self.file}:{self.line})"


class StepPatterns:
    """All imported step patterns, and the steps that match them; file paths are relative to `root`.

    `fixtures` are available without a step; only steps provide those in `step_fixtures`.
    """

    def __init__(self, root: Path, fixtures: Collection[str] = ()) -> None:
        self._known = [_located(context, root) for context in step_function_context_registry.values()]
        self._own = [pattern for pattern in self._known if pattern.file.startswith("steps/")]
        phrases = [each.context.parser for each in self._known if isinstance(each.context.parser, Phrase)]
        self._types = {type_: each.file for each in phrases for type_ in each.types}
        self._matching: dict[tuple[str, str], list[StepPattern]] = {}
        self.step_fixtures = {each.context.target_fixture or "" for each in self._known}.difference(fixtures)

    def matching(self, type_: str, text: str) -> list[StepPattern]:
        """Return the patterns that match a step; there should be one."""
        if (type_, text) not in self._matching:
            self._matching[type_, text] = [pattern for pattern in self._known if pattern.matches(type_, text)]
        return self._matching[type_, text]

    def mismatch(self, type_: str, text: str) -> list[tuple[str, str]]:
        """Return the problem of a step that matches no pattern, or several."""
        problem = f"no step matches `{type_.title()} {text}`"
        if PARAM_RE.search(text):
            return []  # another lint check reports the missing column
        if several := self._matching[type_, text]:
            problem = f"{len(several)} step patterns match `{type_.title()} {text}`: {', '.join(map(str, several))}"
            return [(problem, "change them so that only one matches")]
        if others := [each for each in self._known if each.matches(each.context.type or type_, text)]:
            return [(problem, f"the text belongs to {others[0]}: use its keyword")]
        near = {_VARIABLE_PARTS.sub("*", each.text): each for each in self._known if each.context.type in (None, type_)}
        for each in get_close_matches(_VARIABLE_PARTS.sub("*", text), near, cutoff=0.4):
            if wrong := near[each].wrong_words(text):
                return wrong
        words = _VARIABLE_PARTS.sub("*", text)
        likely = [each for each in near if each.startswith(words)] or get_close_matches(words, near, n=1)
        close = [f"did you mean {near[each]}?" for each in likely]
        return [(problem, close[0] if close else "fix the step, or define it in steps/")]

    def missing_fixtures(self, pattern: StepPattern, step_text: str, provided: set[str]) -> list[tuple[str, str]]:
        """Return the problems of missing fixtures of a step, and add the fixtures that it provides to `provided`."""
        found, before = [], "when" if step_text.startswith("Then ") else "given"
        for name in sorted(pattern.needs & self.step_fixtures - provided):
            makers = [each for each in self._known if each.context.target_fixture == name]
            makers.sort(key=lambda each: (len(each.needs & self.step_fixtures - provided), each.context.type != before))
            others = f", or one of {len(makers) - 1} others" if makers[1:] else ""
            problem = f'"{step_text}" needs the {_noun(name, pattern)}, which no earlier step provides'
            found.append((problem, f"add an earlier step, for example {makers[0]}{others}"))
        provided |= pattern.needs | {pattern.context.target_fixture or ""}
        return found

    def violations(self) -> Iterator[Violation]:
        """Yield the problems of the patterns in `steps/`."""
        for pattern in self._own:
            yield from (Violation(pattern.file, pattern.line, *each) for each in _problems(pattern, self._types))

    def unused(self) -> Iterator[Violation]:
        """Yield the unused patterns and types in `steps/`; call it after `matching` of all steps."""
        used = {pattern for matching in self._matching.values() for pattern in matching}
        for pattern in self._own:
            if pattern not in used:
                yield Violation(pattern.file, pattern.line, f"unused step `{pattern.text}`", "use it or delete it")
        columns = [getattr(each.context.parser, "columns", ()) for each in self._own]
        used_types = set(chain(*columns, *(dict(each.arguments).values() for each in self._own)))
        for type_ in self._types.keys() - used_types:
            path = Path(self._types[type_])
            line = path.read_text(encoding="utf-8").partition(f'"{type_}"')[0].count("\n") + 1
            yield Violation(f"{path.parent.name}/{path.name}", line, f"unused argument type {type_}", "delete it")


def _noun(fixture: str, pattern: StepPattern) -> str:
    """Return a readable name of a fixture: its name, or its type's name if that is longer and contains it."""
    type_ = getattr(pattern.parameters[fixture].annotation, "__name__", "")
    name, more = (re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", each).lower() for each in (fixture, type_))
    return more if name in more.split() else name


def _located(context: StepFunctionContext, root: Path) -> StepPattern:
    code = inspect.unwrap(context.step_func).__code__
    path, begin = Path(code.co_filename), code.co_firstlineno
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    # A function may have several patterns, each in its own decorator.
    decorators = enumerate(linecache.getlines(code.co_filename)[begin - 1 :], begin)
    before_code = takewhile(lambda numbered: not numbered[1].startswith(("def ", "async def ")), decorators)
    line = next((number for number, text in before_code if f'"{context.parser.name}"' in text), begin)
    return StepPattern(context, file, line)


def _problems(pattern: StepPattern, types: Collection[str]) -> Iterator[tuple[str, str]]:
    function, parser = pattern.context.step_func, pattern.context.parser
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{function.__name__} is an async function, which pytest-bdd does not await", "use a plain def"
    if not isinstance(parser, Phrase) and (pattern.arguments or not isinstance(parser, parsers.string)):
        yield f"`{pattern.text}` does not use phrase(...)", "wrap it in phrase(...) from steps/words.py"
    for name, type_ in pattern.arguments:
        argument = f"the step argument {{{name}:{type_}}}" if type_ else f"the step argument {{{name}}}"
        if type_ not in types:
            yield f"{argument} has no known type", f"write {{{name}:Type}} with one of the types {', '.join(types)}"
        if name not in pattern.parameters:
            yield f"{function.__name__} ignores {argument}", f"add the parameter {name}"
