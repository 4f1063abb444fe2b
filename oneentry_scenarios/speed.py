"""Pytest plugin: optimizations. Everything works without it: `-p no:oneentry_scenarios.speed`.

It must be the first plugin in conftest.py, because it controls which modules httpx and vcrpy import.
Savings are shares of the CPU time of 300 replayed scenarios without the optimization, medians of 10 interleaved runs.
If a new version of a package moves a private part that is used here, the run stops and names that part.
"""

import functools
import gc
import inspect
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module, metadata

import pytest
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
    from pytest_bdd.compat import get_fixture_names, getfixturedefs
    from pytest_bdd.parser import Step
    from pytest_bdd.reporting import scenario_reports_registry, test_report_context_registry
    from pytest_bdd.scenario import find_fixturedefs_for_step, get_step_function, iterparentnodeids
    from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry
except ImportError as error:
    raise _moved("pytest-bdd", error) from None


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Block imports of `packages`, as if they were not installed. Saves 5 %."""
    with pytest.MonkeyPatch.context() as patch:
        for name in packages:
            patch.setitem(sys.modules, name, None)  # an import of it now fails
        yield


with without("click"):  # used by httpx's command line only
    import_module("httpx")
with without("botocore", "urllib3", "requests", "httplib2", "tornado", "aiohttp", "httpx2"):  # imported by vcrpy
    import_module("vcr.cassette")


def pytest_configure(config: pytest.Config) -> None:
    """Replace pytest-bdd's step definition lookup for this run."""
    module = import_module("pytest_bdd.scenario")
    for theirs, own in ((find_fixturedefs_for_step, find), (get_step_function, definition_of)):
        if inspect.signature(theirs).parameters.keys() != inspect.signature(own).parameters.keys():
            raise _moved("pytest-bdd", f"the parameters of {theirs.__name__}")
        setattr(module, theirs.__name__, own)
        config.add_cleanup(functools.partial(setattr, module, theirs.__name__, theirs))
    for context in step_function_context_registry.values():
        # pytest-bdd requests the signature twice per step; Python reuses this attribute.
        vars(context.step_func)["__signature__"] = inspect.signature(context.step_func)


def find(step: Step, fixturemanager: FixtureManager, node: Node) -> Iterator[FixtureDef[object]]:
    """Yield the definitions that match `step` and are visible from `node`, in pytest-bdd's order. Saves 20 %.

    pytest-bdd requests the definitions of every fixture and parses the step with each. This function requests only
    those whose step pattern matches, and caches which patterns match a step.
    """
    for name in _names_of_matching(step.type, step.name, len(step_function_context_registry), fixturemanager):
        for definition in getfixturedefs(fixturemanager, name, node) or ():
            context = step_function_context_registry.get(definition.func)
            if context and context.type in (None, step.type) and context.parser.is_matching(step.name):
                yield definition


@functools.lru_cache(maxsize=10_000)
def _names_of_matching(type_: str, text: str, _count: int, fixturemanager: FixtureManager) -> tuple[str, ...]:
    """Return pytest-bdd's fixture names of possible matches; `_count` recomputes them after new definitions."""
    beginnings = tuple(
        f"{StepNamePrefix.step_def.value}_{context.type or '*'}_{context.parser.name}"
        for context in step_function_context_registry.values()
        if context.type in (None, type_) and context.parser.is_matching(text)
    )
    return tuple(name for name in get_fixture_names(fixturemanager=fixturemanager) if name.startswith(beginnings))


def definition_of(request: FixtureRequest, step: Step) -> StepFunctionContext | None:
    """Return the definition of `step` nearest to the scenario, the later of two; pytest-bdd creates a fixture here."""
    found = sorted(
        find(step, request._fixturemanager, request.node),  # noqa: SLF001
        key=lambda each: list(iterparentnodeids(each.baseid)),
    )
    return step_function_context_registry[found[-1].func] if found else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Exclude modules, step definitions and scenarios from garbage collection: they live until the end.

    Saves 7 %: otherwise each full collection traverses all of them, as do the two at pytest's end.
    """
    gc.freeze()
    session.gethookproxy = functools.cache(session.gethookproxy)  # type: ignore[method-assign, assignment]
    if not isinstance(getattr(session._fixturemanager, "_arg2node2fixturedefs", None), dict):  # noqa: SLF001
        raise _moved("pytest", "FixtureManager._arg2node2fixturedefs")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Collect garbage from now on; an xdist controller has no `pytest_collection_finish`."""
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Release the values and step reports of a finished scenario; pytest-bdd keeps them until the end of the run.

    Saves 3 %, and 16 KB of memory per scenario.
    """
    result = yield
    for definitions in item.session._fixturemanager._arg2node2fixturedefs.values():  # noqa: SLF001
        definitions.pop(item, None)
    scenario_reports_registry.pop(item, None)
    test_report_context_registry.clear()  # all reporters have read them
    return result
