"""Sends one request to the API and returns the response's JSON, or raises an error with the cause."""

import functools
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self, TypeVar, cast
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from oneentry_scenarios.api.body import parse_json_exactly
from oneentry_scenarios.api.errors import Refused, Unreachable, Unreadable
from oneentry_scenarios.api.exchange import Exchange, MessageRedactor, Request
from oneentry_scenarios.api.limits import ResponseLimits
from oneentry_scenarios.api.models import Item, Listing
from oneentry_scenarios.redaction.redactor import Kind, Redactor

Shape = TypeVar("Shape")
Query = Mapping[str, str | int] | None
#: Layout of `formData` in a response: by language after create and update, a list in orders as read (Swift SDK).
Layout = Literal["by language", "a list", None]

CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0
#: Fixed values: httpx's defaults depend on the installed packages, and cassettes must not.
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}
_HEADERS |= {"Content-Type": "application/json", "User-Agent": "oneentry-scenarios"}

# Created once per process: a TLS context costs more than a whole replayed scenario.
_adapter = functools.cache(TypeAdapter)
_tls_context = functools.cache(httpx.create_ssl_context)
_url = functools.lru_cache(maxsize=1000)(httpx.URL)
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Device:
    """The client's device, for the header `x-device-metadata`. A refresh token belongs to one device."""

    fingerprint: str = field(default_factory=lambda: f"UQ_{secrets.token_hex(16)}")

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the device of this name, the same in each run."""
        return cls(f"UQ_{name.replace(' ', '-')}")

    @property
    def browser(self) -> str:
        """The device's browser as the shop shows it; it begins with `Python/`."""
        return f"Python/{self.fingerprint[3:13]}"

    def header(self) -> str:
        """Return the header's JSON, with the official client's keys and types; `os` and `browser` are Python."""
        device = {"os": "Python", "browser": self.browser, "location": "en-US"}
        return _to_json({"fingerprint": self.fingerprint, "deviceInfo": device})


@dataclass(frozen=True)
class ClientConfig:
    """Where and how to send requests. Timeouts are in seconds: to connect, and then for the whole response.

    `before_call` receives each operation and its redacted request, and may raise to stop it; `on_exchange` receives
    each redacted exchange before its outcome is checked. `http_transport` replaces the network in replay and tests.
    """

    project_url: str
    app_token: str = field(repr=False)
    device: Device = field(default_factory=Device)
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    read_timeout: float = READ_TIMEOUT_SECONDS
    uses_proxy_variables: bool = False
    message_redactor: MessageRedactor = field(default_factory=lambda: MessageRedactor(Redactor()), repr=False)
    before_call: Callable[[str, Request], None] = field(default=lambda *_: None, repr=False)
    on_exchange: Callable[[Exchange], None] = field(default=lambda _: None, repr=False)
    http_transport: httpx.BaseTransport | None = field(default=None, repr=False)


@dataclass(frozen=True)
class JsonResponse:
    """The JSON of a successful response, not yet validated; numbers are `int` or `Decimal`."""

    json: Any
    exchange: Exchange
    redactor: Redactor

    def into(self, shape: type[Shape]) -> Shape:
        """Validate the JSON as `shape`, a model or built-in type; raise Unreadable, which lists each wrong field."""
        context = {"operation": self.exchange.operation}
        try:
            return cast("Shape", _adapter(cast("Any", shape)).validate_python(self.json, context=context))
        except ValidationError as error:
            raise Unreadable([*map(self._describe, error.errors(include_url=False))], self.exchange) from None

    def into_list(self, model: type[Item]) -> Listing[Item]:
        """Validate the JSON as a list of `model`. Raises like `into`."""
        return Listing.of(self.into(cast("type[list[Item]]", list[model])), self.exchange.operation)  # type: ignore[valid-type]

    def require_created(self) -> Self:
        """Return this response; raise Unreadable if its status is not 201."""
        if (status := self.exchange.response and self.exchange.response.status) != 201:
            raise Unreadable([f"the status should be 201, but is {status}"], self.exchange)
        return self

    def _describe(self, error: ErrorDetails) -> str:
        field = ".".join(map(str, error["loc"])) or "the body"
        expected = error["msg"].removeprefix("Value error, ")
        if error["type"] == "missing":
            return f"{field} is missing"
        got = self.redactor.json({str((error["loc"] or ("",))[-1]): error["input"]})
        return f"{field}: {expected}, got {next(iter(got.values()))!r:.200}"


class Transport:
    """One user's connection to the API. Signing in sets `access_token`, which later requests carry."""

    def __init__(self, config: ClientConfig, language: str) -> None:
        self._config = config
        self.language = language
        self._message_redactor = config.message_redactor
        self._redactor = config.message_redactor.redactor
        self._redactor.learn(config.app_token, Kind.APP_TOKEN)
        self._redactor.learn(httpx.URL(config.project_url).netloc.decode(), Kind.HOST)
        self.access_token: str | None = None
        self._base = config.project_url.rstrip("/")
        self._http = httpx.Client(
            verify=_tls_context() if config.http_transport is None else True,
            transport=config.http_transport,
            trust_env=config.uses_proxy_variables,
        )
        # Keep no cookies, like the official client in Node: a shop must not need them.
        self._http.cookies.extract_cookies = lambda *_, **__: None  # type: ignore[method-assign]
        self._limits = ResponseLimits(config.read_timeout)
        timeout = httpx.Timeout(config.read_timeout, connect=config.connect_timeout)
        extensions = {"timeout": timeout.as_dict(), "trace": self._limits.trace}
        self._request = functools.partial(httpx.Request, extensions=extensions)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self, operation: str, method: str, path: str, query: Query = None, body: Any = None, form_layout: Layout = None
    ) -> JsonResponse:
        """Send one request without retries, and strip the language level from the response.

        Raises Refused (error status), Unreadable (not as documented) or Unreachable (no usable response).
        """
        content = None if body is None else _to_json(body).encode()
        address = f"{self._base}{path}" + (f"?{httpx.QueryParams(query)}" if query else "")
        # `Client.build_request` takes twice as long: it merges headers, cookies and addresses.
        request = self._request(method, _url(address), headers=self._headers(method), content=content)
        redacted_request = self._message_redactor.redact_request(
            method, str(request.url), request.headers.multi_items(), request.content
        )
        self._config.before_call(operation, redacted_request)
        self._limits.begin()
        try:
            response = self._http.send(request)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            exchange = Exchange(operation, redacted_request, None, _cause(error, self._config))
            self._config.on_exchange(exchange)
            raise Unreachable(f"{request.url.scheme}://{request.url.netloc.decode()}", exchange) from None
        redacted_response = self._message_redactor.redact_response(
            response.status_code, response.reason_phrase, response.headers.multi_items(), response.content
        )
        exchange = Exchange(operation, redacted_request, redacted_response)
        self._config.on_exchange(exchange)
        if response.is_error:
            raise Refused(exchange, redacted_response)
        if not response.is_success:
            location = dict(redacted_response.headers).get("location")
            undocumented = f"{response.status_code} {response.reason_phrase} is not a documented status"
            raise Unreadable([f"it redirects to {location}" if location else undocumented], exchange)
        return self._read(exchange, response, form_layout)

    def _headers(self, method: str) -> dict[str, str]:
        """Return the headers that npm `oneentry` 1.0.149 sends (`makeOptions`): the device only with POST."""
        headers = _HEADERS | {"x-app-token": self._config.app_token}
        if method == "POST":
            headers["x-device-metadata"] = self._config.device.header()
        if self.access_token is not None:
            headers["Authorization"] = f"Bearer {self.access_token}"
        return headers

    def _read(self, exchange: Exchange, response: httpx.Response, form_layout: Layout) -> JsonResponse:
        try:
            value = parse_json_exactly(response.content)
        except (ValueError, RecursionError) as error:
            problem = self._redactor.free_text(str(error)) if response.content else "it is empty"
            raise Unreadable([f"the body is not JSON: {problem}"], exchange) from None
        if "json" not in (kind := response.headers.get("content-type", "none")):
            raise Unreadable([f"the content type should be application/json, but is {kind}"], exchange)
        right = (200, 201) if exchange.request.method == "POST" else (200,)
        if response.status_code not in right:
            problem = f"the status should be {' or '.join(map(str, right))}, but is {response.status_code}"
            raise Unreadable([problem], exchange)
        return JsonResponse(self._unwrapped(value, exchange, form_layout), exchange, self._redactor)

    def _unwrapped(self, value: Any, exchange: Exchange, form_layout: Layout) -> Any:
        """Strip the language level, as the official client does (`_normalizeData`)."""
        if isinstance(value, list):
            return [self._unwrapped(item, exchange, form_layout) for item in value]
        if not isinstance(value, dict):
            return value
        if self.language in value:
            return value[self.language]
        form = value.get("formData")
        if isinstance(form, dict) and (self.language not in form or form_layout == "a list"):
            lacks = f"has no {self.language}, only {', '.join(form) or 'an empty object'}"
            problem = "should be a list, but is by language" if form_layout == "a list" else lacks
            raise Unreadable([f"formData: {problem}"], exchange)
        if isinstance(form, list) and form_layout == "by language":
            raise Unreadable(["formData: should be by language, but is a list"], exchange)
        return {name: self._unwrapped(item, exchange, form_layout) for name, item in value.items()}


class OperationGroup:
    """A group of the official client's operations, named `group`, with paths below `base`."""

    group: ClassVar[str]
    base: ClassVar[str] = ""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(
        self, operation: str, method: str, path: str, query: Query = None, body: Any = None, form_layout: Layout = None
    ) -> JsonResponse:
        address = path if path.startswith("/api/") else f"{self.base}{path}"
        return self._transport.call(f"{self.group}.{operation}", method, address, query, body, form_layout=form_layout)

    def _confirms(self, operation: str, method: str, path: str, body: object = None) -> bool:
        """Return false only if the API says `false`. Docs show `true` for success, a schema `{success}`."""
        try:
            said = self._call(operation, method, path, body=body).json
        except Unreadable as error:
            if error.exchange.response is None or error.exchange.response.body:
                raise
            said = None
        return (said["success"] if isinstance(said, dict) and "success" in said else said) is not False

    def _get(self, operation: str, path: str, *, form_layout: Layout = None, **query: int) -> JsonResponse:
        """Read something, with texts in the client's language."""
        return self._call(operation, "GET", path, self._in_language(**query), form_layout=form_layout)

    def _in_language(self, **query: int) -> Query:
        return {"langCode": self._transport.language, **query}


def marker_path(marker: str, below: str = "") -> str:
    """Return the path of the object with this marker, or of `below` under it."""
    return f"/marker/{quote(marker, safe='')}" + (below and f"/{below}")


def _cause(error: httpx.RequestError | httpx.InvalidURL, config: ClientConfig) -> str:
    if isinstance(error, httpx.DecodingError):
        return f"the response cannot be decoded as its content-encoding says ({error})"
    if isinstance(error, httpx.ConnectTimeout):
        return f"the connection timed out after {config.connect_timeout:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"the response timed out after {config.read_timeout:g} s"
    if isinstance(error, httpx.InvalidURL) or "location header" in str(error):
        return "the response redirects to an invalid address"
    return str(error) or type(error).__name__
