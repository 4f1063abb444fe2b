"""The mock server on a port, in a thread of the calling process or in its own process."""

import socket
from collections.abc import Callable
from threading import Thread
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from oneentry_scenarios.mock_server.clock import Clock, fixed_clock
from oneentry_scenarios.mock_server.routes import application
from oneentry_scenarios.mock_server.rules import ServerControls, ShopRules
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, ShopData, Version


class Server:
    """A shop on a port: `with Server() as server:` serves it from a thread until the block ends.

    `controls` changes the shop; `application` may be replaced by a wrapper. The default `clock` is fixed, so equal runs
    return equal bytes. Port 0 takes any free port. Raises OSError if the server cannot listen.
    """

    def __init__(
        self,
        *,
        shop_data: ShopData = DEFAULT_SHOP,
        version: Version = Version.CURRENT,
        clock: Callable[[], Clock] = fixed_clock,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.shop_data, self._version, self._clock = shop_data, version, clock
        self.reset()
        self.controls = ServerControls(lambda: self.shop)
        self.application: ASGIApp = application(lambda: self.shop)
        self._socket = _listen(host, port)
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self._socket.getsockname()[1]}"
        self._thread = Thread(target=self.serve, name="mock server", daemon=True)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                lambda *request: self.application(*request),
                interface="asgi3",  # uvicorn does not detect it for a lambda
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                # These two headers would differ between runs.
                date_header=False,
                server_header=False,
            )
        )

    def reset(self) -> None:
        """Replace the shop with a fresh one: no orders, no valid tokens, the clock at its start."""
        self.shop = ShopRules(self.shop_data, self._version, self._clock())

    def serve(self) -> None:
        """Serve in this thread until stopped."""
        self._uvicorn.run(sockets=[self._socket])

    def stop(self) -> None:
        """Stop serving after the open requests, or do not start."""
        self._uvicorn.should_exit = True

    def __enter__(self) -> Self:
        # The socket already listens, so requests before the thread is ready wait.
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self._thread.join()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_dual = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    listener = socket.create_server((host, port), family=family, dualstack_ipv6=is_dual)
    # asyncio disables Nagle's algorithm only for a socket that names its protocol; with it, each response on a kept
    # connection takes 40 ms.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listener.detach())
