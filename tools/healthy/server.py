"""`python -m tools.healthy.server --shop ID`: the mock server as one of the healthy shops, for live runs.

It prints its address when it is ready. When stopped, it prints one line of JSON: the number of responses, the number of
changed responses, and the errors of the layer.
"""

import argparse
import asyncio
import json
import signal
import sys
from datetime import timedelta

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.clock import Clock
from tools.faults.injection import ORDERS, PASSWORDS, SESSIONS, USERS, MockShop, order_data, own
from tools.faults.messages import Request
from tools.healthy.catalogue import SHOPS
from tools.healthy.catalogue.broken import BROKEN
from tools.healthy.shop import HealthyShop, layer

KNOWN = {shop.id: shop for shop in (*SHOPS, *BROKEN)}
#: Earlier orders are spread over this number of seconds, less than the lifetime of an access token.
_PAST = 3000


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tools.healthy.server", description=__doc__)
    parser.add_argument("--shop", default="as-it-is", choices=KNOWN, metavar="ID", help="a shop of the catalogue")
    parser.add_argument("--orders", type=int, default=0, metavar="N", help="earlier orders of the first user")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    shop = KNOWN[options.shop]
    server = Server(shop_data=shop.shop_data, clock=lambda: _clock(shop), port=options.port)
    if options.orders:
        asyncio.run(place_earlier_orders(server, options.orders))
    server.application = injector = layer(shop, server.application)
    # uvicorn raises the signal again after stopping; with these handlers, the process still ends properly.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: server.stop())
    print(f"The shop {shop.id} listens on {server.url}", flush=True)
    server.serve()
    print(json.dumps({"given": len(injector.received), "changed": injector.applied, "errors": injector.errors}))
    return 0


async def place_earlier_orders(server: Server, count: int) -> None:
    """Place orders of the first user in the past; every second one has a payment session."""
    step = timedelta(seconds=_PAST / (count + 1))
    server.controls.move_clock(-step * (count + 1))
    shop = MockShop(server.application)
    request = own(Request({"type": "http", "http_version": "1.1", "scheme": "http", "root_path": ""}, {}, b""))
    sign_in = (await shop.sign_in(request, next(iter(PASSWORDS)))).json
    request = request.with_headers(authorization=f"Bearer {sign_in['accessToken']}")
    for number in range(count):
        server.controls.move_clock(step)
        [account, *_] = server.shop_data.storages[0].accounts
        wanted = order_data(f"Earlier buyer {number}", product=14, quantity=1 + number % 3)
        wanted["paymentAccountIdentifier"] = account
        order = await shop.ask(request.to("POST", ORDERS, wanted))
        if number % 2:
            await shop.ask(request.to("POST", SESSIONS, {"orderId": order.json["id"], "type": "session"}))
    server.controls.move_clock(step)
    await shop.ask(request.to("POST", f"{USERS}/logout", {"refreshToken": sign_in["refreshToken"]}))


def _clock(shop: HealthyShop) -> Clock:
    clock = Clock()
    clock.move(shop.clock)
    return clock


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
