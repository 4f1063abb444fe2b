"""The client against the mock server, over real HTTP, in both eras: what no scenario calls or looks at."""

from collections.abc import Iterator

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.mock_server import OTHER, Era, Server
from tests.seed import AUTH_DATA


@pytest.fixture(scope="module", params=list(Era))
def running(request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(era=request.param) as server:
        yield server


@pytest.fixture
def buyer(running: Server) -> Iterator[OneEntry]:
    """The seed's user, signed in, in a fresh shop."""
    running.reset()
    with OneEntry(ClientConfig(running.url, "your-app-token")) as client:
        client.auth_provider.auth("email", AUTH_DATA)
        yield client


def test_providers_storages_statuses_accounts_and_the_user(buyer: OneEntry) -> None:
    assert [provider.identifier for provider in buyer.auth_provider.get_auth_providers()] == ["email", "phone"]
    assert buyer.auth_provider.get_auth_provider_by_marker("email").form_identifier == "reg"
    [storage] = buyer.orders.get_all_orders_storage()
    assert buyer.orders.get_orders_storage_by_marker("orders") == storage
    assert [account.identifier for account in storage.payment_account_identifiers] == ["cash", "stripe", "bank"]
    statuses = buyer.orders.get_all_statuses_by_storage_marker("orders")
    assert [status.identifier for status in statuses if status.is_default and status.axis in (None, "order")] == [
        "inProgress"
    ]
    assert statuses[0].localize_infos.title == "In progress"
    accounts = buyer.payments.get_accounts()
    assert buyer.payments.get_account_by_id(2) == accounts[1]
    assert buyer.users.get_user().identifier == "your-user@email.com"


def test_texts_come_in_the_language_asked_for() -> None:
    with Server(world=OTHER) as server, OneEntry(ClientConfig(server.url, OTHER.app_token), "de_DE") as client:
        user = OTHER.users[0]
        client.auth_provider.auth(
            "konto", [{"marker": "kennung", "value": user.identifier}, {"marker": "kennwort", "value": user.password}]
        )
        statuses = client.orders.get_all_statuses_by_storage_marker("bestellungen")
        assert [status.localize_infos.title for status in statuses] == ["Storniert", "Offen", "Bezahlt"]
