"""Pytest plugin: optimizations. Everything works without it: `-p no:oneentry_scenarios.speed`.

It must be the first plugin in conftest.py, because it controls which modules httpx and vcrpy import.
Savings are shares of the CPU time of 300 replayed scenarios without the optimization, medians of 10 interleaved runs.
If a new version of a package moves a private part that is used here, the run stops and names that part.
"""

import functools
import gc
import inspect
import sys
from collections.abc import Callable, Generator, Sequence
from importlib import import_module, metadata
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader

import pytest
from _pytest.compat import NOTSET
from _pytest.fixtures import FixtureDef, FixtureManager, FixtureRequest
from _pytest.nodes import Node

# Python's 700 new objects are fewer than a scenario has at once: nearly all survive a collection. Saves 4 %.
gc.set_threshold(10_000)
gc.disable()  # until the scenarios run: what is imported and collected stays. Saves 5 % of a start.


def _moved(package: str, what: object) -> pytest.UsageError:
    return pytest.UsageError(
        f"oneentry_scenarios/speed.py uses private parts of {package}, and {package} {metadata.version(package)} "
        f"moved or changed one: {what}. Update speed.py, or run without it: -p no:oneentry_scenarios.speed"
    )


try:
    from pytest_bdd.compat import get_fixture_names, getfixturedefs, inject_fixture
    from pytest_bdd.parser import Step
    from pytest_bdd.reporting import scenario_reports_registry, test_report_context_registry
    from pytest_bdd.scenario import get_step_function, iterparentnodeids
    from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry
    from pytest_bdd.utils import get_required_args
except ImportError as error:
    raise _moved("pytest-bdd", error) from None


#: vcrpy imports these, but replay does not use them: their code runs when something uses them.
_LAZY = "asyncio", "unittest.mock", "yaml", "vcr.serializers.yamlserializer"
#: The first is for httpx's command line, vcrpy looks for the others: imports of them fail, as if not installed.
_BLOCKED = "click", "botocore", "urllib3", "requests", "httplib2", "tornado", "aiohttp", "httpx2"


class _Finder:
    """Finds modules before Python does. Saves 300 ms of a start."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        if name in _BLOCKED:
            raise ModuleNotFoundError(name)
        spec = PathFinder.find_spec(name, path) if name in _LAZY else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder())
for _name in ("httpx", "vcr.cassette"):
    import_module(_name)
del sys.meta_path[0]


def pytest_configure(config: pytest.Config) -> None:
    """Replace what pytest-bdd does for each step, for this run."""
    if config.getoption("--api") != "replay":  # a server's thread must not be the first to use them
        _ = [sys.modules[name].__doc__ for name in _LAZY]
    if "fixture_defs" not in inspect.signature(FixtureRequest.__init__).parameters:
        raise _moved("pytest", "FixtureRequest")
    module = import_module("pytest_bdd.scenario")
    replacements: dict[Callable[..., object], Callable[..., object]] = {
        get_step_function: definition_of,
        inject_fixture: set_fixture,
        # Called for each step.
        get_required_args: functools.cache(get_required_args),
        inspect.signature: functools.cache(inspect.signature),
    }
    for before, now in replacements.items():
        name, (old, new) = before.__name__, (inspect.signature(each).parameters.keys() for each in (before, now))
        if getattr(module, name, None) is not before or old != new:
            raise _moved("pytest-bdd", f"pytest_bdd.scenario.{name}")
        setattr(module, name, now)
        config.add_cleanup(functools.partial(setattr, module, name, before))


def definition_of(request: FixtureRequest, step: Step) -> StepFunctionContext | None:
    """Return the definition of `step` nearest to the scenario, the later of two, as pytest-bdd does. Saves 25 %.

    pytest-bdd parses each step with all step patterns, and creates a fixture for the result.
    """
    count = len(step_function_context_registry)  # a new definition may be nearer
    return _definition(step.type, step.name, request.node.parent, request._fixturemanager, count)  # noqa: SLF001


@functools.lru_cache(maxsize=10_000)
def _definition(
    type_: str, text: str, feature: Node, fixturemanager: FixtureManager, _count: int
) -> StepFunctionContext | None:
    matching = {
        function: context
        for function, context in step_function_context_registry.items()
        if context.type in (None, type_) and context.parser.is_matching(text)
    }
    names = [f"{StepNamePrefix.step_def.value}_{each.type or '*'}_{each.parser.name}" for each in matching.values()]
    fixtures = [name for name in get_fixture_names(fixturemanager=fixturemanager) if name.startswith(tuple(names))]
    visible = [each for name in fixtures for each in getfixturedefs(fixturemanager, name, feature) or ()]
    visible.sort(key=lambda each: list(iterparentnodeids(each.baseid)))
    return next((matching[each.func] for each in reversed(visible) if each.func in matching), None)


#: The fixtures whose value a step has set, by name.
_FIXTURES: dict[str, FixtureDef[object]] = {}


def set_fixture(request: FixtureRequest, arg: str, value: object) -> None:
    """Set the value of the fixture `arg` for the rest of the scenario. Saves 4 %: pytest-bdd registers a new one."""
    if arg not in _FIXTURES:
        node = request.session
        _FIXTURES[arg] = FixtureDef(
            node.config, NOTSET, arg, lambda: None, "function", params=None, node=node, _ispytest=True
        )
    request._fixture_defs[arg] = _FIXTURES[arg]  # noqa: SLF001
    _FIXTURES[arg].cached_result = (value, None, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Exclude modules, step definitions and scenarios from garbage collection: they live until the end.

    Saves 7 %: otherwise each full collection traverses all of them, as do the two at pytest's end.
    """
    gc.freeze()
    session.gethookproxy = functools.cache(session.gethookproxy)  # type: ignore[method-assign, assignment]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Collect garbage from now on; an xdist controller has no `pytest_collection_finish`."""
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Release the values and step reports of a finished scenario; pytest-bdd keeps them until the end of the run."""
    result = yield
    for fixture in _FIXTURES.values():
        fixture.cached_result = None
    scenario_reports_registry.pop(item, None)
    test_report_context_registry.clear()  # all reporters have read them
    return result
