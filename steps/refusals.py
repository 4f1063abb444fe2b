"""Steps about what the shop says when it refuses."""

from pytest_bdd import then

from steps.words import phrase
from support import expectations
from support.api.errors import Refused


@then(phrase("the shop refuses, saying {words:Words}"))
def refuses_saying(refusal: Refused, words: str) -> None:
    expectations.refused_with(words, refusal)


@then("the shop refuses")
def refuses(refusal: Refused) -> None:
    expectations.refused_at_all(refusal)


@then("the shop finds a mistake in it")
def finds_a_mistake(refusal: Refused) -> None:
    expectations.refused_as(400, "find a mistake", refusal)


@then("the shop asks to sign in")
def asks_to_sign_in(refusal: Refused) -> None:
    expectations.refused_as(401, "ask to sign in", refusal)


@then("the shop turns the visitor away")
def turns_the_visitor_away(refusal: Refused) -> None:
    expectations.turned_away(refusal)
