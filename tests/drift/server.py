"""A mock server that has drifted."""

import json
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.world import DEFAULT, World
from tests.drift.changes import Change


class DriftingServer(Server):
    """A project whose responses to some requests are changed on their way out; `drifts`: method and path -> change."""

    def __init__(self, world: World = DEFAULT) -> None:
        super().__init__(world=world)
        self.drifts: dict[str, Change] = {}
        self.application = self._drifting(self.application)

    def _drifting(self, app: ASGIApp) -> ASGIApp:
        async def drifting(scope: Scope, receive: Receive, send: Send) -> None:
            change = self.drifts.get(f"{scope['method']} {scope['path'].removeprefix('/api/content')}")
            start: dict[str, Any] = {}

            async def send_changed(message: Message) -> None:
                if change is None:
                    await send(message)
                elif message["type"] == "http.response.start":
                    start.update(message)
                else:
                    response = {"status": start["status"], "body": {"json": json.loads(message["body"])}}
                    change(response)
                    content = json.dumps(response["body"]["json"]).encode()
                    start["headers"] = [
                        *((name, value) for name, value in start["headers"] if name != b"content-length"),
                        (b"content-length", str(len(content)).encode()),
                    ]
                    await send({**start, "status": response["status"]})
                    await send({**message, "body": content})

            await app(scope, receive, send_changed)

        return drifting
