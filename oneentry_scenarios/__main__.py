"""The `oneentry-scenarios` command; in a checkout also `python -m oneentry_scenarios`.

`setup` runs on a Python without dependencies, so each command imports its modules only when it runs.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from oneentry_scenarios import environment
from oneentry_scenarios.problem import Problem, messages, read_toml


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return 0, or 1 after printing a message to standard error."""
    try:
        if sys.version_info < (3, 11):  # noqa: UP036  (with an older Python, this is the first code to run)
            raise Problem(f"Python 3.11 or newer is required; {sys.executable} is {sys.version.split()[0]}.")
        options = _parser().parse_args(arguments)
        options.run(options)
    except Problem as problem:
        message = str(problem)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("oneentry_scenarios"):
            raise
        message = messages(__file__)("not-installed", name=error.name)
    else:
        return 0
    print(message, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    """Build the command line from `commands.toml`."""
    parser = argparse.ArgumentParser(
        prog="oneentry-scenarios", description="Scenario tests for shops on the OneEntry Platform."
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in read_toml(__file__, "commands.toml").items():
        subparser = subparsers.add_parser(name, help=command["summary"], description=command["summary"])
        subparser.set_defaults(run=_RUN[name])
        for kind, read in (("number", int), ("path", Path), ("port", _port)):
            subparser.register("type", kind, read)
        for argument, settings in command["arguments"].items():
            subparser.add_argument(argument, **settings)
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: use a number from 0 to 65535")
    return int(text)


def _mock_server(options: argparse.Namespace) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    from oneentry_scenarios.mock_server import SHOPS, Clock, Server, Version

    shop_data, version = SHOPS[options.world], Version(options.era)
    try:
        server = Server(shop_data=shop_data, version=version, clock=Clock, host=options.host, port=options.port)
    except OSError as error:
        reason = str(error.strerror).partition(" (while attempting")[0]  # `socket.create_server` adds the address
        raise Problem(messages(__file__)("cannot-listen", at=f"{options.host}:{options.port}", reason=reason)) from None
    # uvicorn raises the signal again after it has stopped; these handlers let the process end without a traceback.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: server.stop())
    print(f"The mock server listens on {server.url}", flush=True)
    server.serve()


def _report(options: argparse.Namespace) -> None:
    """Generate the report and print its path."""
    from oneentry_scenarios.reporting.html import make_report

    report = make_report(options.results)
    shown = os.path.relpath(report) if report.is_relative_to(Path.cwd()) else report
    print(f"Report: {shown} ({report.as_uri()})")


def _profile(options: argparse.Namespace) -> None:
    """Print a new profile, or the result of checking an existing one."""
    from oneentry_scenarios.live.preflight import profile_text

    print(profile_text(Path.cwd(), options.product, options.profile, checks=options.check), end="")


def _cancel_orders(_: argparse.Namespace) -> None:
    """Cancel the orders that live runs created, and print the result."""
    from oneentry_scenarios.live.clean_up import clean_up_later

    print(clean_up_later(Path.cwd()))


def _init(options: argparse.Namespace) -> None:
    """Create the repository and print the next steps."""
    from oneentry_scenarios.starter.repository import create_repository

    create_repository(options.directory)
    print(f"Created {options.directory}. Next: run `git init -b main` there and follow its README.md")


_RUN = {
    "mock-server": _mock_server,
    "report": _report,
    "profile": _profile,
    "cancel-orders": _cancel_orders,
    "init": _init,
    "setup": lambda options: environment.set_up(options.environment),
}

if __name__ == "__main__":
    sys.exit(main())
