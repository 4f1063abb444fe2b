"""Which accounts and products of the profile scenarios refer to, found in their lines before they place an order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.gherkin.identity import IDENTITY, template_of

#: The step arguments that name something in the profile: {account:Account}, {product:Product}.
_ARGUMENT = re.compile(r"\{(\w+):(Account|Product)\}")


@dataclass
class ProfileReferences:
    """What scenarios refer to, by the names that features use; `cells` of tables below steps may name products."""

    accounts: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)


def references_of(items: Iterable[pytest.Item]) -> ProfileReferences:
    """What these scenarios name in their lines. What a step takes by itself is not found here."""
    references = ProfileReferences()
    found = {"Account": references.accounts, "Product": references.products}
    parsers = [context.parser for context in step_function_context_registry.values()]
    wordings = [(parser, arguments) for parser in parsers if (arguments := _ARGUMENT.findall(parser.name))]
    for item in (each for each in items if IDENTITY in each.stash):
        for step in template_of(item).render(item.stash[IDENTITY].row).steps:
            rows = step.datatable.rows if step.datatable else ()
            references.cells.update(cell.value for row in rows for cell in row.cells)
            for parser, arguments in wordings:
                if parser.is_matching(step.name):
                    words = parser.parse_arguments(step.name) or {}
                    for argument, kind in arguments:
                        found[kind].add(words[argument])
    return references
