"""Pytest plugin: finds the step that a line means without asking each step definition again for each line.

pytest-bdd asks pytest for the definitions of every fixture and parses the line with each: time that grows with the
number of step definitions and that every line of every scenario takes. Here only those whose words fit are asked for,
by the same rules of visibility, and what fits is remembered. `-p no:oneentry_scenarios.gherkin.lookup` leaves it out.
"""

from __future__ import annotations

import functools
import inspect
import sys
from typing import TYPE_CHECKING

from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from _pytest.fixtures import FixtureDef, FixtureManager
    from _pytest.nodes import Node
    from pytest_bdd.parser import Step

#: Its name is shadowed by a function of the same name.
_MODULE = sys.modules["pytest_bdd.scenario"]
#: What is replaced: private, so a test holds the two against each other.
FUNCTION = "find_fixturedefs_for_step"


def pytest_configure(config: pytest.Config) -> None:
    """Take the place of pytest-bdd's search, for this run."""
    original = getattr(_MODULE, FUNCTION)
    setattr(_MODULE, FUNCTION, find_definitions)
    config.add_cleanup(lambda: setattr(_MODULE, FUNCTION, original))
    for context in step_function_context_registry.values():
        # pytest-bdd asks for it twice a line; where Python finds it, it does not work it out again.
        vars(context.step_func)["__signature__"] = inspect.signature(context.step_func)


def find_definitions(step: Step, fixturemanager: FixtureManager, node: Node) -> Iterator[FixtureDef[object]]:
    """The definitions that fit `step` and that `node` sees, in pytest-bdd's order."""
    names = _names_of_fitting(step.type, step.name, len(step_function_context_registry))
    for name in get_fixture_names(fixturemanager=fixturemanager) if names else ():
        if name.startswith(names):
            for definition in getfixturedefs(fixturemanager, name, node) or ():
                context = step_function_context_registry.get(definition.func)
                if context and context.type in (None, step.type) and context.parser.is_matching(step.name):
                    yield definition


@functools.lru_cache(maxsize=10_000)
def _names_of_fitting(type_: str, text: str, _known: int) -> tuple[str, ...]:
    """How the fixtures begin that pytest-bdd has made of the definitions that fit; asked anew when more are known."""
    return tuple(
        f"{StepNamePrefix.step_def.value}_{context.type or '*'}_{context.parser.name}"
        for context in step_function_context_registry.values()
        if context.type in (None, type_) and context.parser.is_matching(text)
    )
