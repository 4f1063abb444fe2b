"""A client of the mock server over HTTP, for the tests."""

import copy
import json
from typing import Any

import httpx

from oneentry_scenarios.mock_server import DEFAULT
from oneentry_scenarios.mock_server.world import User

AUTH = "/api/content/users-auth-providers/marker/email/users"
ORDERS = "/api/content/orders-storage/marker/orders/orders"
SESSIONS = "/api/content/payments/sessions"

ORDER: dict[str, Any] = {
    "formIdentifier": "order",
    "paymentAccountIdentifier": "cash",
    "formData": {"en_US": [{"marker": "name", "type": "string", "value": "Christina Thomas"}]},
    "products": [{"productId": 14, "quantity": 1}],
}

YOUR_USER, OTHER_USER, INACTIVE_USER = DEFAULT.users

# Created once: creating it takes longer than a test.
TLS = httpx.create_ssl_context()

Answer = tuple[int, Any]


class Caller:
    """A device with the app token; signed in once `sign_in` was called. Answers are a status and the JSON."""

    def __init__(self, url: str, device: str = "laptop") -> None:
        info = {"os": "Linux", "browser": "Firefox", "location": "en-US"}
        headers = {
            "x-app-token": DEFAULT.app_token,
            "x-device-metadata": json.dumps({"fingerprint": device, "deviceInfo": info}),
        }
        self.http = httpx.Client(base_url=url, headers=headers, verify=TLS, trust_env=False)
        self.refresh_token = ""

    def close(self) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: object = None, **headers: str | None) -> Answer:
        """One request; a header given as `None` is left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = self.http.build_request(
            method,
            path,
            json=body,
            headers={name: value for name, value in named.items() if value is not None},
        )
        for name, value in named.items():
            if value is None:
                request.headers.pop(name, None)
        response = self.http.send(request)
        return response.status_code, response.json()

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str | None) -> Answer:
        return self.call("POST", path, body, **headers)

    def auth(self, user: User = YOUR_USER) -> Answer:
        entries = [("email_reg", user.identifier), ("password_reg", user.password)]
        return self.post(
            f"{AUTH}/auth", {"authData": [{"marker": marker, "value": value} for marker, value in entries]}
        )

    def sign_in(self, user: User = YOUR_USER) -> "Caller":
        status, tokens = self.auth(user)
        assert status == 201, tokens
        self.take(tokens)
        return self

    def take(self, tokens: dict[str, str]) -> None:
        """Use these tokens from now on."""
        self.http.headers["authorization"] = f"Bearer {tokens['accessToken']}"
        self.refresh_token = tokens["refreshToken"]

    def order(self, account: str = "cash", products: tuple[tuple[int, int], ...] = ((14, 1),)) -> dict[str, Any]:
        """A new order; products as pairs of id and quantity."""
        body = ordered(paymentAccountIdentifier=account)
        body["products"] = [{"productId": product, "quantity": quantity} for product, quantity in products]
        status, order = self.post(ORDERS, body)
        assert status == 201, order
        assert isinstance(order, dict)
        return order

    def pay(self, order_id: int, kind: str = "session") -> Answer:
        return self.post(SESSIONS, {"orderId": order_id, "type": kind, "automaticTaxEnabled": False})

    def read(self, order_id: int, language: str = "en_US") -> dict[str, Any]:
        status, order = self.get(f"{ORDERS}/{order_id}?langCode={language}")
        assert status == 200, order
        assert isinstance(order, dict)
        return order


def ordered(**changes: object) -> dict[str, Any]:
    """The body of an order with some of it changed."""
    return copy.deepcopy(ORDER) | changes
