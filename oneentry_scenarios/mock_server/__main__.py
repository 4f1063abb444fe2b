"""Runs the mock server by hand: `python -m oneentry_scenarios.mock_server --host 127.0.0.1 --port 8765`."""

import argparse
import signal
import sys
from collections.abc import Sequence

from oneentry_scenarios.mock_server.clock import RealClock
from oneentry_scenarios.mock_server.server import Server
from oneentry_scenarios.mock_server.world import WORLDS, Era


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM. Returns the exit code: 1 where the address cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m oneentry_scenarios.mock_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8765, help="0 takes any free port (default: %(default)s)")
    parser.add_argument("--era", choices=[era.value for era in Era], default="current", help="which version to play")
    parser.add_argument("--world", choices=[*WORLDS], default="default", help="which shop to be")
    options = parser.parse_args(arguments)
    try:
        server = Server(
            world=WORLDS[options.world], era=Era(options.era), clock=RealClock, host=options.host, port=options.port
        )
    except OSError as error:
        print(
            f"The mock server cannot listen on {options.host}:{options.port}: {error.strerror}. "
            "Choose another --port (0 takes any free one) or --host.",
            file=sys.stderr,
        )
        return 1
    # The server hands a signal that stopped it on to these, whose part is to end without a traceback.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: None)
    server.serve(on_ready=lambda: print(f"The mock server listens on {server.url}", flush=True))
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
