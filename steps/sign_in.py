"""Steps about signing in and out."""

from pytest_bdd import given, then, when

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.shop.checks import sign_in as sign_in_checks
from oneentry_scenarios.shop.checks.compare import expect_confirmation
from oneentry_scenarios.shop.domain import Renewal
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.simulator import Simulator
from steps.words import COMPUTER, MISTAKES, PHONE, phrase


#: Invalid credentials by name, and the wrong value.
@given(phrase("{person:Person} has signed in"))
@given(phrase("{person:Person} has signed in on {device:Device}"))
@when(phrase("{person:Person} signs in"))
@when(phrase("{person:Person} signs in again"))
@when(phrase("{person:Person} signs in on {device:Device}"))
@when(phrase("{person:Person} signs in again on {device:Device}"))
def signs_in(people: Personas, profile: Profile, person: str, device: str = COMPUTER) -> None:
    shopper = people.on(device, person)
    sign_in_checks.signed_in_as(shopper.identity, profile, shopper.sign_in())


@given(phrase("{person:Person} has viewed the list of devices"))
def views_the_devices(people: Personas, person: str) -> None:
    people.on(PHONE, person).look_at_devices()


@when(phrase("{person:Person} tries to sign in with {mistake:Mistake}"), target_fixture="refusal")
@when(phrase("{person:Person} tries to sign in on a computer with {mistake:Mistake}"), target_fixture="refusal")
def tries_to_sign_in(people: Personas, person: str, mistake: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].sign_in(**MISTAKES[mistake]))


@when(phrase("{person:Person} tries to sign in with an unknown app token"), target_fixture="refusal")
def tries_with_unknown_app_token(people: Personas, person: str) -> Refused:
    return people.refusal_of(person, people.of_unknown_application(person).sign_in)


@given(phrase("{person:Person} has renewed the sign-in session"), target_fixture="renewal")
@when(phrase("{person:Person} renews the sign-in session"), target_fixture="renewal")
@when(phrase("{person:Person} renews the sign-in session on the computer"), target_fixture="renewal")
def renews(people: Personas, profile: Profile, person: str) -> Renewal:
    renewal = people[person].renew(people[person].current_sign_in)
    sign_in_checks.signed_in_as(people[person].identity, profile, renewal.new)
    return renewal


@when(phrase("{person:Person} tries to use the first refresh token again"), target_fixture="refusal")
@when(phrase("{person:Person} tries to renew the ended sign-in session"), target_fixture="refusal")
def tries_to_renew(people: Personas, person: str) -> Refused:
    return people.refusal_of(person, lambda: people[person].renew(people[person].sign_ins[0]).new)


@given("the sign-in session has expired")
def time_passes(people: Personas, simulator: Simulator) -> None:
    simulator.let_sign_ins_expire()
    people.expected.expire_sign_ins()


@given(phrase("{person:Person} has signed out"))
@when(phrase("{person:Person} signs out"))
@when(phrase("{person:Person} signs out on the computer"))
def signs_out(people: Personas, person: str) -> None:
    expect_confirmation(people[person].sign_out())


@given(phrase("{person:Person} has signed out on all devices"))
@when(phrase("{person:Person} signs out on all devices"))
def signs_out_everywhere(people: Personas, person: str) -> None:
    expect_confirmation(people[person].sign_out(everywhere=True))


@when(phrase("{person:Person} tries to view the customer account"), target_fixture="refusal")
@when(phrase("{person:Person} tries to view the customer account on {device:Device}"), target_fixture="refusal")
def tries_to_view_the_account(people: Personas, person: str, device: str = COMPUTER) -> Refused:
    return people.refusal_of(person, people.on(device, person).user)


@then(phrase("{person:Person} can view the customer account, with the correct user name"))
@then(phrase("{person:Person} can view the customer account on {device:Device}, with the correct user name"))
def can_view_the_account(people: Personas, person: str, device: str = COMPUTER) -> None:
    shopper = people.on(device, person)
    sign_in_checks.known_as(shopper.identity, shopper.current_sign_in, shopper.user())


@then("the original and the renewed session both last as long as the shop's settings say")
def last_equally_long(people: Personas, profile: Profile, renewal: Renewal) -> None:
    auth_provider = people[renewal.owner].client.auth_provider
    sign_in_checks.last_equally_long(renewal, auth_provider.get_auth_provider_by_marker(profile.sign_in.provider))


@then("the access token and the refresh token are new")
def tokens_are_new(renewal: Renewal) -> None:
    sign_in_checks.tokens_rotated(renewal)


@then(phrase("{person:Person} is signed in on one more device"))
def is_signed_in_on_one_more(people: Personas, person: str) -> None:
    sign_in_checks.devices_grew_by(1, people.on(PHONE, person))


@then(phrase("{person:Person} is signed in on the same number of devices"))
def is_signed_in_on_as_many(people: Personas, person: str) -> None:
    sign_in_checks.devices_grew_by(0, people.on(PHONE, person))
