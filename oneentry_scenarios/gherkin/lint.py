"""Pytest plugin: lints feature files before collection, because many mistakes in them would go unnoticed."""

import inspect
import os
import warnings
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest
from pytest_bdd.compat import get_fixture_names
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import Feature, Rule, Scenario, Step, Tag, get_gherkin_document
from pytest_bdd.parser import render_string
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from oneentry_scenarios.gherkin import rules
from oneentry_scenarios.gherkin.identity import NOT_ON_WINDOWS, ScenarioIdentity
from oneentry_scenarios.gherkin.rules import LintProblems, ScenarioSource, Violation, banned_in, did_you_mean
from oneentry_scenarios.gherkin.step_patterns import StepPatterns

_STEP_WORDS = ("Given ", "When ", "Then ", "And ", "But ", "* ")


class Lint:
    """Checks feature files, and keeps the names that must be unique."""

    def __init__(self, session: pytest.Session) -> None:
        self.root = session.config.rootpath
        self.patterns = StepPatterns(self.root, get_fixture_names(session._fixturemanager))  # noqa: SLF001
        self.violations: set[Violation] = set()
        self._config = session.config
        self._claimed: dict[tuple[str, str, str], tuple[str, int]] = {}

    def check(self, path: Path) -> None:
        """Lint one feature file."""
        file = path.relative_to(self.root).as_posix()
        try:
            problems = self._feature(file, get_gherkin_document(str(path)).feature)
        except GherkinParseError as error:
            problems = iter([rules.no_gherkin(error)])
        except UnicodeDecodeError as error:
            problems = iter([(error.object.count(b"\n", 0, error.start) + 1, "not a UTF-8 file", "save it as UTF-8")])
        except KeyError:
            problems = iter([(1, "the file is empty", "add a feature, or delete it")])
        self.violations.update(Violation(file, *problem) for problem in problems)

    def _feature(self, file: str, feature: Feature) -> LintProblems:
        line = feature.location.line
        if not feature.name:
            yield line, "the feature has no name", "add one after Feature:"
        yield from self._claim("feature", "name", feature.name, (file, line))
        stem = PurePosixPath(file).stem
        if stem.lower() in NOT_ON_WINDOWS:
            yield line, f'Windows does not allow the file name "{stem}.feature"', "rename it"
        yield from self._claim("feature", "file name", stem, (file, line))
        yield from self._part(file, feature)

    def _part(self, file: str, feature: Feature, rule: Rule | None = None) -> LintProblems:
        """Check a feature or one of its rules."""
        heading = rule or feature
        line = heading.location.line
        yield from self._unknown_tags(heading.tags)
        for text in (heading.name, *heading.description.splitlines()):
            yield from ((line, *problem) for problem in banned_in(text.strip(), is_step=False))
        for text in map(str.strip, heading.description.splitlines()):
            if text.startswith(_STEP_WORDS):
                yield line, f'"{text}" is parsed as a description, not as a step', rules.ADVICE["description"]
        if not any(child.scenario or child.rule for child in heading.children):
            yield line, f"{heading.keyword}: {heading.name} has no scenarios", "add one, or delete it"
        for child in heading.children:
            if child.rule:
                yield from self._part(file, feature, child.rule)
            if child.background:
                source = ScenarioSource(file, feature, rule, Scenario(**vars(child.background), tags=[]))
                yield from self._steps(source)
            if child.scenario:
                yield from self._scenario(ScenarioSource(file, feature, rule, child.scenario))

    def _scenario(self, source: ScenarioSource) -> LintProblems:
        scenario = source.scenario
        yield from self._unknown_tags(scenario.tags)
        for examples in scenario.examples:
            yield from self._unknown_tags(examples.tags, of_examples=True)
        tags = [*source.feature.tags, *(source.rule.tags if source.rule else ()), *scenario.tags]
        severities = [tag.name for tag in tags if tag.name.startswith("@severity:")]
        if len(severities) > 1:
            yield source.line, f"more than one severity: {' '.join(severities)}", "keep one"
        yield from rules.form(source)
        yield from self._steps(source)
        yield from self._repeated(source)

    def _repeated(self, source: ScenarioSource) -> LintProblems:
        """Check that names and cassettes are unique."""
        name, file = source.scenario.name, source.file
        # Include the template's name: it names pytest's node, and pytest-bdd keeps one scenario per name.
        titles = {name, *(render_string(name, row) for _line, row in source.rows)}
        place = (file, source.line)
        repeated = [each for title in sorted(titles) for each in self._claim("scenario", "name", title, place)]
        yield from repeated
        if repeated or not name:
            return  # their cassettes repeat as well
        rows = {tuple(row.items()): (line, row) for line, row in reversed(source.rows)}
        for line, row in [(source.line, {}), *reversed(rows.values())]:
            key = ScenarioIdentity(file, source.feature.name, None, name, row, line).key
            yield from self._claim("scenario", "cassette", key, (file, line))

    def _claim(self, whose: str, what: str, value: str, place: tuple[str, int]) -> LintProblems:
        other = self._claimed.setdefault((whose, what, " ".join(value.casefold().split())), place)
        if value and other != place:
            problem = f'the {whose} {what} "{value}" is already used in {other[0]}:{other[1]}'
            yield place[1], problem, "rename one of them: reports and cassettes identify them by name"

    def _unknown_tags(self, tags: Iterable[Tag], *, of_examples: bool = False) -> LintProblems:
        """Find tags that pytest rejects, by applying them as pytest-bdd does when it binds scenarios."""
        for tag in tags:
            name = tag.name.removeprefix("@")
            try:
                apply = self._config.hook.pytest_bdd_apply_tag
                _ = getattr(pytest.mark, name) if of_examples else apply(tag=name, function=lambda: None)
            except pytest.fail.Exception:
                known = [mark.partition(":")[0] for mark in self._config.getini("markers")]
                advice = did_you_mean(name, known, "register it under markers in pyproject.toml")
                yield tag.location.line, f"the tag {tag.name} is not registered", advice
            except pytest.Collector.CollectError as error:  # a plugin handles this tag, but rejects its value
                problem, _, advice = str(error).partition(". ")
                yield tag.location.line, problem, advice

    def _steps(self, source: ScenarioSource) -> LintProblems:
        for check in rules.CHECKS:
            yield from check(source)
        for step in source.scenario.steps[:1]:
            if step.keyword_type not in STEP_TYPE_BY_PARSER_KEYWORD:
                yield step.location.line, f"the first step begins with {step.keyword}", "use Given, When or Then"
        for _line, row in source.rows:
            provided = set(self.patterns.step_fixtures if source.scenario.description else ())  # it may hide a step
            for type_, step in source.steps_in_order:
                yield from self._step(type_, step, row, provided)

    def _step(self, type_: str, step: Step, row: dict[str, str], provided: set[str]) -> LintProblems:
        """Find the problems of a step with the values of a row, after steps that have `provided` these fixtures."""
        line, text = step.location.line, render_string(step.text, row)
        matching = self.patterns.matching(type_, text)
        if len(matching) != 1:
            provided |= self.patterns.step_fixtures  # assume that the intended step provides them
            yield from ((line, *each) for each in self.patterns.mismatch(type_, text))
            return
        lacks = self.patterns.missing_fixtures(matching[0], f"{type_.title()} {text}", provided)
        yield from ((line, *each) for each in lacks)
        for name, called in {"datatable": "data table", "docstring": "doc string"}.items():
            given, parameter = getattr(step, name) is not None, matching[0].parameters.get(name)
            if given and not parameter:
                yield line, f"{matching[0]} ignores the {called}", f"delete it, or add the parameter {name}"
            if not given and parameter and parameter.default is inspect.Parameter.empty:
                yield line, f"{matching[0]} needs a {called} below it", "add it"
        for cells in step.datatable.rows if step.datatable else ():
            words = [render_string(cell.value, row) for cell in cells.cells]
            yield from ((cells.location.line, *each) for each in matching[0].wrong_row(words))


def _selected(config: pytest.Config) -> tuple[list[Path], bool]:
    """Return the files below `features/` that the command line or `testpaths` selects, and whether it selects all."""
    here = config.invocation_params.dir
    named = [Path(os.path.abspath(here / argument.partition("::")[0])) for argument in config.args]
    files = [path for path in sorted((config.rootpath / "features").rglob("*")) if path.is_file()]
    selected = [path for path in files if any(map(path.is_relative_to, named))]
    return selected, selected == files and not any("::" in argument for argument in config.args)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Stop the run if a selected feature or a step breaks a rule; the xdist controller does this for its workers."""
    paths, are_all = _selected(session.config)
    if not paths or hasattr(session.config, "workerinput"):
        return
    lint = Lint(session)
    astray = [each for at in ("*", "[!.]*/*") for each in lint.root.glob(f"{at}.feature")] if are_all else []
    for path in dict.fromkeys([*paths, *astray]):
        if path.suffix == ".feature" and path in paths:
            lint.check(path)
        # Hidden and compiled files, editor backups and a README are allowed next to features.
        elif path.name[0] != "." and path.name[-1] != "~" and path.suffix not in (".md", ".pyc"):
            outside = 1, "this feature is outside features/, so it never runs", "move it there"
            misnamed = 1, "this is not a .feature file, so it never runs", "rename it, or move it elsewhere"
            file, problem = path.relative_to(lint.root).as_posix(), outside if path in astray else misnamed
            lint.violations.add(Violation(file, *problem))
    violations = sorted({*lint.violations, *lint.patterns.violations()})
    # A wrong line may be meant for a step that seems unused.
    unused = sorted(lint.patterns.unused()) if are_all and not violations else []
    if "error" in (session.config.getoption("pythonwarnings") or ()):  # -W error, as in make check
        violations += unused
    if violations:
        head = f"No scenarios were run. Problems in features and steps: {len(violations)}"
        raise pytest.UsageError("\n".join([head, *map(str, violations)]))
    with warnings.catch_warnings(action="default"):  # pyproject.toml may turn warnings into errors
        for each in unused:
            warnings.warn_explicit(f"{each.problem} - {each.advice}", pytest.PytestWarning, each.file, each.line)
