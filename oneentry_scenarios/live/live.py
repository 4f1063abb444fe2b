"""Keeps live runs safe: few scenarios unless asked for more, one after the other, gently, and each order on a list."""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.outcomes import Skipped

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import Connection
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.live.created_orders import CREATES, CreatedOrders
from oneentry_scenarios.live.preflight import Preflight
from oneentry_scenarios.live.profile_references import needs_of
from oneentry_scenarios.live.settings import Limits, Settings
from oneentry_scenarios.shop.profile import NotInProfile

if TYPE_CHECKING:
    from oneentry_scenarios.api.exchange import Exchange
    from oneentry_scenarios.redaction.redactor import Redactor
    from oneentry_scenarios.shop.profile import Profile

#: The profile of the mock server's other world.
OTHER_SHOP = Path(__file__).parents[1] / "mock_server" / "other.toml"
#: A file that says what differs in the project's shop, unless --profile does.
PROFILE = "ONEENTRY_PROFILE"
#: The tag of scenarios that only the mock server can play.
NEEDS_CONTROL = "mock_only"
#: Writing an order, the account it is to be paid by.
_WRITES_AN_ORDER = frozenset({CREATES, "orders.update_order_by_marker_and_id"})


class Throttle:
    """Lets at most so many calls a second go out, by waiting: the only place of the suite that does."""

    def __init__(self, calls_per_second: float) -> None:
        self._between = 1 / calls_per_second if calls_per_second else 0.0
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next call may go out."""
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._between


@dataclass
class Live:
    """A run against a project.

    `real_money` holds the accounts that would take some, those not in test mode, by identifier: the preflight finds
    them.
    """

    settings: Settings
    limits: Limits
    created: CreatedOrders
    real_money: set[str] = field(default_factory=set)
    left_out: int = 0

    def __post_init__(self) -> None:
        self._throttle = Throttle(self.limits.requests_per_second)

    @property
    def run_mark(self) -> str:
        """What orders of this run carry, so that people find them again."""
        return self.created.run_mark

    def before_call(self, operation: str, body: Any) -> None:
        """Hold a call back as long as the limit asks; end the scenario before it orders what would take real money."""
        if operation in _WRITES_AN_ORDER and (account := body["paymentAccountIdentifier"]) in self.real_money:
            pytest.skip(
                f"the payment account {account!r} is not in test mode: orders by it would ask for real money. "
                "Switch it to test mode in the admin panel, or leave it out of [accounts] in the profile"
            )
        self._throttle.wait()

    def heard(self, item: pytest.Item, exchange: Exchange, profile: Profile) -> None:
        """Put an order that was just created on the list."""
        identity = item.stash[IDENTITY]
        scenario = f"{identity.feature}: {identity.title}"
        self.created.hear(exchange, scenario, is_marked=profile.orders.run_mark_field is not None)

    def summary(self, skipped: list[pytest.TestReport]) -> list[str]:
        """What a person should know at the end: orders, and what was left out and why."""
        lines = [self.created.summary()]
        if self.left_out:
            lines.append(f"{self.left_out} scenarios left out: without --all, -m or -k a live run takes only @smoke.")
        reasons = Counter(_reason(report) for report in skipped)
        lines += [f"{count} skipped: {reason}" for reason, count in reasons.items()]
        return [line for line in lines if line]


def environment(root: Path) -> dict[str, str]:
    """The environment, completed from `.env`: read in live only."""
    from dotenv import dotenv_values  # only here: nothing else reads .env

    from_file = {name: value or "" for name, value in dotenv_values(root / ".env").items()}
    return {**from_file, **os.environ}


def begin(config: pytest.Config) -> Live:
    """Get everything ready for a live run.

    Raises:
        UsageError: the run is to be spread over processes.
        SettingsError: the environment does not say what is needed.
        CreatedOrdersError: the list of orders cannot be continued.
    """
    if getattr(config.option, "numprocesses", None) or getattr(config.option, "tx", None):
        raise pytest.UsageError(
            "A live run is serial, so that it places its orders one after the other and does not overrun the project: "
            "leave out -n and --tx"
        )
    variables = environment(config.rootpath)
    settings = Settings.from_environment(variables)
    mark = f"scenario-run {datetime.now(UTC):%Y-%m-%dT%H:%MZ}-{secrets.token_hex(2)}"
    return Live(settings, Limits.from_environment(variables), CreatedOrders(config.rootpath, mark))


def check(live: Live, profile: Profile, redactor: Redactor, items: list[pytest.Item]) -> None:
    """Make the preflight for the scenarios that are to run; its calls are nobody's, and in no cassette.

    Raises:
        PreflightError: environment or profile do not fit the project.
    """
    scenarios = [item for item in items if IDENTITY in item.stash and not item.get_closest_marker(NEEDS_CONTROL)]
    if not scenarios:
        return
    redactor.reset()
    live.settings.learn(redactor)
    redactor.learn_password_marker(profile.sign_in.password_field)
    connection = Connection(
        live.settings.project_url,
        live.settings.app_token,
        connect_timeout=live.limits.connect_timeout,
        read_timeout=live.limits.read_timeout,
        uses_proxy_variables=True,
        redactor=redactor,
        before_call=live.before_call,
    )
    preflight = Preflight(live.settings, profile, needs_of(scenarios), lambda: OneEntry(connection, profile.language))
    live.real_money = preflight.run()


def profile_file(config: pytest.Config) -> Path | None:
    """The file named by --profile; else in live by the environment, relative to the project; else the other world's."""
    if given := config.getoption("--profile"):
        return Path(given)
    if config.getoption("--api") == "mock" and config.getoption("--world") == "other":
        return OTHER_SHOP
    if config.getoption("--api") == "live" and (named := environment(config.rootpath).get(PROFILE, "").strip()):
        return config.rootpath / named
    return None


def select(live: Live, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only `@smoke`, visibly, unless the command line selects by itself. A path is no selection."""
    if config.getoption("--all") or config.option.markexpr or config.option.keyword:
        return
    left_out = [item for item in items if IDENTITY in item.stash and not item.get_closest_marker("smoke")]
    if left_out:
        live.left_out = len(left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def skip_what_cannot_be(item: pytest.Item, profile: Profile) -> None:
    """Skip, visibly, what only the mock server can do, and what speaks of things that the profile does not have."""
    if item.get_closest_marker(NEEDS_CONTROL):
        pytest.skip("needs a clock or a payment provider that can be moved: only the mock server has them")
    try:
        needs_of([item]).look_up(profile)
    except NotInProfile as lack:
        raise skipped(lack) from None


def skipped(lack: NotInProfile) -> Skipped:
    """The skip of a scenario that needs what the profile does not have."""
    return Skipped(str(lack), _use_item_location=True)


def _reason(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
