"""Requests and responses in the fault layer between the suite and the mock server."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from starlette.types import Receive, Scope

from oneentry_scenarios.mock_server.routes import OPERATIONS

#: How a response reaches the suite: whole; in chunks, without its length; never; the connection is closed before the
#: first byte, or within the body; the body stops halfway and the connection stays open.
Delivery = Literal["whole", "chunked", "never", "dropped", "cut", "stalls"]

_PATHS = [
    (each.method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", each.path.rstrip("/")) + "/?"), each.name)
    for each in OPERATIONS
]
#: The full name of each operation by its last part, such as `orders.create_order` by `create_order`.
OPERATION_OF = {each.name.partition(".")[2]: each.name for each in OPERATIONS}


@dataclass(frozen=True)
class Request:
    """A request of the suite, with header names in lower case."""

    scope: Scope
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    async def read(cls, scope: Scope, receive: Receive) -> Self:
        """Read the whole request."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return cls(scope, {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}, body)

    @property
    def method(self) -> str:
        """The method in upper case."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path without the query."""
        return str(self.scope["path"])

    @property
    def operation(self) -> str:
        """The client's name for the call without its group, such as `create_order`; empty for an unknown path."""
        known = (name for method, path, name in _PATHS if method == self.method and path.fullmatch(self.path))
        return next(known, "").partition(".")[2]

    @property
    def token(self) -> str:
        """The access token; empty if none is sent."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    def to(self, method: str, path: str, body: object = None) -> Self:
        """Return another request of the same caller."""
        raw_path, _, query = path.partition("?")
        scope = {**self.scope, "method": method, "path": raw_path, "raw_path": raw_path.encode()}
        content = b"" if body is None else rendered(body)
        return type(self)({**scope, "query_string": query.encode()}, self.headers, content)

    def with_json(self, value: object) -> Self:
        """Return the same request with another body."""
        return replace(self, body=rendered(value))

    def with_headers(self, **headers: str) -> Self:
        """Return the same request with other headers; `_` becomes `-`."""
        return replace(self, headers={**self.headers, **{name.replace("_", "-"): headers[name] for name in headers}})

    def as_scope(self) -> Scope:
        """Return the ASGI scope of the request."""
        headers = {**self.headers, "content-length": str(len(self.body))}
        return {**self.scope, "headers": [(name.encode(), text.encode("latin-1")) for name, text in headers.items()]}


@dataclass(frozen=True)
class Answer:
    """The response to a request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delivery: Delivery = "whole"

    @property
    def is_success(self) -> bool:
        """Whether the API accepted the request."""
        return self.status < 300

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    def with_json(self, value: object) -> Self:
        """Return the same response with another body."""
        return replace(self, body=rendered(value))

    def changed(self, change: Callable[[Any], object]) -> Self:
        """Return the same response with its JSON changed by `change`."""
        return self.with_json(change(self.json))

    def with_header(self, name: str, value: str) -> Self:
        """Return the same response with another header."""
        return replace(self, headers=(*(each for each in self.headers if each[0] != name), (name, value)))

    def received(self) -> str:
        """Return everything that the suite receives, for comparisons."""
        return repr((self.status, sorted(self.headers), self.body, self.delivery))


def rendered(value: object) -> bytes:
    """Return JSON in the API's format."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_answer(status: int, value: object) -> Answer:
    """Return a response created by the fault layer."""
    return Answer(status, (("content-type", "application/json; charset=utf-8"),), rendered(value))
