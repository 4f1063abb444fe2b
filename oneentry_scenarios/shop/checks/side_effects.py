"""The check for side effects: reads everything in the expected state, and compares it with the shop."""

from collections.abc import Callable, Iterator
from typing import Any

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import StoredOrder
from oneentry_scenarios.shop.checks.compare import COMPARED, INCONCLUSIVE, HasOperation, agree, differing
from oneentry_scenarios.shop.checks.orders import confirmation_matches
from oneentry_scenarios.shop.checks.payments import opened_as_requested
from oneentry_scenarios.shop.checks.refusals import by_rule
from oneentry_scenarios.shop.checks.sign_in import known_as
from oneentry_scenarios.shop.domain import StepMissing, message
from oneentry_scenarios.shop.expected_state import ListName, SignInEntry
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.shopper import Shopper

#: List -> the noun for its entries, at the start of a sentence.
_NOUNS: dict[ListName, str] = {"orders": "Order", "payment sessions": "Payment session"}


def nothing_else_has_changed(people: Personas) -> None:
    """Check that the shop contains what the scenario's actions left, and nothing else; list each difference."""
    __tracebackhide__ = True
    expected = people.expected
    unread = [each for each in expected.sign_ins if each not in expected.checked]
    if not (expected.is_about_orders or expected.is_about_sign_ins or unread):
        raise StepMissing(message("nothing-to-read"))
    problems = [*_wrong_confirmations(people), *_wrong_lists_and_devices(people), *_wrong_sign_ins(people)]
    if problems:
        raise AssertionError("Unexpected changes:" + "".join(f"\n  {each}" for each in problems))


def _wrong_confirmations(people: Personas) -> Iterator[str]:
    """Check that orders and sessions were confirmed as requested, and that nothing was issued twice."""
    expected = people.expected
    yield from expected.issued_twice
    for placed in expected.confirmations:
        yield from _failure_of(confirmation_matches, placed, expected.profile, people[placed.owner])
    for session in expected.sessions.values():
        yield from _failure_of(opened_as_requested, session.confirmed, expected)


def _wrong_lists_and_devices(people: Personas) -> Iterator[str]:
    """Check the lists and devices of all signed-in people, if an action concerns them."""
    for shopper in people.signed_in():
        try:
            if people.expected.is_about_orders:
                yield from _wrong_lists(people, shopper)
            if people.expected.is_about_sign_ins:
                yield from _wrong_devices(people, shopper)
        except Refused as refusal:
            if refusal.status != 401:
                raise
            yield _not_valid(shopper, refusal)


def _wrong_lists(people: Personas, shopper: Shopper) -> Iterator[str]:
    """Check that a person's lists contain what the person created, and nothing else."""
    for name in _NOUNS:
        shown = shopper.first_of(name)
        the_list = f"The list of {name} of {shopper.identity.name} ({shown.operation})"
        for problem in (*_wrong_entries(people, shopper, name, shown), *_strange_entries(people, shopper, name, shown)):
            yield problem if problem.startswith(_NOUNS[name]) else f"{the_list} {problem}"


def _wrong_entries(people: Personas, shopper: Shopper, name: ListName, shown: PagedResult) -> Iterator[str]:
    """Check that each expected entry is in its owner's list, once and unchanged, and in no other list."""
    noun, entries, person = _NOUNS[name], people.expected.entries(name), shopper.identity.name
    for id_, entry in entries.items():
        found = shown.with_id(id_)
        if entry.owner != person:
            if found:
                yield f"should not show {entry.owner}'s {name}, got {noun.lower()} {id_}"
        elif len(found) > 1 or (not found and shown.would_show(id_)):
            count = f"{len(found)} entries" if found else "none (missing)"
            yield f"should have {noun.lower()} {id_} once, got {count}"
        elif found or entry not in people.expected.checked:
            record = found[0] if found else shopper.fetch_by_id(name, id_)
            compared = people.expected.compare_and_learn(entry, record).items()
            why = "does not match the last action on it" if entry.was_changed else "has changed without an action on it"
            differences = (f"{field}: {differing(old, new)}" for field, (old, new) in compared if not agree(old, new))
            listed, what = "; ".join(differences), f"{noun} {id_} of {person}"
            COMPARED.append(("The shop's records", record.operation, what, listed or "as expected", not listed))
            if listed:
                yield f"{what} ({record.operation}) {why}: {listed}"


def _strange_entries(people: Personas, shopper: Shopper, name: ListName, shown: PagedResult) -> Iterator[str]:
    """Check that a list has only the scenario's entries; check its total if it is known from before the actions."""
    expected, person, noun = people.expected, shopper.identity.name, _NOUNS[name].lower()
    entries = expected.entries(name)
    before = expected.lists_before.get((person, name))
    added = [id_ for id_, entry in entries.items() if entry.owner == person and not (before and id_ in before.known)]
    # IDs grow: a record is unexpected if its ID is higher than all IDs from before the scenario's actions.
    last_known_id = before.shown.newest if before else 0
    if before is None and not expected.is_mock_shop:  # the list was not read before: it may have any older records
        last_known_id = min(added, default=shown.newest + 1) - 1
    strangers = [record for record in shown.items if record.id > last_known_id and record.id not in entries]
    if not expected.is_mock_shop:  # subscriptions have sessions without an order, and other runs pay for their orders
        strangers = [each for each in strangers if name == "orders" or each.order_id in expected.orders]
    problems = [f"has the unexpected {noun} {each.id} ({_brief(each)})" for each in strangers]
    if before is not None or expected.is_mock_shop:
        total = (before.shown.total if before else 0) + len(added)
        if shown.total_may_be_capped and shown.total < total:
            if not shown.would_show(last_known_id + 1):
                expected.inconclusive.add(INCONCLUSIVE["hidden"])
        elif shown.total != total:
            problems.append(f"should have a total of {total}, got {shown.total}")
    # In a project, the same user may order on another device at the same time.
    is_ours = expected.is_mock_shop or any(_is_ours(each, people.run_id) for each in strangers)
    if problems and not is_ours and shopper.foreign_browsers(shopper.devices()):
        expected.inconclusive.add(INCONCLUSIVE["others"])
    else:
        yield from problems


def _wrong_devices(people: Personas, shopper: Shopper) -> Iterator[str]:
    """Check the number of devices on which a person is signed in."""
    expected, person = people.expected, shopper.identity.name
    shown, before = shopper.devices(), expected.lists_before.get((person, "devices"))
    if before is None and not expected.is_mock_shop:  # a project may have kept other sign-ins
        return
    now = expected.devices_of(person)
    wanted = len(before.shown) + len(now - before.known) - len(before.known - now) if before else len(now)
    if len(shown) == wanted:
        return
    if not expected.is_mock_shop and shopper.foreign_browsers(shown, "Python"):
        expected.inconclusive.add(INCONCLUSIVE["others"])
    else:
        yield f"Devices on which {person} is signed in ({shown.operation}): expected {wanted}, got {len(shown)}"


def _wrong_sign_ins(people: Personas) -> Iterator[str]:
    """Check that each sign-in is still valid, or has ended, as its entry says."""
    for entry in people.expected.sign_ins:
        if entry not in people.expected.checked and entry.state != "unknown":
            yield from _wrong_sign_in(entry, people.on(entry.device, entry.person))


def _wrong_sign_in(entry: SignInEntry, shopper: Shopper) -> Iterator[str]:
    try:
        user = shopper.user_of(entry.sign_in)
    except Refused as refusal:
        if entry.state == "valid":
            yield _not_valid(shopper, refusal)
            return
        yield from _failure_of(by_rule, refusal)
        if refusal.status != 401:
            given = f"{refusal.status} {refusal.message}"
            yield f"{_sign_in_of(shopper, refusal)} should have ended: expected 401, got {given}"
        return
    if entry.state == "ended":
        yield f"{_sign_in_of(shopper, user)} should have ended: expected 401, got the user {user.identifier}"
    else:
        yield from _failure_of(known_as, shopper.identity, entry.sign_in, user)


def _not_valid(shopper: Shopper, refusal: Refused) -> str:
    return f"{_sign_in_of(shopper, refusal)} should be valid: expected success, got {refusal.status} {refusal.message}"


def _sign_in_of(shopper: Shopper, response: HasOperation) -> str:
    return f"The sign-in of {shopper.identity.name} on {shopper.device} ({response.operation})"


def _failure_of(check: Callable[..., None], *arguments: object) -> Iterator[str]:
    """Yield the message of a failing check, as part of a longer list."""
    try:
        check(*arguments)
    except AssertionError as error:
        yield str(error).replace("\n", "\n  ")


def _is_ours(record: Any, run_id: str | None) -> bool:
    """Return whether this run created a record: an order with its run ID, or a session of the scenario's orders."""
    return not isinstance(record, StoredOrder) or run_id in [each.value for each in record.form_data]


def _brief(record: Any) -> str:
    if isinstance(record, StoredOrder):
        return f"form: {', '.join(str(each.value) for each in record.form_data)}; total: {record.total_sum}"
    return f"order: {record.order_id}; status: {record.status}"
