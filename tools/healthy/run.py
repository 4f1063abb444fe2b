"""Runs all scenarios that can run live with each shop: twice against one server, and once with 200 earlier orders."""

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
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, ShopData
from tools.checkout import ROOT, copy_product, environment, measured, run_pytest
from tools.healthy.shop import HealthyShop

#: Name of each run, and the number of earlier orders. Runs with the same number share a server.
RUNS = (("first", 0), ("again", 0), ("200 orders", 200))
#: Seconds after which a run is stopped. A run takes three, with the slowest shop two minutes.
LIMIT = 600
#: The profile of the shop, in the copy.
PROFILE = "my-shop.toml"
#: The arguments that select all scenarios of a live run.
ALL = ("--all", "features")


@dataclass(frozen=True)
class FalseAlarm:
    """A scenario that fails with a healthy shop; `scenario` is empty if the whole run is refused."""

    run: str
    scenario: str
    problem: str


@dataclass(frozen=True)
class Result:
    """The result of a shop's runs: false alarms, skipped scenarios with reasons, and the shop's own problems."""

    shop: HealthyShop
    alarms: tuple[FalseAlarm, ...] = ()
    skips: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether there are no false alarms and no problems of the shop."""
        return not self.alarms and not self.problems


def run(shop: HealthyShop, runs: Sequence[tuple[str, int]] = RUNS, chosen: Sequence[str] = ALL) -> Result:
    """Run the scenarios with one shop; `chosen` are the arguments that select them."""
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


def live_variables(url: str, shop_data: ShopData) -> dict[str, str]:
    """Return the environment variables for a project at `url`."""
    people = [text for user in shop_data.users[:2] for text in (user.identifier, user.password)]
    known = dict(zip(VARIABLES.values(), [url, shop_data.app_token, *people], strict=True))
    return known | {ALLOW_ORDERS: urlsplit(url).netloc}


@contextmanager
def _serving(shop: HealthyShop, orders: int, counts: dict[str, Any]) -> Iterator[str]:
    """Serve the shop in its own process until the block ends; `counts` then has its report."""
    command = [sys.executable, "-m", "tools.healthy.server", "--shop", shop.id, "--orders", str(orders)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            counts |= json.loads(process.stdout.read() or '{"errors": ["it did not stop properly"]}')


def _pytest(copy: Path, name: str, url: str, chosen: Sequence[str]) -> tuple[list[FalseAlarm], set[tuple[str, str]]]:
    """Return the failed scenarios, and the skipped ones with reasons."""
    results = copy / f"results of {name}"
    arguments = ["--api=live", "--alluredir", str(results), *chosen]
    variables = live_variables(url, DEFAULT_SHOP) | {"ONEENTRY_PROFILE": PROFILE}
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
    """Return the problems of the shop itself."""
    if counts["errors"]:
        return [f"the layer failed: {counts['errors'][0]}"]
    if not counts["changed"] and not shop.unseen:
        return ["it changed no response: no scenario makes such a request"]
    return []


def _first_lines(message: str) -> str:
    """Return the first two lines of a message."""
    return " ".join(line.strip() for line in message.splitlines()[:2])
