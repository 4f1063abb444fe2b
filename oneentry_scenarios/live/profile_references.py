"""What a scenario needs of the profile, by the words of its lines: found before it places an order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.gherkin.identity import IDENTITY, template_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from oneentry_scenarios.shop.profile import Profile

#: The gaps of a step's wording that speak of the profile: {account:Account}, {product:Product}.
_GAP = re.compile(r"\{(\w+):(Account|Product)\}")


@dataclass
class Needs:
    """The accounts and products that scenarios speak of, by the names that features have for them."""

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


def needs_of(items: Iterable[pytest.Item]) -> Needs:
    """What these scenarios name in their lines. What a step takes by itself, or from a table, is not found here."""
    needs = Needs()
    found = {"Account": needs.accounts, "Product": needs.products}
    wordings = [
        (context.parser, _GAP.findall(context.parser.name)) for context in step_function_context_registry.values()
    ]
    wordings = [(parser, gaps) for parser, gaps in wordings if gaps]
    for item in items:
        if IDENTITY not in item.stash:
            continue
        for step in template_of(item).render(item.stash[IDENTITY].row).steps:
            for parser, gaps in wordings:
                if parser.is_matching(step.name):
                    words = parser.parse_arguments(step.name) or {}
                    for gap, kind in gaps:
                        found[kind].add(words[gap])
    return needs
