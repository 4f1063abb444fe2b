"""A mock server that has drifted."""

from dataclasses import replace
from typing import Any

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, ShopData
from tests.drift.changes import Change
from tools.faults import injection
from tools.faults.messages import Answer, Request


class DriftingServer(Server):
    """A project whose responses to some requests are changed on their way out; `drifts`: method and path -> change."""

    def __init__(self, shop_data: ShopData = DEFAULT_SHOP) -> None:
        super().__init__(shop_data=shop_data)
        self.drifts: dict[str, Change] = {}
        self.layer = injection.Injector(self.application, injection.Change(after=self._drifted))
        self.application = self.layer

    async def _drifted(self, request: Request, given: Answer, _: injection.MockShop) -> Answer | None:
        change = self.drifts.get(f"{request.method} {request.path.removeprefix('/api/content')}")
        if change is None:
            return None
        response: dict[str, Any] = {"status": given.status, "body": {"json": given.json}}
        change(response)
        return replace(given.with_json(response["body"]["json"]), status=response["status"])
