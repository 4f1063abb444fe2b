"""Pytest plugin: collects feature files without binding modules, so that `pytest features/orders.feature` works.

The command line also selects scenarios by line, by name, by words of the name (-k) and by tags with a colon (-m).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import scenario as bind_scenario
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.feature import get_feature
from pytest_bdd.gherkin_parser import Child, get_gherkin_document

from oneentry_scenarios.environment import command
from oneentry_scenarios.gherkin.identity import identify, node_name, scenarios_in

#: `-p no:oneentry_scenarios.gherkin.lint` disables it.
pytest_plugins = ["oneentry_scenarios.gherkin.lint"]
_NAMED = re.compile(r"(.+?\.feature)(?::(\d+)|::(.+))", re.DOTALL)
#: The operators of a -k expression. `not` is part of a name unless an operand is expected in its place.
_OPERATORS = re.compile(r"((?:^|[()]|(?<!\S)(?:and|or)(?!\S))(?:\s*(?:\(|not(?=[\s(])))*)")
#: Characters that are not allowed in a word of such an expression.
_NO_WORD = re.compile(r"[^\w.:+/\[\]\\-]+")
_TAG_WITH_COLON = re.compile(r'(?<!["\w.+-])[\w.+-]+:[\w.:+-]+')


class FeatureFile(pytest.Module):
    """A feature file as a pytest module: one test function per scenario, named by the scenario's slug."""

    def _getobj(self) -> ModuleType:
        folder = str(self.path.parent)
        try:
            feature = get_feature(folder, self.path.name)
        except (GherkinParseError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.nodeid} cannot be parsed: {error}") from None
        module = ModuleType(self.path.stem)
        for name in feature.scenarios:
            function = bind_scenario(self.path.name, name, features_base_dir=folder)(lambda: None)
            function.__test__ = True  # type: ignore[attr-defined]  # the slug does not begin with "test"
            setattr(module, node_name(name), function)
        return module

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Collect the scenarios, each with its identity."""
        for item in super().collect():
            if isinstance(item, pytest.Function):
                identity = identify(item, self.nodeid)
                item._id = type(item.id).parse(identity.node_id)  # noqa: SLF001  (pytest's has escapes)
                item.name = item.nodeid.removeprefix(f"{self.nodeid}::")
                item.location = identity.feature_file, identity.line - 1, item.name  # else in pytest-bdd's code
                item.extra_keyword_matches |= {_NO_WORD.sub("-", each) for each in (item.name, identity.title)}
            yield item


def pytest_configure(config: pytest.Config) -> None:
    """Convert the arguments, -k and -m to pytest's syntax; raise UsageError for an unknown scenario."""
    config.addinivalue_line("markers", "tag(name): a tag with a colon; select it with -m severity:critical")
    # xdist workers get the controller's converted options: this does not change them again.
    parts = enumerate(_OPERATORS.split(config.option.keyword))
    cut = " ".join(part if index % 2 else _NO_WORD.sub("-", part.strip()) for index, part in parts)
    config.option.keyword = cut.strip()
    config.option.markexpr = _TAG_WITH_COLON.sub(r'tag(name="\g<0>")', config.option.markexpr)
    arguments, config.args[:] = config.args.copy(), []
    for argument in arguments:
        found, folder = _NAMED.fullmatch(argument), config.invocation_params.dir
        config.args += _node_ids(folder, *found.groups()) if found and (folder / found[1]).is_file() else [argument]


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> None:
    """Add a marker for a tag with a colon, which cannot be a marker's name, for -m. Other plugins may handle it too."""
    if ":" in tag:
        pytest.mark.tag(name=tag)(function)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """Collect `*.feature`."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == ".feature" else None


@pytest.hookimpl(optionalhook=True)
def pytest_run_notes(stats: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Return the reasons for skipped scenarios."""
    reasons = Counter(each.longrepr[2].removeprefix("Skipped: ") for each in scenarios_in(stats, ["skipped"]))
    return {"Skipped": "\n".join(f"{count} skipped: {reason}" for reason, count in reasons.items())} if reasons else {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print why scenarios were skipped. Fail a run that skipped all or the @smoke scenario: pytest would pass it."""
    session, skipped = config.pluginmanager.get_plugin("session"), scenarios_in(terminalreporter.stats, ["skipped"])
    lines, untested = [*pytest_run_notes(terminalreporter.stats).values()], ""
    # A scenario tagged @skip was skipped on purpose.
    if any("smoke" in each.keywords and "skip" not in each.keywords for each in skipped):
        untested = "The @smoke scenario was skipped"
    if skipped and {"passed", "failed", "error"}.isdisjoint(terminalreporter.stats):
        untested = "Nothing was tested: all scenarios were skipped"
    if untested and session and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        on_purpose = ', or deselect the scenario: -m "not smoke"' if "smoke" in untested else ""
        lines.append(f"The run fails (exit code 5). Remove the reason for the skip{on_purpose}")
    if lines:
        lines += [] if config.option.reportchars else ["To list them, add the option -rs"]
        terminalreporter.write_sep("=", untested or "skipped", red=bool(untested))
        terminalreporter.write_line("\n".join(lines))


def _node_ids(folder: Path, file: str, line: str | None, name: str | None) -> list[str]:
    """Return the node IDs of a line or a name; the file itself if the line is above all scenarios or parsing fails."""
    try:
        places = dict(_places(get_gherkin_document(str(folder / file)).feature.children))
    except (GherkinParseError, UnicodeDecodeError, KeyError):
        return [file]  # the linter reports the problem
    if name is None:
        before = [place for place in places if place <= int(line or 0)]
        return [f"{file}::{node}" for node in places[max(before)]] if before else [file]
    known = [node for nodes in places.values() for node in nodes]
    for node in (name, node_name(name)):
        if node in known:
            return [f"{file}::{node}"]
    close = get_close_matches(node, known, n=1)
    see = command("pytest", "--collect-only", "-q", file)
    advice = f"did you mean\n  {file}::{close[0]}" if close else f"see {see}"
    raise pytest.UsageError(f'{file} has no scenario "{name}": {advice}')


def _places(children: Iterable[Child]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line of each part of a feature file, with the scenarios in that part."""
    for child in children:
        heading = child.rule or child.scenario
        begin = min(each.location.line for each in (heading, *heading.tags)) if heading else 0
        if child.rule:
            inside = dict(_places(child.rule.children))
            yield begin, [node for nodes in inside.values() for node in nodes]
            yield from inside.items()
        elif child.scenario:
            name = child.scenario.name
            yield begin, [node_name(name)]
            for examples in child.scenario.examples:
                yield examples.location.line, [node_name(name)]
                for row in examples.table_body or ():
                    yield row.location.line, [node_name(name, [cell.value for cell in row.cells])]
