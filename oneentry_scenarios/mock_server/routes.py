"""The operations that the mock server serves, one line each, and the HTTP around the rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Flag
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oneentry_scenarios.mock_server import checks
from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.forms import Forms
from oneentry_scenarios.mock_server.orders import Orders
from oneentry_scenarios.mock_server.payments import Payments
from oneentry_scenarios.mock_server.people import People
from oneentry_scenarios.mock_server.refusals import RequestRefused
from oneentry_scenarios.mock_server.rules import ShopRules
from oneentry_scenarios.mock_server.world import Era

#: What an operation requires of a request, in the order of the checks.
Needs = Flag("Needs", ["DEVICE", "USER", "LANGUAGE", "PAGE", "BODY"])
DEVICE, USER, LANGUAGE, PAGE, BODY = Needs
NOTHING, LISTED = Needs(0), LANGUAGE | PAGE
Part = Callable[[ShopRules], Any]
Rule = Callable[[Any, Call], object]


@dataclass(frozen=True)
class Operation:
    """One operation, by its name in the Python client."""

    name: str
    method: str
    path: str
    needs: Needs
    part: Part
    rule: Rule

    @property
    def status(self) -> int:
        """Status of a successful response: 201 for POST, 200 otherwise."""
        return 201 if self.method == "POST" else 200


_GROUPS: dict[tuple[str, Part, str], tuple[tuple[str, str, str, Needs, Rule], ...]] = {
    ("auth_provider", lambda shop: shop.people, "users-auth-providers"): (
        ("get_auth_providers", "GET", "", LISTED, People.providers),
        ("get_auth_provider_by_marker", "GET", "/marker/{marker}", LANGUAGE, People.provider),
        ("auth", "POST", "/marker/{marker}/users/auth", DEVICE | BODY, People.auth),
        ("refresh", "POST", "/marker/{marker}/users/refresh", DEVICE | BODY, People.refresh),
        ("logout", "POST", "/marker/{marker}/users/logout", DEVICE | USER | BODY, People.logout),
        ("logout_all", "POST", "/marker/{marker}/users/logout-all", USER, People.logout_all),
        ("get_active_sessions_by_marker", "GET", "/marker/{marker}/users/sessions", USER, People.active_sessions),
    ),
    ("users", lambda shop: shop.people, "users"): (("get_user", "GET", "/me", USER | LANGUAGE, People.me),),
    ("forms", lambda shop: shop.forms, "forms"): (
        ("get_all_forms", "GET", "", LISTED, Forms.list),
        ("get_form_by_marker", "GET", "/marker/{marker}", LANGUAGE, Forms.read),
    ),
    ("orders", lambda shop: shop.orders, "orders-storage"): (
        ("get_all_orders_storage", "GET", "", USER | LISTED, Orders.storages),
        ("get_orders_storage_by_marker", "GET", "/marker/{marker}", USER | LANGUAGE, Orders.storage),
        ("get_all_statuses_by_storage_marker", "GET", "/marker/{marker}/order-statuses", LISTED, Orders.statuses),
        ("create_order", "POST", "/marker/{marker}/orders", USER | BODY, Orders.create),
        ("get_all_orders_by_marker", "GET", "/marker/{marker}/orders", USER | LISTED, Orders.list),
        ("get_order_by_marker_and_id", "GET", "/marker/{marker}/orders/{id}", USER | LANGUAGE, Orders.read),
        ("update_order_by_marker_and_id", "PUT", "/marker/{marker}/orders/{id}", USER | LANGUAGE | BODY, Orders.update),
        ("preview_order", "POST", "/orders/preview", LANGUAGE | BODY, Orders.preview),
    ),
    ("payments", lambda shop: shop.payments, "payments"): (
        ("create_session", "POST", "/sessions", USER | BODY, Payments.create),
        ("get_sessions", "GET", "/sessions/", USER | PAGE, Payments.sessions),
        ("get_session_by_id", "GET", "/sessions/{id}", USER, Payments.session),
        ("get_session_by_order_id", "GET", "/sessions/order/{id}", USER, Payments.by_order),
        ("get_accounts", "GET", "/accounts", NOTHING, Payments.accounts),
        ("get_account_by_id", "GET", "/accounts/{id}", USER, Payments.account),
    ),
}
OPERATIONS = tuple(
    Operation(f"{group}.{name}", method, f"/api/content/{base}{path}", needs, part, rule)
    for (group, part, base), rows in _GROUPS.items()
    for name, method, path, needs, rule in rows
)


def application(shop: Callable[[], ShopRules]) -> Starlette:
    """The web application; each request goes to the shop that `shop` returns at that moment."""

    def answering(operation: Operation | None) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request, _: Exception | None = None) -> Response:
            raw = await request.body()
            current = shop()
            with current.lock:
                current.clock.tick()
                try:
                    if request.headers.get("x-app-token") != current.world.app_token:
                        raise RequestRefused("app_token_refused")
                    if operation is None:
                        raise RequestRefused("path_unknown", method=request.method, path=_target(request))
                    if operation.name in current.not_granted:
                        raise RequestRefused("permission_missing")
                    call = _call(current, operation.needs, request, raw)
                    return _json(operation.status, operation.rule(operation.part(current), call))
                except RequestRefused as refused:
                    status = refused.refusal.status
                    return _json(status, {"statusCode": status, "message": str(refused)})

        return answer

    # Each path also without its trailing slash: the official client's list of sessions has one, users omit it.
    routes = [
        Route(path, answering(operation), methods=[operation.method])
        for operation in OPERATIONS
        for path in sorted({operation.path, operation.path.rstrip("/")})
    ]
    app = Starlette(routes=routes, exception_handlers={404: answering(None), 405: answering(None)})
    app.router.redirect_slashes = False
    return app


def _call(shop: ShopRules, needs: Needs, request: Request, raw: bytes) -> Call:
    headers, query = request.headers, request.query_params
    call = Call(path=request.path_params, user_agent=headers.get("user-agent", ""))
    if DEVICE in needs and "x-device-metadata" in headers:
        call.device = checks.device(headers["x-device-metadata"])
    elif DEVICE in needs and shop.era is Era.CURRENT:
        raise RequestRefused("device_missing")
    if USER in needs:
        call.user = shop.people.bearer(headers.get("authorization"))
    if LANGUAGE in needs:
        code = query.get("langCode", shop.world.languages[0])
        call.language = checks.matching("[a-zA-Z_]{2,5}", code, "language_malformed")
    if PAGE in needs:
        call.page = checks.page(query)
    if BODY in needs:
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise RequestRefused("body_not_declared_json")
        call.body = Body(checks.parse(raw or b"{}"))
    return call


def _target(request: Request) -> str:
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _json(status: int, value: object) -> Response:
    # JSON allows a lone surrogate, UTF-8 does not: it is returned as the escape sequence that was received.
    content = checks.render(value).encode("utf-8", errors="backslashreplace")
    return Response(content, status, media_type="application/json; charset=utf-8")
