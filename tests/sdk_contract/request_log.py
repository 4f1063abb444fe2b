"""A log of the requests to a mock server, to compare what two clients send."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneentry_scenarios.mock_server import Server


@dataclass(frozen=True)
class Received:
    """One request as received. Header names are in lower case; without a body `json` is `None`."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    json: Any


class RequestLog(list[Received]):
    """The requests of a server in order of arrival."""

    def listen_to(self, server: Server) -> None:
        """Log this server's requests from now on."""
        server.application = self._logging(server.application)

    def _logging(self, app: ASGIApp) -> ASGIApp:
        async def logged(scope: Scope, receive: Receive, send: Send) -> None:
            body = b""

            async def receive_and_keep() -> Message:
                nonlocal body
                message = await receive()
                body += message.get("body", b"")
                if message["type"] == "http.request" and not message.get("more_body"):
                    self.append(_received(scope, body))
                return message

            await app(scope, receive_and_keep, send)

        return logged


def _received(scope: Scope, body: bytes) -> Received:
    return Received(
        method=scope["method"],
        path=scope["raw_path"].decode(),
        query=scope["query_string"].decode(),
        headers={name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
        json=json.loads(body) if body else None,
    )
