"""The command `oneentry-scenarios`; in a checkout also `python -m oneentry_scenarios`.

`setup` runs on a Python with nothing installed, so each command imports what it needs only when it runs.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oneentry_scenarios import environment

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("oneentry_scenarios"):
            raise
        print(
            f"{error.name} is not installed. In a checkout, run `python -m oneentry_scenarios setup replay` and use "
            "the Python in .venv; elsewhere, install oneentry-scenarios[mock-server].",
            file=sys.stderr,
        )
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="oneentry-scenarios", description="Scenario tests for shops on the OneEntry Platform."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    summary = "run the mock server alone, until Ctrl-C"
    server = commands.add_parser("mock-server", help=summary, description=summary)
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    server.add_argument("--port", type=_port, default="8765", help="0 takes any free port (default: %(default)s)")
    explained = "API version: current or 2025 (default: %(default)s)"
    server.add_argument("--era", choices=("current", "2025"), default="current", metavar="ERA", help=explained)
    explained = "the shop to serve: default or other (default: %(default)s)"
    server.add_argument("--world", choices=("default", "other"), default="default", metavar="WORLD", help=explained)
    server.set_defaults(run=_mock_server)

    summary = "make the HTML report of the newest run, or of these Allure results"
    report = commands.add_parser("report", help=summary, description=summary)
    explained = "a directory with Allure results; several become one report"
    report.add_argument("results", nargs="*", type=Path, metavar="DIRECTORY", help=explained)
    report.set_defaults(run=_report)

    summary = "write the profile of the project in the environment, as far as it can be read; places no order"
    profile = commands.add_parser("profile", help=summary, description=summary)
    profile.add_argument("--check", action="store_true", help="check an existing profile instead: ONEENTRY_PROFILE's")
    profile.add_argument("--profile", type=Path, metavar="FILE", help="with --check: the profile to check")
    explained = "the id of a product to put into the profile; can be repeated (default: the first ids are tried)"
    profile.add_argument("--product", type=int, action="append", default=[], metavar="ID", help=explained)
    profile.set_defaults(run=_profile)

    summary = "create a team's own repository: features, steps, cassettes, configuration and CI"
    init = commands.add_parser("init", help=summary, description=summary)
    init.add_argument("directory", type=Path, metavar="DIRECTORY", help="must not exist, or be empty")
    init.set_defaults(run=_init)

    summary = "install into .venv what `make replay` or `make test` needs, or only what the report needs"
    setup = commands.add_parser("setup", help=summary, description=summary)
    setup.add_argument("environment", choices=[*environment.SETS])
    setup.set_defaults(run=lambda options: environment.set_up(options.environment))
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
    return int(text)


def _mock_server(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; 1 if the address is not available."""
    from oneentry_scenarios.mock_server import WORLDS, Era, RealClock, Server

    world, era = WORLDS[options.world], Era(options.era)
    try:
        server = Server(world=world, era=era, clock=RealClock, host=options.host, port=options.port)
    except OSError as error:
        print(
            f"The mock server cannot listen on {options.host}:{options.port}: {error.strerror}. "
            "Choose another --port (0 takes any free one) or --host.",
            file=sys.stderr,
        )
        return 1
    # uvicorn raises the signal again after it has stopped; these handlers let the process end without a traceback.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _number, _frame: server.stop())
    print(f"The mock server listens on {server.url}", flush=True)
    server.serve()
    return 0


def _report(options: argparse.Namespace) -> int:
    """Make the report and print its path; 1 if it cannot be made."""
    from oneentry_scenarios.reporting.html import make_report
    from oneentry_scenarios.reporting.offline import NoReportError

    try:
        report = make_report(options.results)
    except NoReportError as error:
        print(error, file=sys.stderr)
        return 1
    shown = os.path.relpath(report) if report.is_relative_to(Path.cwd()) else report
    print(f"Report: {shown} ({report.as_uri()})")
    return 0


def _profile(options: argparse.Namespace) -> int:
    """Print a profile, or that the existing one fits; 1, after what to change, if neither can be done."""
    from oneentry_scenarios.live.access import PreflightError
    from oneentry_scenarios.live.profile_command import profile_text
    from oneentry_scenarios.live.settings import SettingsError
    from oneentry_scenarios.shop.profile import ProfileError

    try:
        print(profile_text(Path.cwd(), options.product, options.profile, checks=options.check), end="")
    except (SettingsError, ProfileError, PreflightError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _init(options: argparse.Namespace) -> int:
    """Create the repository and print what to do next; 1 if it cannot be created."""
    from oneentry_scenarios.starter.repository import NotCreatedError, create_repository

    try:
        create_repository(options.directory)
    except NotCreatedError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Created {options.directory}. Its README.md says how to go on; first: git init")
    return 0


if __name__ == "__main__":
    sys.exit(main())
