"""Sends one call to the API and turns its answer into JSON, or into the error that tells what went wrong."""

from __future__ import annotations

import functools
import json
import secrets
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

import httpx
from pydantic import TypeAdapter, ValidationError

from oneentry_scenarios.api.errors import NO_MESSAGE, Refused, Unreachable, Unreadable
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.redaction.redactor import Kind, Redactor

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Shape = TypeVar("Shape")
#: How the wire has an order's form: by language where it is written, a list where it is read (Swift SDK's decoders).
FormShape = Literal["by language", "a list"]

CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Device:
    """The device that the client runs on, as `x-device-metadata` tells it. A refresh token belongs to one device."""

    fingerprint: str = field(default_factory=lambda: f"UQ_{secrets.token_hex(16)}")

    def header(self) -> str:
        """The header's JSON: keys and types as the official client sends them, naming Python."""
        device = {"os": "Python", "browser": f"Python/{self.fingerprint[3:13]}", "location": "en-US"}
        return _to_json({"fingerprint": self.fingerprint, "deviceInfo": device})


@dataclass(frozen=True)
class Connection:
    """Where and how calls are sent. Times are in seconds.

    `before_call` hears of each call, its operation and its body, before it is sent, and keeps it from being sent by
    raising; `on_exchange` hears of each exchange, redacted, before its outcome is looked at. `http_transport` takes the
    place of the network, in replay and in tests.
    """

    project_url: str
    app_token: str = field(repr=False)
    device: Device = field(default_factory=Device)
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    read_timeout: float = READ_TIMEOUT_SECONDS
    uses_proxy_variables: bool = False
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    before_call: Callable[[str, object], None] = field(default=lambda *_: None, repr=False)
    on_exchange: Callable[[Exchange], None] = field(default=lambda _: None, repr=False)
    http_transport: httpx.BaseTransport | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reply:
    """A successful answer: its JSON, numbers as `int` or `Decimal`, still to be checked against a model."""

    json: Any
    exchange: Exchange
    request: httpx.Request
    response: httpx.Response
    redactor: Redactor

    def into(self, shape: type[Shape]) -> Shape:
        """The answer as `shape`: a model, or a built-in type of models such as `tuple[Order, ...]`.

        Raises:
            Unreadable: it has another shape; each field that differs is named.
        """
        try:
            checked: Shape = _adapter(cast("Any", shape)).validate_python(
                self.json, context={"operation": self.exchange.operation}
            )
        except ValidationError as error:
            raise self.unreadable(*map(self._describe, error.errors(include_url=False))) from None
        return checked

    def with_status(self, status: int) -> Reply:
        """The same answer, which must have this very status.

        Raises:
            Unreadable: it was another success.
        """
        if self.response.status_code != status:
            raise self.unreadable(f"the status should be {status}, is {self.response.status_code}")
        return self

    def in_language(self, language: str, *, forms: FormShape | None = None) -> Reply:
        """The same answer with the language level taken out, as the official client does (`_normalizeData`).

        Raises:
            Unreadable: a form is there, but not in `language`, or not in the shape that `forms` says.
        """
        return replace(self, json=self._unwrapped(self.json, language, forms))

    def _unwrapped(self, value: Any, language: str, forms: FormShape | None) -> Any:
        if isinstance(value, list):
            return [self._unwrapped(item, language, forms) for item in value]
        if not isinstance(value, dict):
            return value
        if language in value:
            return value[language]
        form = value.get("formData")
        if isinstance(form, dict) and (language not in form or forms == "a list"):
            found = ", ".join(form) or "no language"
            raise self.unreadable(
                f"formData: should be {forms or 'by language'} in {language}, is by language: {found}"
            )
        if isinstance(form, list) and forms == "by language":
            raise self.unreadable("formData: should be by language, is a list")
        return {name: self._unwrapped(item, language, forms) for name, item in value.items()}

    def unreadable(self, *fields: str) -> Unreadable:
        """The error that says that `fields` of this answer are not as documented."""
        return Unreadable(fields, exchange=self.exchange, request=self.request, response=self.response)

    def _describe(self, error: ErrorDetails) -> str:
        field = ".".join(map(str, error["loc"])) or "the body"
        expected = error["msg"].removeprefix("Value error, ")
        if error["type"] == "missing":
            return f"{field} is missing"
        got = self.redactor.json({str((error["loc"] or ("",))[-1]): error["input"]})
        return f"{field}: {expected}, got {next(iter(got.values()))!r:.200}"


class Transport:
    """One signed-in or signed-out user's line to the API. `access_token` is set by signing in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._redactor = connection.redactor
        self._redactor.learn(connection.app_token, Kind.APP_TOKEN)
        self._redactor.learn(urlsplit(connection.project_url).netloc, Kind.HOST)
        self.access_token: str | None = None
        self._http = httpx.Client(
            base_url=connection.project_url,
            # Both would differ with the installed packages: servers put the name into the access token, and so into
            # cassettes, and what can be unpacked decides how answers come.
            headers={"User-Agent": "oneentry-scenarios", "Accept-Encoding": "gzip, deflate"},
            verify=_tls_context() if connection.http_transport is None else True,
            transport=connection.http_transport,
            trust_env=connection.uses_proxy_variables,
            timeout=httpx.Timeout(connection.read_timeout, connect=connection.connect_timeout),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: object = None,
    ) -> Reply:
        """Send one request and return the answer. Nothing is ever sent twice.

        Raises:
            Refused: the API answered with an error status.
            Unreadable: the API answered with success, but not with JSON.
            Unreachable: no answer came.
        """
        self._connection.before_call(operation, body)
        content = None if body is None else _to_json(body).encode()
        request = self._http.build_request(method, path, params=query, content=content, headers=self._headers(method))
        try:
            response = self._http.send(request)
        except httpx.RequestError as error:
            cause = _cause(error)
            exchange = self._exchange(operation, request, None, cause)
            raise Unreachable(
                f"{request.url.scheme}://{request.url.netloc.decode()}", cause, exchange=exchange, request=request
            ) from None
        exchange = self._exchange(operation, request, response, response.reason_phrase)
        if response.is_success:
            return self._read(exchange, request, response)
        if response.is_redirect:
            target = self._redactor.text(response.headers["location"])
            raise Unreadable([f"it redirects to {target}"], exchange=exchange, request=request, response=response)
        reason, named_status = _said(response)
        raise Refused(
            self._redactor.text(reason),
            status=response.status_code,
            named_status=named_status,
            exchange=exchange,
            request=request,
            response=response,
        )

    def _headers(self, method: str) -> dict[str, str]:
        """As npm `oneentry` 1.0.149 sends them (`makeOptions`): the device on each POST and only there."""
        headers = {"Content-Type": "application/json", "x-app-token": self._connection.app_token}
        if method == "POST":
            headers["x-device-metadata"] = self._connection.device.header()
        if self.access_token is not None:
            headers["Authorization"] = f"Bearer {self.access_token}"
        return headers

    def _exchange(
        self, operation: str, request: httpx.Request, response: httpx.Response | None, reason: str
    ) -> Exchange:
        redactor = self._redactor
        exchange = Exchange(
            operation=operation,
            method=request.method,
            url=redactor.url(str(request.url)),
            request_headers=tuple(redactor.headers(request.headers.multi_items())),
            request_body=redactor.body(request.content),
            status=response.status_code if response is not None else None,
            reason=reason,
            response_headers=tuple(redactor.headers(response.headers.multi_items())) if response is not None else (),
            response_body=redactor.body(response.content) if response is not None else "",
        )
        self._connection.on_exchange(exchange)
        return exchange

    def _read(self, exchange: Exchange, request: httpx.Request, response: httpx.Response) -> Reply:
        try:
            value = json.loads(
                response.content.decode(),
                parse_float=Decimal,
                parse_constant=_refuse_constant,
                object_pairs_hook=_without_duplicates,
            )
        except (ValueError, RecursionError) as error:
            problem = self._redactor.text(str(error)) if response.content else "it is empty"
            problem = f"the body is not JSON: {problem}"
            raise Unreadable([problem], exchange=exchange, request=request, response=response) from None
        if "json" not in (kind := response.headers.get("content-type", "none")):
            problem = f"the content type should be application/json, is {kind}"
            raise Unreadable([problem], exchange=exchange, request=request, response=response)
        return Reply(value, exchange, request, response, self._redactor)


@functools.cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """One a process: making one costs more than a whole replayed scenario."""
    return httpx.create_ssl_context()


def _cause(error: httpx.RequestError) -> str:
    if isinstance(error, httpx.DecodingError):
        return f"an answer came, but it cannot be unpacked as its content-encoding says ({error})"
    if isinstance(error, httpx.TimeoutException):
        waited = "connection" if isinstance(error, httpx.ConnectTimeout) else "answer"
        return f"the {waited} took too long"
    return str(error) or type(error).__name__


def _said(response: httpx.Response) -> tuple[str, object]:
    """The API's message, which is text, or a list of texts from form validators; and the status that it names."""
    try:
        said = dict(response.json())
    except (ValueError, TypeError):
        return NO_MESSAGE, None
    message = said.get("message") or NO_MESSAGE
    return "; ".join(map(str, message)) if isinstance(message, list) else str(message), said.get("statusCode")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(twice)} stands in it twice")
    return members
