"""The client against the mock server of the other shop, over real HTTP."""

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.mock_server import OTHER, Server


def test_texts_come_in_the_language_asked_for() -> None:
    with Server(world=OTHER) as server, OneEntry(ClientConfig(server.url, OTHER.app_token), "de_DE") as client:
        user = OTHER.users[0]
        client.auth_provider.auth(
            "konto", [{"marker": "kennung", "value": user.identifier}, {"marker": "kennwort", "value": user.password}]
        )
        statuses = client.orders.get_all_statuses_by_storage_marker("bestellungen")
        assert [status.localize_infos.title for status in statuses] == ["Storniert", "Offen", "Bezahlt"]
