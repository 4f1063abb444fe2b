"""What a scenario needs of the profile, by the words of its lines: found before it places an order."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.gherkin.identity import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest
    from pytest_bdd.parser import ScenarioTemplate

    from oneentry_scenarios.shop.profile import Profile

#: The gaps of a step's wording that speak of the profile: {account:Account}, {product:Product}.
_GAP = re.compile(r"\{(\w+):(Account|Product)\}")
#: pytest-bdd keeps here which scenario a test function runs. Its module is shadowed by a function of the same name.
_TEMPLATES = sys.modules["pytest_bdd.scenario"].scenario_wrapper_template_registry


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
        template: ScenarioTemplate = _TEMPLATES[item.obj]  # type: ignore[attr-defined]  # scenarios are Functions
        for step in template.render(item.stash[IDENTITY].row).steps:
            for parser, gaps in wordings:
                if parser.is_matching(step.name):
                    words = parser.parse_arguments(step.name) or {}
                    for gap, kind in gaps:
                        found[kind].add(words[gap])
    return needs
