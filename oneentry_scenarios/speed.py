"""Pytest plugin: what exists only for speed. Everything works without it: `-p no:oneentry_scenarios.speed`.

It must be the first plugin that conftest.py lists, because it decides what the import of httpx and vcrpy brings along.
The savings are shares of the CPU time of 300 replayed scenarios without the part: medians of 10 interleaved runs each.
Two parts use private parts of pytest and pytest-bdd. Where upstream moves one, the run stops and names it.
"""

from __future__ import annotations

import functools
import gc
import inspect
import sys
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd.steps import step_function_context_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from _pytest.fixtures import FixtureDef, FixtureManager
    from _pytest.nodes import Node
    from pytest_bdd.parser import Step


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Make imports inside find none of `packages`, as if they were not installed. Saves 5 %."""
    hidden = {name: sys.modules.pop(name) for name in packages if name in sys.modules}
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # None makes an import fail
    try:
        yield
    finally:
        for name in packages:
            del sys.modules[name]
        sys.modules.update(hidden)


with without("click"):  # for httpx's command line
    import_module("httpx")
with without(
    "botocore", "urllib3", "requests", "httplib2", "tornado", "aiohttp", "httpx2"
):  # vcrpy imports each it finds
    import_module("vcr.cassette")


def pytest_configure(config: pytest.Config) -> None:
    """Replace pytest-bdd's search for the step definition of a step, for this run."""
    scenario = import_module("pytest_bdd.scenario")
    original = _private("the step look-up", "pytest-bdd", "pytest_bdd.scenario", "find_fixturedefs_for_step")
    find = StepLookUp().find
    if list(inspect.signature(original).parameters) != list(inspect.signature(find).parameters):
        raise _moved("the step look-up", "pytest-bdd", "pytest_bdd.scenario.find_fixturedefs_for_step as it was")
    scenario.find_fixturedefs_for_step = find  # type: ignore[attr-defined]
    config.add_cleanup(lambda: setattr(scenario, "find_fixturedefs_for_step", original))
    for context in step_function_context_registry.values():
        # pytest-bdd asks for it twice a step; Python does not compute it again where it finds this.
        vars(context.step_func)["__signature__"] = inspect.signature(context.step_func)


class StepLookUp:
    """Finds the step definitions of a step by the same rules of visibility as pytest-bdd. Saves 20 %.

    pytest-bdd asks pytest for the definitions of every fixture and parses the step with each one. This asks only for
    those whose wording matches, and remembers which wordings match a step.
    """

    def __init__(self) -> None:
        part = "the step look-up"
        self._fixture_names = _private(part, "pytest-bdd", "pytest_bdd.compat", "get_fixture_names")
        self._fixture_definitions = _private(part, "pytest-bdd", "pytest_bdd.compat", "getfixturedefs")
        self._prefix = _private(part, "pytest-bdd", "pytest_bdd.steps", "StepNamePrefix").step_def.value
        self._matching: Callable[[str, str, int], tuple[str, ...]] = functools.cache(self._names_of_matching)

    def find(self, step: Step, fixturemanager: FixtureManager, node: Node) -> Iterator[FixtureDef[object]]:
        """The definitions that match `step` and that `node` sees, in pytest-bdd's order."""
        names = self._matching(step.type, step.name, len(step_function_context_registry))
        for name in self._fixture_names(fixturemanager=fixturemanager) if names else ():
            if name.startswith(names):
                for definition in self._fixture_definitions(fixturemanager, name, node) or ():
                    context = step_function_context_registry.get(definition.func)
                    if context and context.type in (None, step.type) and context.parser.is_matching(step.name):
                        yield definition

    def _names_of_matching(self, type_: str, text: str, _count: int) -> tuple[str, ...]:
        """The beginnings of pytest-bdd's fixture names for the matching definitions; again when there are more."""
        return tuple(
            f"{self._prefix}_{context.type or '*'}_{context.parser.name}"
            for context in step_function_context_registry.values()
            if context.type in (None, type_) and context.parser.is_matching(text)
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Take modules, step definitions and scenarios out of garbage collection, since they stay to the end.

    Saves 7 %: otherwise each full collection goes through all of them, also the two at pytest's end.
    """
    gc.freeze()


@pytest.hookimpl(trylast=True)  # pytest makes them in its own
def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop the run if the private parts for :func:`pytest_runtest_protocol` have moved."""
    manager = getattr(session, "_fixturemanager", None)
    if not isinstance(getattr(manager, "_arg2node2fixturedefs", None), dict):
        raise _moved("forgetting scenarios", "pytest", "Session._fixturemanager._arg2node2fixturedefs")
    for name in ("scenario_reports_registry", "test_report_context_registry"):
        _private("forgetting scenarios", "pytest-bdd", "pytest_bdd.reporting", name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Forget the values and step reports of a scenario that is over; pytest-bdd keeps them to the end of the run.

    Saves 3 %, and 16 KB a scenario.
    """
    result = yield
    for definitions in item.session._fixturemanager._arg2node2fixturedefs.values():  # noqa: SLF001
        definitions.pop(item, None)
    import_module("pytest_bdd.reporting").scenario_reports_registry.pop(item, None)
    return result


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Forget the step reports after every reporter has read them."""
    import_module("pytest_bdd.reporting").test_report_context_registry.pop(report, None)


def _private(part: str, package: str, module: str, name: str) -> Any:
    """A private part of `package`.

    Raises:
        UsageError: this version of `package` does not have it.
    """
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError):
        raise _moved(part, package, f"{module}.{name}") from None


def _moved(part: str, package: str, what: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"{part[0].upper()}{part[1:]} (oneentry_scenarios/speed.py) uses {what}, which {package} "
        f"{metadata.version(package)} does not have. Correct that part, or run without it: "
        "-p no:oneentry_scenarios.speed"
    )
