"""The step that checks for unexpected changes."""

from pytest_bdd import then

from oneentry_scenarios.shop.checks import side_effects
from oneentry_scenarios.shop.people import Personas


@then("nothing else has changed")
@then("nothing has changed")
def nothing_else_has_changed(people: Personas) -> None:
    side_effects.nothing_else_has_changed(people)
