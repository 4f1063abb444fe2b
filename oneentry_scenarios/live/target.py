"""A project as a target: rate-limited, one scenario at a time, and with a list of the orders that it creates."""

import secrets
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.exchange import MessageRedactor, Request
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.cassettes.target import RecordingTarget, ScenarioRecording
from oneentry_scenarios.live.access import Access
from oneentry_scenarios.live.created_orders import CREATE_ORDER, CreatedOrders
from oneentry_scenarios.live.obstacles import Stopped, slower
from oneentry_scenarios.live.preflight import Findings, Preflight
from oneentry_scenarios.live.profile_references import references_of
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.live.turns import turn
from oneentry_scenarios.redaction.redactor import Redactor

#: The operations whose request names a payment account.
_ORDER_WRITES = frozenset({CREATE_ORDER, "orders.update_order_by_marker_and_id"})


class Throttle:
    """Limits the calls per second by waiting: the only sleep in the suite."""

    def __init__(self, calls_per_second: float) -> None:
        self._between = 1 / calls_per_second if calls_per_second else 0.0
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next call may go out."""
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._between


class Live(RecordingTarget):
    """The project in the environment; raises SettingsError or ProfileError. Once `is_throttled`, no calls are made."""

    api = "live"
    recorded_from = "project"

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        variables = environment(config.rootpath)
        profile = variables.get("ONEENTRY_PROFILE")
        super().__init__(config, redactor, config.rootpath / profile if profile else None)
        self._settings = settings_from(variables)
        self._access = Access(self._settings, Limits.from_environment(variables))
        self._throttle = Throttle(self._access.limits.requests_per_second)
        self.run_mark = f"scenario-run {datetime.now(UTC):%Y-%m-%dT%H:%MZ}-{secrets.token_hex(2)}"
        self.seed = secrets.token_hex()  # random: a project keeps the orders of earlier runs
        self.created = CreatedOrders(config.rootpath, self.run_mark)
        self.findings = Findings()
        self.is_throttled = False
        self._plugins = config.pluginmanager
        self._access.check()

    def settings(self) -> Settings:
        """The project and its test users."""
        return self._settings

    def client_config(self, recording: ScenarioRecording, device: str) -> ClientConfig:
        """A client on a device of its own, held back as the limits ask."""

        def before_call(operation: str, request: Request) -> None:
            self._hold_back(operation, request)
            if operation == CREATE_ORDER:
                is_marked = self.profile.orders.run_mark_field is not None
                self.created.announce(request, recording.identity, is_marked=is_marked)

        return replace(self._access.client_config(recording.vcr_cassette.message_redactor), before_call=before_call)

    def surround(self) -> AbstractContextManager[None]:
        """Let no scenario of another run on this machine meddle."""
        return turn(self._settings.project_url, self.say)

    def say(self, text: str) -> None:
        """Show a line in the terminal now."""
        if (terminal := self._plugins.get_plugin("terminalreporter")) is not None:
            terminal.ensure_newline()
            terminal.write(f"{text}\n", flush=True)

    def facts(self) -> dict[str, str]:
        """Which project this was. Only a server on the same machine may be called without encryption."""
        is_remote = self._settings.project_url.startswith("https://")
        return super().facts() | ({} if is_remote else {"API": "live on one's own machine"})

    def check(self, scenarios: list[pytest.Item]) -> None:
        """Make the preflight; raises PreflightError, or CreatedOrdersError if the list of orders cannot be written."""
        self.redactor.reset()
        self._settings.learn(self.redactor, self.profile)
        config = replace(self._access.client_config(MessageRedactor(self.redactor)), before_call=self._hold_back)
        references = references_of(scenarios)
        connect = partial(OneEntry, config)
        with self.surround():
            self.findings = Preflight(self._access, self.profile, self._profile_file, references, connect).run()
        self.created.check()

    def why_throttled(self) -> str:
        """What to do about 429."""
        return (
            f"{self._settings.host} limits how often it is called (429). The run has stopped there and repeats "
            f"nothing. Wait a minute, then make fewer calls a second: {slower(self._access.limits)}"
        )

    def why_unconnected(self, refusal: Refused) -> str | None:
        """Why the project refused an order by an account that is connected in test mode only; `None` for others."""
        body = refusal.exchange.request.body
        if refusal.operation in _ORDER_WRITES and body and "not connected" in refusal.reason.lower():
            return self.findings.unconnected.get(body.structure["paymentAccountIdentifier"])
        return None

    def _hold_back(self, operation: str, request: Request) -> None:
        """Hold a call back as long as the limit asks; end the scenario before it orders what would take real money."""
        if self.is_throttled:
            raise Stopped(f"{operation} was not called. {self.why_throttled()}")
        if operation in _ORDER_WRITES and request.body:
            account = request.body.structure["paymentAccountIdentifier"]
            if account in self.findings.real_money:
                pytest.skip(
                    f"the payment account {account!r} is not in test mode: orders by it would ask for real money. "
                    "Switch it to test mode in the admin panel, or leave it out of [accounts] in the profile"
                )
        self._throttle.wait()
