"""Runs all live-capable scenarios over each shop: twice against one server, and once where 200 orders were before."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from oneentry_scenarios.live.settings import ALLOW_ORDERS, VARIABLES
from oneentry_scenarios.mock_server.world import DEFAULT, World
from tools.checkout import ROOT, copy_product, environment, measured, run_pytest
from tools.healthy.shop import HealthyShop

#: Each run: what it is called, and the orders that the server holds. Runs with the same number share a server.
RUNS = (("first", 0), ("again", 0), ("200 orders", 200))
#: Seconds until a run is stopped. One takes three, over the slowest shop two minutes.
LIMIT = 600
#: The profile of the shop, in the copy.
PROFILE = "my-shop.toml"
#: Everything, in live runs.
ALL = ("--all", "features")


@dataclass(frozen=True)
class FalseAlarm:
    """A scenario that is red over a healthy shop; no scenario if the run as a whole is refused."""

    run: str
    scenario: str
    problem: str


@dataclass(frozen=True)
class Result:
    """What the runs over a shop did: false alarms, skips with how often, and problems of the shop itself."""

    shop: HealthyShop
    alarms: tuple[FalseAlarm, ...] = ()
    skips: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is red and nothing is wrong with the shop."""
        return not self.alarms and not self.problems


def run(shop: HealthyShop, runs: Sequence[tuple[str, int]] = RUNS, chosen: Sequence[str] = ALL) -> Result:
    """Run over one shop: `chosen` are the arguments that select scenarios."""
    alarms: list[FalseAlarm] = []
    skips: set[tuple[str, str]] = set()
    problems: list[str] = []
    with TemporaryDirectory() as directory:
        copy_product(copy := Path(directory), measured())
        (copy / PROFILE).write_text(shop.profile, encoding="utf-8")
        for orders in dict.fromkeys(number for _, number in runs):
            counts: dict[str, Any] = {}
            with _serving(shop, orders, counts) as url:
                for name in [name for name, number in runs if number == orders]:
                    red, left_out = _pytest(copy, name, url, chosen)
                    alarms += red
                    skips |= left_out
            problems += _problems(shop, counts)
    return Result(shop, tuple(alarms), tuple(sorted(skips)), tuple(dict.fromkeys(problems)))


def live_variables(url: str, world: World) -> dict[str, str]:
    """What a user sets in the environment for a project that answers at `url`."""
    people = [text for user in world.users[:2] for text in (user.identifier, user.password)]
    known = dict(zip(VARIABLES.values(), [url, world.app_token, *people], strict=True))
    return known | {ALLOW_ORDERS: urlsplit(url).netloc}


@contextmanager
def _serving(shop: HealthyShop, orders: int, counts: dict[str, Any]) -> Iterator[str]:
    """The shop in a process of its own, until the block ends; then `counts` has what it says of itself."""
    command = [sys.executable, "-m", "tools.healthy.server", "--shop", shop.id, "--orders", str(orders)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            counts |= json.loads(process.stdout.read() or '{"errors": ["it has not stopped as usual"]}')


def _pytest(copy: Path, name: str, url: str, chosen: Sequence[str]) -> tuple[list[FalseAlarm], set[tuple[str, str]]]:
    """What is red, and what was skipped and why."""
    results = copy / f"results of {name}"
    arguments = ["--api=live", "--alluredir", str(results), *chosen]
    variables = live_variables(url, DEFAULT) | {"ONEENTRY_PROFILE": PROFILE}
    done = run_pytest(*arguments, cwd=copy, limit=LIMIT, **variables)
    scenarios = [json.loads(each.read_text(encoding="utf-8")) for each in results.glob("*-result.json")]
    scenarios.sort(key=lambda each: each["start"])
    red = [
        FalseAlarm(name, each["name"], _first_lines(each["statusDetails"]["message"]))
        for each in scenarios
        if each["status"] in ("failed", "broken")
    ]
    if done.returncode != bool(red) or not scenarios:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        errors = [line for line in said if "ERROR" in line] or said[-1:]
        red.append(FalseAlarm(name, "", f"exit code {done.returncode}: {' '.join(errors)}"))
    return red, {(each["name"], each["statusDetails"]["message"]) for each in scenarios if each["status"] == "skipped"}


def _problems(shop: HealthyShop, counts: dict[str, Any]) -> list[str]:
    """What is wrong with the shop rather than with the suite."""
    if counts["errors"]:
        return [f"the layer failed: {counts['errors'][0]}"]
    if not counts["changed"] and not shop.unseen:
        return ["it changed no response: no scenario asks for what it concerns"]
    return []


def _first_lines(message: str) -> str:
    """The first two lines: what is wrong, and how."""
    return " ".join(line.strip() for line in message.splitlines()[:2])
