"""A request and its response as people and files may see them: typed and redacted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from oneentry_scenarios.api.body import Body
from oneentry_scenarios.redaction.redactor import Redactor

#: Names are in lower case; a name can occur more than once.
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request, redacted."""

    method: str
    url: str
    headers: Headers
    body: Body | None


@dataclass(frozen=True, slots=True)
class Response:
    """A response, redacted. Its body is decompressed."""

    status: int
    reason: str
    headers: Headers
    body: Body | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call, named as the client does: `orders.create_order`. Without a `response`, `failure` says why none came."""

    operation: str
    request: Request
    response: Response | None
    failure: str = ""

    def __str__(self) -> str:
        """Both messages as they might look on the wire, for a terminal."""
        request, response = self.request, self.response
        status = f"{response.status} {response.reason}" if response else f"no answer: {self.failure}"
        parts = f"{request.method} {request.url}", request.body, status, response and response.body
        return "\n".join(str(part) for part in parts if part)


Message = TypeVar("Message", Request, Response)


class MessageRedactor:
    """Redacts each message of a client once, though both the client and the cassette need it redacted."""

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self._latest: dict[type, tuple[object, Any]] = {}

    def redact_request(self, method: str, url: str, headers: Iterable[tuple[str, str]], content: bytes) -> Request:
        """The request, redacted."""
        return self._once(Request, method, url, sorted(headers), content)

    def redact_response(self, status: int, reason: str, headers: Iterable[tuple[str, str]], content: bytes) -> Response:
        """The response, redacted; `content` is decompressed."""
        return self._once(Response, status, reason, sorted(headers), content)

    def _once(self, kind: type[Message], *message: Any) -> Message:
        """Redact a `message`; the latest of its `kind` is not redacted again."""
        if kind not in self._latest or self._latest[kind][0] != message:
            start, text, headers, content = message
            # Address, headers, body: new values get their numbers in this order.
            redacted = self.redactor.string(text), self.redactor.headers(headers), self._body(content)
            self._latest[kind] = message, kind(start, *redacted)
        return cast("Message", self._latest[kind][1])

    def _body(self, content: bytes) -> Body | None:
        body = Body.of(content)
        if body is None or body.text is None:
            return body and Body(json=self.redactor.json(body.structure))
        self.redactor.json(body.parsed())  # of JSON that is kept as text, the names of fields say what is secret
        return Body(text=self.redactor.string(body.text))
