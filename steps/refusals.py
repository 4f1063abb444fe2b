"""Steps that check error responses."""

from pytest_bdd import then

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import refusals as refusal_checks
from steps.words import phrase


@then(phrase("the shop refuses the request with the message {words:Words}"))
def refuses_saying(refusal: Refused, words: str) -> None:
    refusal_checks.refused_with(words, refusal)


@then("the shop refuses the request")
def refuses(refusal: Refused) -> None:
    refusal_checks.refused_at_all(refusal)


@then("the shop refuses the request or shows no payment session")
def refuses_or_shows_nothing(refusal: Refused | None) -> None:
    refusal_checks.refused_at_all(refusal)


@then("the shop refuses the request as invalid")
def refuses_as_invalid(refusal: Refused) -> None:
    refusal_checks.refused_as("refuses the request as invalid", refusal, 400)


@then(phrase("the shop asks {person:Person} to sign in"))
def asks_to_sign_in(refusal: Refused, person: str) -> None:
    refusal_checks.refused_as(f"asks {person} to sign in", refusal, 401)


@then("the shop denies the visitor access")
def denies_the_visitor_access(refusal: Refused) -> None:
    refusal_checks.refused_as("denies the visitor access", refusal, 401, 403)
