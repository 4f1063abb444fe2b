"""*Nothing else has changed* names each kind of side effect, and ignores what other users of a shop have changed."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig, Device
from oneentry_scenarios.mock_server import DEFAULT_SHOP, Server
from oneentry_scenarios.shop.checks.compare import INCONCLUSIVE
from oneentry_scenarios.shop.checks.lists import pages_differ
from oneentry_scenarios.shop.checks.side_effects import _strange_entries, nothing_else_has_changed
from oneentry_scenarios.shop.checks.sign_in import lifetime_of
from oneentry_scenarios.shop.domain import Line, StepMissing
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.people import Personas
from oneentry_scenarios.shop.profile import Profile

ONE = Line("Product 14", 1)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def shop(server: Server) -> Iterator[Callable[..., Personas]]:
    """Makes the people of a scenario in an empty shop, which they may take for a project's: Christina has signed in."""
    server.reset()
    clients = []

    def connect(device: str) -> OneEntry:
        clients.append(OneEntry(ClientConfig(server.url, DEFAULT_SHOP.app_token, Device.named(device))))
        return clients[-1]

    def people(*, is_mock_shop: bool = True) -> Personas:
        christina, ben = ((user.identifier, user.password) for user in DEFAULT_SHOP.users[:2])
        people = Personas(
            christina=christina,
            ben=ben,
            profile=Profile(),
            is_mock_shop=is_mock_shop,
            connect=connect,
            generate=lambda *_: "Ben Smith",
            skip_without_second_user=lambda: None,
            run_id=None,
        )
        people["Christina"].sign_in()
        return people

    yield people
    for client in clients:
        client.close()


def told(people: Personas) -> str:
    with pytest.raises(AssertionError) as error:
        nothing_else_has_changed(people)
    return re.sub(r" \(\w+\.\w+\)", "", str(error.value).removeprefix("Unexpected changes:\n  "))


def test_actions_of_the_scenario_are_no_side_effects(server: Server, shop: Callable[..., Personas]) -> None:
    people = shop()
    christina, ben = people["Christina"], people["Ben"]
    ben.sign_in()
    first, second = christina.place("card", ONE), christina.place("cash", ONE)
    christina.open_session(first.order.id)
    christina.open_session(first.order.id)
    christina.change(second, Line("Product 2", 3))
    ben.open_session(ben.place("cash", ONE).order.id)
    nothing_else_has_changed(people)
    server.controls.move_clock(timedelta(seconds=1))
    server.controls.settle_payment(first.order.id, "completed")
    people.expected.note_payment_outcome(first.order.id, "completed")
    ben.sign_out()
    nothing_else_has_changed(people)
    christina.sign_out(everywhere=True)
    nothing_else_has_changed(people)


def other(people: Personas) -> OneEntry:
    """A client of Christina's whose calls are not recorded."""
    client = people.connect(device="elsewhere")
    client.access_token = people["Christina"].current_sign_in.access_token
    return client


def order_again(people: Personas) -> None:
    body = people["Christina"]._new_order(people.expected.confirmations[0].purchase)
    other(people).orders.create_order("orders", body)


def sign_in_data(people: Personas) -> list[AuthField]:
    identity = people["Christina"].identity
    return [{"marker": "email_reg", "value": identity.user}, {"marker": "password_reg", "value": identity.password}]


def cancel(people: Personas) -> None:
    body = people["Christina"]._new_order(people.expected.confirmations[0].purchase) | {"statusIdentifier": "canceled"}
    other(people).orders.update_order_by_marker_and_id("orders", 89, body)


def sign_out(people: Personas) -> None:
    other(people).auth_provider.logout_all("email")


def sign_in_lives_on(people: Personas) -> None:
    people.expected.end_sign_ins("ended", "Christina")


def test_a_check_that_reads_nothing_is_an_error(shop: Callable[..., Personas]) -> None:
    people = shop()
    with pytest.raises(StepMissing, match="This step has nothing to read"):
        nothing_else_has_changed(people)
    people["Christina"].sign_in()
    nothing_else_has_changed(people)


def test_a_renewal_waits_for_a_new_second(shop: Callable[..., Personas], monkeypatch: pytest.MonkeyPatch) -> None:
    christina, waited = shop()["Christina"], list[float]()
    begun, _ = lifetime_of(christina.current_sign_in)
    for elapsed in (-5.0, 0.25, 1.0, 86_400.0):
        now = partial(begun.timestamp().__add__, elapsed)
        monkeypatch.setattr(time, "time", now)
        monkeypatch.setattr(time, "sleep", waited.append)
        renewal = christina.renew(christina.current_sign_in)
        begun, _ = lifetime_of(renewal.new)
    assert waited == [1.0, 0.75, 0.0, 0.0]


def test_a_page_that_the_scenario_cannot_fill_is_named(shop: Callable[..., Personas]) -> None:
    christina = shop()["Christina"]
    with pytest.raises(AssertionError, match=r"page: expected 2, got 0\n.* 2 entries before this step, got 0\Z"):
        pages_differ(christina.two_pages("orders", 2), christina, is_mock_shop=True)


def belongs_to_ben(people: Personas) -> None:
    people.expected.orders[89].owner = "Ben"


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (
            cancel,
            "Order 89 of Christina has changed without an action on it: status: expected inProgress, got canceled",
        ),
        (order_again, "The list of orders of Christina has the unexpected order 90 (form: Christina Thomas; total: "),
        (order_again, "The list of orders of Christina should have a total of 1, got 2"),
        (
            lambda people: other(people).payments.create_session(89, "session"),
            "The list of payment sessions of Christina has the unexpected payment session 46 (order: 89; status: wait",
        ),
        (
            lambda people: people.expected.orders[89].fields.update(total=341),
            "Order 89 of Christina has changed without an action on it: total: expected 341, got 340",
        ),
        (belongs_to_ben, "The list of orders of Christina should not show Ben's orders, got order 89"),
        (sign_out, "The sign-in of Christina on the usual device should be valid: expected success, got 401"),
        (sign_in_lives_on, "The sign-in of Christina on the usual device should have ended: expected 401, got the "),
    ],
)
def test_each_change_is_named(shop: Callable[..., Personas], happens: Callable[[Personas], None], says: str) -> None:
    people = shop()
    people["Christina"].place("cash", ONE)
    nothing_else_has_changed(people)
    happens(people)
    people.expected.note_action()
    assert says in told(people)


def test_in_a_project_an_unexpected_order_is_inconclusive_if_others_are_signed_in(
    shop: Callable[..., Personas],
) -> None:
    people = shop(is_mock_shop=False)
    christina = people["Christina"]
    christina.place("cash", ONE)
    order_again(people)
    assert "has the unexpected order 90 (form: " in told(people)
    people.connect(device="a browser").auth_provider.auth("email", sign_in_data(people))
    nothing_else_has_changed(people)
    assert people.expected.inconclusive == {INCONCLUSIVE["others"]}


def test_in_a_project_orders_from_before_the_scenario_are_ignored(shop: Callable[..., Personas]) -> None:
    people = shop()
    people["Christina"].place("cash", ONE)
    people.expected.orders.clear()
    assert "has the unexpected order 89 (form: " in told(people)
    people.expected.is_mock_shop = False
    nothing_else_has_changed(people)
    people["Christina"].place("card", ONE)
    nothing_else_has_changed(people)
    people["Christina"].look_at("orders")
    people["Christina"].place("cash", ONE)
    nothing_else_has_changed(people)
    with pytest.raises(StepMissing, match="This step cannot use order 89: it was placed in another order storage"):
        people.expected.note_payment_outcome(89, "completed")
    people["Christina"].open_session(89)
    with pytest.raises(StepMissing, match="This step cannot use order 89"):
        nothing_else_has_changed(people)


def shown(ids: Sequence[int], total: int) -> PagedResult:
    records = tuple(SimpleNamespace(id=id_, order_id=id_, status="waiting") for id_ in ids)
    return PagedResult(records, total, "payments.get_sessions", len(ids) < total)


@pytest.mark.parametrize(
    ("before", "after", "problems", "inconclusive"),
    [
        (shown(range(1, 11), 10), shown(range(1, 11), 10), [], {INCONCLUSIVE["hidden"]}),
        (shown(range(1, 11), 40), shown(range(1, 11), 41), [], set()),
        (shown(range(1, 11), 40), shown(range(1, 11), 42), ["should have a total of 41, got 42"], set()),
        (shown(range(40, 30, -1), 10), shown([89, *range(40, 31, -1)], 10), [], set()),
    ],
    ids=["total capped, too", "oldest first", "one more, hidden", "newest first"],
)
def test_a_list_that_is_read_again_shows_the_records_created_since(
    shop: Callable[..., Personas], before: PagedResult, after: PagedResult, problems: list[str], inconclusive: set[str]
) -> None:
    people = shop(is_mock_shop=False)
    people.expected.remember_list("Christina", "payment sessions", before)
    people.expected.orders[90] = people.expected.sessions[89] = SimpleNamespace(owner="Christina")  # type: ignore[assignment]
    assert [*_strange_entries(people, people["Christina"], "payment sessions", after)] == problems
    assert people.expected.inconclusive == inconclusive
