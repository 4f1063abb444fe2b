"""`python -m tools.healthy.server --shop ID`: the mock server as one of the healthy shops, for live runs.

It prints its address when it is ready. When it is stopped, it prints one line of JSON: how many responses it gave, how
many of them it changed, and the errors of the layer.
"""

import argparse
import asyncio
import json
import signal
import sys
from datetime import timedelta

from oneentry_scenarios.mock_server import DEFAULT, RealClock, Server
from oneentry_scenarios.mock_server.clock import Clock
from tools.faults.injection import MockShop, sign_in_data
from tools.faults.messages import Request
from tools.healthy.catalogue import SHOPS
from tools.healthy.catalogue.broken import BROKEN
from tools.healthy.shop import HealthyShop, Layer

KNOWN = {shop.id: shop for shop in (*SHOPS, *BROKEN)}
#: Earlier orders are spread over so many seconds: less than an access token lives.
_PAST = 3000
_ORDERS = "/api/content/orders-storage/marker/orders/orders"
_SESSIONS = "/api/content/payments/sessions"
_USERS = "/api/content/users-auth-providers/marker/email/users/"
_DEVICE = '{"fingerprint":"UQ_earlier","deviceInfo":{"os":"-","browser":"-","location":"-"}}'


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tools.healthy.server", description=__doc__)
    parser.add_argument("--shop", default="as-it-is", choices=KNOWN, metavar="ID", help="a shop of the catalogue")
    parser.add_argument("--orders", type=int, default=0, metavar="N", help="earlier orders of the first user")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    shop = KNOWN[options.shop]
    server = Server(clock=lambda: _clock(shop), port=options.port)
    if options.orders:
        asyncio.run(place_earlier_orders(server, options.orders))
    server.application = layer = Layer(shop, server.application)
    # uvicorn raises the signal again after it has stopped; these handlers let the process end as usual.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: server.stop())
    print(f"The shop {shop.id} listens on {server.url}", flush=True)
    server.serve()
    print(json.dumps({"given": len(layer.received), "changed": layer.applied, "errors": layer.errors}))
    return 0


async def place_earlier_orders(server: Server, count: int) -> None:
    """Orders of the first user, in the past; every second one has a payment session."""
    step = timedelta(seconds=_PAST / (count + 1))
    server.controls.move_clock(-step * (count + 1))
    shop = MockShop(server.application)
    headers = {"x-app-token": DEFAULT.app_token, "x-device-metadata": _DEVICE, "content-type": "application/json"}
    request = Request({"type": "http", "http_version": "1.1", "scheme": "http", "root_path": ""}, headers, b"")
    user = DEFAULT.users[0]
    sign_in = (await shop.ask(request.to("POST", _USERS + "auth", sign_in_data(user.identifier, user.password)))).json
    request = request.with_headers(authorization=f"Bearer {sign_in['accessToken']}")
    for number in range(count):
        server.controls.move_clock(step)
        order = await shop.ask(request.to("POST", _ORDERS, _order(number)))
        if number % 2:
            await shop.ask(request.to("POST", _SESSIONS, {"orderId": order.json["id"], "type": "session"}))
    server.controls.move_clock(step)
    await shop.ask(request.to("POST", _USERS + "logout", {"refreshToken": sign_in["refreshToken"]}))


def _order(number: int) -> dict[str, object]:
    return {
        "formIdentifier": "order",
        "paymentAccountIdentifier": "cash",
        "formData": {"en_US": [{"marker": "name", "type": "string", "value": f"Earlier buyer {number}"}]},
        "products": [{"productId": 14, "quantity": 1 + number % 3}],
    }


def _clock(shop: HealthyShop) -> Clock:
    clock = RealClock()
    clock.move(shop.clock)
    return clock


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
