"""The command `oneentry-scenarios`; in a checkout also `python -m oneentry_scenarios`.

`setup` runs on a Python with nothing installed, so each command imports what it needs only when it runs.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from oneentry_scenarios import environment
from oneentry_scenarios.problem import Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code, after a message on standard error if it is 1."""
    try:
        options = _parser().parse_args(arguments)
        options.run(options)
    except Problem as problem:
        message = str(problem)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("oneentry_scenarios"):
            raise
        message = (
            f"{error.name} is not installed. In a checkout, run `python -m oneentry_scenarios setup replay` and use "
            "the Python in .venv; elsewhere, install oneentry-scenarios[mock-server]."
        )
    else:
        return 0
    print(message, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="oneentry-scenarios", description="Scenario tests for shops on the OneEntry Platform."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], None], summary: str) -> Callable[..., argparse.Action]:
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=run)
        return added.add_argument

    option = command("mock-server", _mock_server, "run the mock server alone, until Ctrl-C")
    option("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    option("--port", type=_port, default="8765", help="0 takes any free port (default: %(default)s)")
    explained = "API version: current or 2025 (default: %(default)s)"
    option("--era", choices=("current", "2025"), default="current", metavar="ERA", help=explained)
    explained = "the shop to serve: default or other (default: %(default)s)"
    option("--world", choices=("default", "other"), default="default", metavar="WORLD", help=explained)

    option = command("report", _report, "make the HTML report of the newest run, or of these Allure results")
    explained = "a directory with Allure results; several become one report"
    option("results", nargs="*", type=Path, metavar="DIRECTORY", help=explained)

    summary = "write the profile of the project in the environment, as far as it can be read; places no order"
    option = command("profile", _profile, summary)
    option("--check", action="store_true", help="check an existing profile instead: ONEENTRY_PROFILE's")
    option("--profile", type=Path, metavar="FILE", help="with --check: the profile to check")
    explained = "the id of a product to put into the profile; can be repeated (default: the first ids are tried)"
    option("--product", type=int, action="append", default=[], metavar="ID", help=explained)

    summary = "create a team's own repository: features, steps, cassettes, configuration and CI"
    option = command("init", _init, summary)
    option("directory", type=Path, metavar="DIRECTORY", help="must not exist, or be empty")

    summary = "install into .venv what `make replay` or `make test` needs, or only what the report needs"
    option = command("setup", lambda options: environment.set_up(options.environment), summary)
    option("environment", choices=[*environment.SETS])
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
    return int(text)


def _mock_server(options: argparse.Namespace) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    from oneentry_scenarios.mock_server import WORLDS, Clock, Era, Server

    world, era = WORLDS[options.world], Era(options.era)
    try:
        server = Server(world=world, era=era, clock=Clock, host=options.host, port=options.port)
    except OSError as error:
        raise Problem(
            f"The mock server cannot listen on {options.host}:{options.port}: {error.strerror}. "
            "Choose another --port (0 takes any free one) or --host."
        ) from None
    # uvicorn raises the signal again after it has stopped; these handlers let the process end without a traceback.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: server.stop())
    print(f"The mock server listens on {server.url}", flush=True)
    server.serve()


def _report(options: argparse.Namespace) -> None:
    """Make the report and print its path."""
    from oneentry_scenarios.reporting.html import make_report

    report = make_report(options.results)
    shown = os.path.relpath(report) if report.is_relative_to(Path.cwd()) else report
    print(f"Report: {shown} ({report.as_uri()})")


def _profile(options: argparse.Namespace) -> None:
    """Print a profile, or that the existing one fits."""
    from oneentry_scenarios.live.preflight import profile_text

    print(profile_text(Path.cwd(), options.product, options.profile, checks=options.check), end="")


def _init(options: argparse.Namespace) -> None:
    """Create the repository and print what to do next."""
    from oneentry_scenarios.starter.repository import create_repository

    create_repository(options.directory)
    print(f"Created {options.directory}. Its README.md says how to go on; first: git init")


if __name__ == "__main__":
    sys.exit(main())
