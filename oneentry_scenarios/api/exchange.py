"""Requests and responses, typed and redacted: safe to show and to store."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import httpx

from oneentry_scenarios.api.body import Body
from oneentry_scenarios.redaction.placeholders import PERSONAL
from oneentry_scenarios.redaction.redactor import Redactor, Shown

#: Names are in lower case; a name can repeat.
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
    """A response, redacted and decompressed."""

    status: int
    reason: str
    headers: Headers
    body: Body | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call, by the client's name for it, `orders.create_order`. Without a `response`, `failure` has the cause."""

    operation: str
    request: Request
    response: Response | None
    failure: str = ""

    def __str__(self) -> str:
        """Return request and response in a readable form similar to HTTP."""
        request, response = self.request, self.response
        status = f"{response.status} {response.reason}" if response else f"no response: {self.failure}"
        parts = f"{request.method} {request.url}", request.body, status, response and response.body
        return "\n".join(str(part) for part in parts if part)


class MessageRedactor:
    """Redacts each message of a client once, for both the client and the cassette."""

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self._redacted = lru_cache(maxsize=2)(self._redact)  # the latest request and the latest response

    def redact_request(self, method: str, url: str, headers: Iterable[tuple[str, str]], content: bytes) -> Request:
        """Redact a request. Personal data in it comes from the scenario: it stays, also in later responses."""
        return cast("Request", self._redacted(Request, PERSONAL, method, url, tuple(sorted(headers)), content))

    def redact_response(
        self, status: int, reason: str, headers: Iterable[tuple[str, str]], content: bytes, shown: Shown = frozenset()
    ) -> Response:
        """Redact a response, except for the kinds in `shown`; `content` is decompressed."""
        return cast("Response", self._redacted(Response, shown, status, reason, tuple(sorted(headers)), content))

    def _redact(
        self, kind: Callable[..., object], shown: Shown, start: str | int, text: str, headers: Headers, content: bytes
    ) -> object:
        media = dict(headers).get("content-type", "")
        if "charset=" in media.lower() and "utf-8" not in media.lower():  # decode as httpx does, then encode as UTF-8
            content = httpx.Response(200, headers={"content-type": media}, content=content).text.encode()
            headers = tuple((name, re.sub("(?i)charset=[^;]+", "charset=utf-8", value)) for name, value in headers)
        body = Body.of(content)
        if kind is Request:
            query = [value for _, value in parse_qsl(urlsplit(text).query)]
            self.redactor.keep_sent_texts([query, body and body.parsed()])
        # New values are numbered in this order: address, headers, body.
        redacted = self.redactor.stored_text(text, shown), self.redactor.headers(headers, shown)
        return kind(start, *redacted, self._body(body, shown))

    def _body(self, body: Body | None, shown: Shown) -> Body | None:
        if body is None or body.text is None:
            return body and Body(json=self.redactor.json(body.structure, shown=shown))
        return Body(text=self.redactor.stored_text(body.text, shown))
