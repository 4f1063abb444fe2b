"""What a live run leaves out, skips and stops at: what shops need not refuse, test accounts, throttling."""

import re
from collections.abc import Iterator

import pytest

from oneentry_scenarios.mock_server import Server
from tests.conftest import Project
from tests.drift.changes import Change, body, refused
from tests.drift.server import DriftingServer
from tests.live.projects import LiveProject
from tests.live.test_live import LIST, LIVE, listed
from tools.healthy.catalogue import SHOPS
from tools.healthy.shop import layer

#: A healthy shop that takes an order of no pieces, as one.
[QUANTITIES] = [shop for shop in SHOPS if shop.id == "unpromised/quantities"]
ORDERS = "/orders-storage/marker/orders/orders"


@pytest.fixture
def server() -> Iterator[DriftingServer]:
    with DriftingServer() as server:
        yield server


def from_the(nth: int, change: Change) -> Change:
    """A change of this and later responses."""
    left = [nth - 1]

    def counted(response: dict[str, object]) -> None:
        left[0] -= 1
        if left[0] < 0:
            change(response)

    return counted


def test_the_first_429_stops_the_run(project: Project, server: DriftingServer) -> None:
    server.drifts[f"POST {ORDERS}"] = from_the(2, refused(429, "Rate Limit Exceeded"))
    shop = LiveProject(server.url)
    outcome = project.run(LIVE, "--all", "features/ordering.feature", **shop.variables)
    outcome.expect(1, "1 failed, 1 passed", "stopped: the project limits how often it is called (429)")
    [order] = listed(project.root)
    assert len(listed(project.root, "refused")) == 1
    summary = outcome.output[outcome.output.index("= live =") :]
    assert re.search(
        r"127\.0\.0\.1:\d+ limits how often it is called \(429\)\. The run has stopped and does not retry\. "
        r"Wait a minute, then send fewer requests per second: ONEENTRY_REQUESTS_PER_SECOND=2\n"
        r"\d\d scenarios not run\.\n"
        rf"Created 1 order that the API cannot delete: order {order['id']}\. Listed in {LIST}\.",
        summary,
    ), summary
    left = int(re.findall(r"(\d+) scenarios not run", summary)[0])
    assert f"collected {left + 2 + 6} items / 6 deselected" in outcome.output, "six are @unpromised"


def test_nothing_is_called_after_a_429_and_no_scenario_passes_with_one(
    project: Project, server: DriftingServer
) -> None:
    """The refusal that a scenario expects is not this one; nor is it recorded."""
    shop = LiveProject(server.url)
    name = "features/ordering.feature::ordering-in-an-order-storage-that-does-not-exist-is-refused"
    server.drifts = {f"POST {ORDERS.replace('/orders/orders', '/no-such-marker/orders')}": refused(429, "Too many")}
    before = project.cassettes()
    assert project.run(LIVE, "--all", "--collect-only", name, **shop.variables).code == 0
    assert server.layer.received == []
    outcome = project.run(LIVE, "--all", "--record", name, **shop.variables | {"ONEENTRY_REQUESTS_PER_SECOND": "50"})
    outcome.expect(1, "ONEENTRY_REQUESTS_PER_SECOND=25", "0 scenarios not run.")
    assert project.cassettes() == before
    assert len(server.layer.received) == 10 + 3, "the preflight's, sign-in, counting orders, order; no call after that"


@pytest.mark.parametrize(
    ("asked", "left_out", "count"),
    [
        ("--all", 7, 107),
        ("-kordering-a-quantity", 3, 0),
        ("features/ordering.feature", 6, 36),
        ("features/ordering.feature::ordering-a-quantity-of-quantity-is-refused[0]", 0, 1),
        *((f"-m{each}", 0, 7) for each in ("unpromised", "ordering and unpromised")),
    ],
)
def test_what_nobody_promises_to_refuse_is_left_out_unless_it_is_named(
    project: Project, server: DriftingServer, asked: str, left_out: int, count: int
) -> None:
    outcome = project.run(LIVE, asked, "--collect-only", "-q", **LiveProject(server.url).variables)
    assert outcome.output.count("feature::") == count, outcome.output
    why = f"{left_out} scenarios left out: a healthy shop may behave in another way. To run them:"
    assert [each in outcome.output for each in (why, "-m unpromised", "left out")] == [left_out > 0] * 3


def test_an_order_that_nobody_promised_to_refuse_is_listed(project: Project) -> None:
    with Server() as server:
        server.application = layer(QUANTITIES, server.application)
        shop = LiveProject(server.url)
        outcome = project.run(LIVE, "-m", "unpromised", "-k", "quantity-of and 0", **shop.variables)
        [order] = shop.orders()
    assert [each["id"] for each in listed(project.root)] == [order.id]
    assert f"Created 1 order that the API cannot delete: order {order.id}." in outcome.output


def test_what_an_account_in_test_mode_cannot_do_is_skipped(project: Project, server: DriftingServer) -> None:
    """Observed: `settings` decides whether the server takes an order, also in test mode."""
    unconnected = {"settings": {"status": "not_connected"}, "testSettings": {"status": "connected"}}
    server.drifts["GET /payments/accounts"] = body(
        lambda accounts: [each.update(unconnected) for each in accounts if each["identifier"] == "stripe"]
    )
    server.drifts[f"POST {ORDERS}"] = refused(400, "Your payment account is not connected.")
    shop = LiveProject(server.url)
    outcome = project.run(
        LIVE, "-k", "a-card-payment-session-has or a-card-payment-intent or has-no-payment-session", **shop.variables
    )
    assert "1 failed, 2 skipped" in outcome.output, "in cash, the same refusal is a failure"
    hint = 'Profile: [accounts] card = "stripe": this payment account accepts test payments only: '
    before, _, after = outcome.output.partition("features/payment_sessions.feature ")
    assert hint in before
    assert f"2 skipped: {hint}" in after
