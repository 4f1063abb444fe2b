"""The fault layer: an ASGI application around the mock server that applies one fault.

It remembers the exchanges of the scenario and may send its own requests to the mock server. It never changes the rules.
"""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP
from tools.faults.messages import Answer, Request

#: The registered users of the mock server and their passwords: the first is Christina, the second Ben.
PASSWORDS = {user.identifier: user.password for user in DEFAULT_SHOP.users[:2]}
USERS = "/api/content/users-auth-providers/marker/email/users"
ORDERS = "/api/content/orders-storage/marker/orders/orders"
SESSIONS = "/api/content/payments/sessions"
_DEVICE = '{"fingerprint":"UQ_layer","deviceInfo":{"os":"-","browser":"-","location":"-"}}'

#: Responds instead of the mock server; `None` if the fault does not apply and the request is passed on.
Instead = Callable[[Request, "MockShop"], Awaitable[Answer | None]]
#: Changes the mock server's response; `None` if the fault does not apply and the response is passed on.
After = Callable[[Request, Answer, "MockShop"], Awaitable[Answer | None]]


async def _nothing(*_: object) -> Answer | None:
    return None


@dataclass(frozen=True)
class Change:
    """What a fault does to an exchange."""

    instead: Instead = _nothing
    after: After = _nothing


@dataclass
class MockShop:
    """The layer's access to the mock server, and the exchanges of the scenario so far."""

    application: ASGIApp
    passed: list[tuple[Request, Answer]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    _users: dict[str, str] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    async def ask(self, request: Request) -> Answer:
        """Return the mock server's response."""
        sent = iter([{"type": "http.request", "body": request.body, "more_body": False}])
        status, headers, body = 0, [], b""

        async def receive() -> Message:
            return next(sent, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            nonlocal status, headers, body
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
            body += message.get("body", b"")

        await self.application(request.as_scope(), receive, send)
        kept = [(name.decode(), value.decode("latin-1")) for name, value in headers if name != b"content-length"]
        answer = Answer(status, tuple(kept), body)
        if request.operation in ("auth", "refresh") and answer.is_success:
            signed_in = answer.json
            self._users |= dict.fromkeys(
                (signed_in["accessToken"], signed_in["refreshToken"]), signed_in["userIdentifier"]
            )
        return answer

    def user_of(self, token: str) -> str:
        """Return the user of an access or refresh token; empty if unknown."""
        return self._users.get(token, "")

    def other_than(self, user: str) -> str:
        """Return the other registered user."""
        return next(each for each in PASSWORDS if each != user)

    async def token(self, request: Request, user: str) -> str:
        """Return a valid access token of a user: one of the suite, which adds no device, or else the layer's own."""
        asking = own(request).to("GET", "/api/content/users/me")
        for asked, answer in reversed(self.passed):
            if asked.operation in ("auth", "refresh") and answer.is_success:
                token = answer.json.get("accessToken")
                good = await self.ask(asking.with_headers(authorization=f"Bearer {token}"))
                if good.is_success and good.json["identifier"] == user:
                    return str(token)
        if user not in self._tokens:
            self._tokens[user] = (await self.sign_in(request, user)).json["accessToken"]
        return self._tokens[user]

    async def sign_in(self, request: Request, user: str) -> Answer:
        """Sign a user in on the layer's own device."""
        return await self.ask(own(request).to("POST", f"{USERS}/auth", sign_in_data(user, PASSWORDS[user])))

    async def ask_as(self, request: Request, user: str) -> Answer:
        """Return the mock server's response to the same request of another user."""
        return await self.ask(request.with_headers(authorization=f"Bearer {await self.token(request, user)}"))

    async def order(self, request: Request, user: str) -> Any:
        """Return the response to an order that the suite does not know, one per scenario."""
        if "order" not in self.notes:
            wanted = order_data("Somebody Else", product=1, quantity=4)
            self.notes["order"] = (await self.ask_as(own(request).to("POST", ORDERS, wanted), user)).json
        return self.notes["order"]

    async def session(self, request: Request, user: str) -> Any:
        """Return a payment session for that order."""
        if "session" not in self.notes:
            order = await self.order(request, user)
            wanted = {"orderId": order["id"], "type": "session"}
            self.notes["session"] = (await self.ask_as(own(request).to("POST", SESSIONS, wanted), user)).json
        return self.notes["session"]


class Injector:
    """Wraps the mock server's application, applies a change and stores what the suite received."""

    def __init__(self, application: ASGIApp, change: Change) -> None:
        self._application = application
        self._change = change
        self.applied = 0
        self.errors: list[str] = []
        self.received: list[str] = []
        self._shop = MockShop(application)

    def begin(self) -> None:
        """Begin a scenario with a fresh shop."""
        self._shop = MockShop(self._application, notes={"calls": self._shop.notes.get("calls", 0)})
        self.received = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        request = await Request.read(scope, receive)
        try:
            answer = await self._answer(request)
        except Exception:  # noqa: BLE001 - the command reports any error here, so that it does not count as detected
            self.errors.append(traceback.format_exc())
            answer = await self._shop.ask(request)
        self.received.append(answer.received())
        await _deliver(answer, receive, send)

    async def _answer(self, request: Request) -> Answer:
        shop = self._shop
        made = await self._change.instead(request, shop)
        given = made or await shop.ask(request)
        changed = await self._change.after(request, given, shop)
        self.applied += made is not None or changed is not None
        answer = changed or given
        shop.passed.append((request, answer))
        return answer


def sign_in_data(user: str, password: str) -> dict[str, Any]:
    """Return the body of a sign-in."""
    return {"authData": [{"marker": "email_reg", "value": user}, {"marker": "password_reg", "value": password}]}


def order_data(name: str, product: int, quantity: int) -> dict[str, Any]:
    """Return the body of a cash order with this buyer's name."""
    return {
        "formIdentifier": "order",
        "paymentAccountIdentifier": "cash",
        "formData": {"en_US": [{"marker": "name", "type": "string", "value": name}]},
        "products": [{"productId": product, "quantity": quantity}],
    }


def own(request: Request) -> Request:
    """Return the request as sent from the layer's own device."""
    return request.with_headers(
        x_app_token=DEFAULT_SHOP.app_token, x_device_metadata=_DEVICE, content_type="application/json"
    )


async def _deliver(answer: Answer, receive: Receive, send: Send) -> None:
    if answer.delivery == "never":
        await receive()  # returns when the caller has disconnected
        return
    if answer.delivery == "dropped":
        _transport(send).abort()
        await receive()
        return
    length = [] if answer.delivery == "chunked" else [("content-length", str(len(answer.body)))]
    headers = [*answer.headers, *length]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    if answer.delivery in ("whole", "chunked"):
        await send({"type": "http.response.body", "body": answer.body})
        return
    half = answer.body[: len(answer.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    if answer.delivery == "cut":
        _transport(send).close()
    await receive()


def _transport(send: Send) -> Any:
    # ASGI cannot abort a connection; the server's `send` is a method of the object that holds it.
    return cast("Any", send).__self__.transport
