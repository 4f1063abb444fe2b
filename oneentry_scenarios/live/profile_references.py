"""Which accounts and products of the profile scenarios refer to, found in their lines before they place an order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.gherkin.identity import IDENTITY, template_of
from oneentry_scenarios.shop.profile import Profile

#: The step arguments that name something in the profile: {account:Account}, {product:Product}.
_ARGUMENT = re.compile(r"\{(\w+):(Account|Product)\}")


@dataclass
class ProfileReferences:
    """The accounts and products that scenarios refer to, by the names that features use."""

    accounts: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)

    def look_up(self, profile: Profile) -> None:
        """See that the profile has all of them.

        Raises:
            NotInProfile: it lacks one.
        """
        for account in sorted(self.accounts):
            profile.account(account)
        for product in sorted(self.products):
            profile.product(product)


def references_of(items: Iterable[pytest.Item]) -> ProfileReferences:
    """What these scenarios name in their lines. What a step takes by itself, or from a table, is not found here."""
    references = ProfileReferences()
    found = {"Account": references.accounts, "Product": references.products}
    wordings = [
        (context.parser, _ARGUMENT.findall(context.parser.name)) for context in step_function_context_registry.values()
    ]
    wordings = [(parser, arguments) for parser, arguments in wordings if arguments]
    for item in items:
        if IDENTITY not in item.stash:
            continue
        for step in template_of(item).render(item.stash[IDENTITY].row).steps:
            for parser, arguments in wordings:
                if parser.is_matching(step.name):
                    words = parser.parse_arguments(step.name) or {}
                    for argument, kind in arguments:
                        found[kind].add(words[argument])
    return references
