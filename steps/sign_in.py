"""Steps about signing in and out."""

from dataclasses import dataclass

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import SignIn
from oneentry_scenarios.shop import checks
from oneentry_scenarios.shop.people import Cast
from oneentry_scenarios.shop.provider import ProviderSimulator
from oneentry_scenarios.shop.shop import NO_SUCH_MARKER, refusal_of
from steps.words import phrase

#: A mistake at signing in, and what is given instead of what is right.
MISTAKES = {
    "a wrong password": {"password": "not-the-password"},
    "an unknown user name": {"user": "nobody@redacted.invalid"},
    "an empty password": {"password": ""},
    "an empty user name": {"user": ""},
    "an unknown provider": {"provider": NO_SUCH_MARKER},
}


@dataclass(frozen=True)
class Renewal:
    """A sign-in and the one that took its place."""

    old: SignIn
    new: SignIn


@given(phrase("{person:Person} has signed in"), target_fixture="sign_in")
@when(phrase("{person:Person} signs in"), target_fixture="sign_in")
def signs_in(people: Cast, person: str) -> SignIn:
    return people[person].sign_in()


@given(phrase("{person:Person} has signed in on another device"))
@given(phrase("{person:Person} has signed in again on the other device"))
def signs_in_on_another_device(people: Cast, person: str) -> None:
    people.on("another device", person).sign_in()


@when(phrase("{person:Person} tries to sign in with {mistake:Mistake}"), target_fixture="refusal")
def tries_to_sign_in(people: Cast, person: str, mistake: str) -> Refused:
    return refusal_of(lambda: people[person].sign_in(**MISTAKES[mistake]))


@when(
    phrase("{person:Person} tries to sign in through an application that the shop does not know"),
    target_fixture="refusal",
)
def tries_through_unknown_application(people: Cast, person: str) -> Refused:
    return refusal_of(people.of_unknown_application(person).sign_in)


@given(phrase("{person:Person} has renewed the sign-in"), target_fixture="renewal")
@when(phrase("{person:Person} renews the sign-in"), target_fixture="renewal")
def renews(people: Cast, person: str, sign_in: SignIn) -> Renewal:
    return Renewal(sign_in, people[person].renew(sign_in.refresh_token))


@when(phrase("{person:Person} tries to renew the first sign-in again"), target_fixture="refusal")
def tries_to_renew(people: Cast, person: str, sign_in: SignIn) -> Refused:
    return refusal_of(lambda: people[person].renew(sign_in.refresh_token))


@given("so much time has passed that the sign-in is over")
def time_passes(provider: ProviderSimulator) -> None:
    provider.let_sign_ins_expire()


@given(phrase("{person:Person} has signed out"))
def signs_out(people: Cast, person: str) -> None:
    people[person].sign_out()


@given(phrase("{person:Person} has signed out everywhere"))
def signs_out_everywhere(people: Cast, person: str) -> None:
    people[person].sign_out_everywhere()


@when(phrase("{person:Person} tries to go on"), target_fixture="refusal")
def tries_to_go_on(people: Cast, person: str) -> Refused:
    return refusal_of(people[person].user)


@when(phrase("{person:Person} tries to go on with the other device"), target_fixture="refusal")
def tries_to_go_on_elsewhere(people: Cast, person: str) -> Refused:
    return refusal_of(people.on("another device", person).user)


@then(phrase("the shop knows {person:Person}"))
def knows(people: Cast, person: str) -> None:
    shop = people[person]
    checks.known_as(shop.person.user, shop.signed_in, shop.user())


@then(phrase("{person:Person} is not signed in"))
def is_not_signed_in(people: Cast, person: str) -> None:
    checks.turned_away(refusal_of(people[person].user))


@then("both tokens are new")
def tokens_are_new(renewal: Renewal) -> None:
    checks.all_new(renewal.old, renewal.new)


@then(phrase("{person:Person} is signed in on {number:Number} devices"))
def is_signed_in_on(people: Cast, person: str, number: int) -> None:
    checks.signed_in_on(number, people[person].devices())
