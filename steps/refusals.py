"""Steps about what the shop says when it refuses."""

from pytest_bdd import then

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import refusals as refusal_checks
from steps.words import phrase


@then(phrase("the shop refuses, saying {words:Words}"))
def refuses_saying(refusal: Refused, words: str) -> None:
    refusal_checks.refused_with(words, refusal)


@then("the shop refuses")
def refuses(refusal: Refused) -> None:
    refusal_checks.refused_at_all(refusal)


@then("the shop refuses or shows nothing")
def refuses_or_shows_nothing(refusal: Refused | None) -> None:
    refusal_checks.refused_at_all(refusal)


@then("the shop finds a mistake in it")
def finds_a_mistake(refusal: Refused) -> None:
    refusal_checks.refused_as("find a mistake", refusal, 400)


@then("the shop asks to sign in")
def asks_to_sign_in(refusal: Refused) -> None:
    refusal_checks.refused_as("ask to sign in", refusal, 401)


@then("the shop turns the visitor away")
def turns_the_visitor_away(refusal: Refused) -> None:
    refusal_checks.refused_as("turn the visitor away", refusal, 401, 403)
