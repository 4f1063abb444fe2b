"""The HTTP layer of the rules; `routes.toml` has the operations of the mock server."""

import tomllib
from collections.abc import Awaitable, Callable, Iterator
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oneentry_scenarios.mock_server import checks
from oneentry_scenarios.mock_server.answers import RequestRefused
from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.rules import ShopRules
from oneentry_scenarios.mock_server.shop_data import Version

#: Parts of a request that an operation needs, in the order of the checks.
Needs = Enum("Needs", ["DEVICE", "USER", "LANGUAGE", "PAGE", "BODY"])


class Operation(NamedTuple):
    """An operation by its name in the Python client; `rule` is a method of a part of the shop: `orders.create`."""

    name: str
    method: str
    path: str
    needs: frozenset[Needs]
    rule: str

    @property
    def status(self) -> int:
        """Status of a successful response: 201 for POST, 200 otherwise."""
        return 201 if self.method == "POST" else 200


def _operations() -> Iterator[Operation]:
    for group, table in tomllib.loads(Path(__file__).with_name("routes.toml").read_text("utf-8")).items():
        for name, method, path, words, rule in table["operations"]:
            needs = frozenset(Needs[word] for word in words.split())
            below = table["path"] if path[:1] in ("", "/") else ""
            path = f"/api/content/{below}{path}"
            yield Operation(f"{group}.{name}", method, path, needs, f"{table['part']}.{rule}")


OPERATIONS = tuple(_operations())


def application(shop: Callable[[], ShopRules]) -> Starlette:
    """Return the web application; `shop` returns the current shop for each request."""

    def answering(operation: Operation | None) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request, _: Exception | None = None) -> Response:
            raw = await request.body()
            current = shop()
            with current.lock:
                current.clock.tick()
                try:
                    if request.headers.get("x-app-token") != current.shop_data.app_token:
                        raise RequestRefused("app_token_refused")
                    if operation is None:
                        raise RequestRefused("path_unknown", method=request.method, path=_target(request))
                    if operation.name in current.not_granted:
                        raise RequestRefused("permission_missing")
                    call = _call(current, operation.needs, request, raw)
                    return _json(operation.status, attrgetter(operation.rule)(current)(call))
                except RequestRefused as refused:
                    status = refused.refusal.status
                    return _json(status, {"statusCode": status, "message": str(refused)})

        return answer

    # Each path also works without its trailing slash: the official client's list of sessions has one, users omit it.
    routes = [
        Route(path, answering(operation), methods=[operation.method])
        for operation in OPERATIONS
        for path in sorted({operation.path, operation.path.rstrip("/")})
    ]
    app = Starlette(routes=routes, exception_handlers={404: answering(None), 405: answering(None)})
    app.router.redirect_slashes = False
    return app


def _call(shop: ShopRules, needs: frozenset[Needs], request: Request, raw: bytes) -> Call:
    headers, query = request.headers, request.query_params
    call = Call(path=request.path_params, user_agent=headers.get("user-agent", ""))
    if Needs.DEVICE in needs and "x-device-metadata" in headers:
        call.device = checks.device(headers["x-device-metadata"])
    elif Needs.DEVICE in needs and shop.version is Version.CURRENT:
        raise RequestRefused("device_missing")
    if Needs.USER in needs:
        call.user = shop.people.bearer(headers.get("authorization"))
    if Needs.LANGUAGE in needs:
        code = query.get("langCode", shop.shop_data.languages[0])
        call.language = checks.matching("[a-zA-Z_]{2,5}", code, "language_malformed")
    if Needs.PAGE in needs:
        call.page = checks.page(query)
    if Needs.BODY in needs:
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise RequestRefused("body_not_declared_json")
        call.body = Body(checks.parse(raw or b"{}"))
    return call


def _target(request: Request) -> str:
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _json(status: int, value: object) -> Response:
    # JSON allows a lone surrogate, UTF-8 does not: return it as the escape sequence that was received.
    content = checks.render(value).encode("utf-8", errors="backslashreplace")
    return Response(content, status, media_type="application/json; charset=utf-8")
