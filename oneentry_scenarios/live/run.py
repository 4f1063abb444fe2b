"""A live run: rate-limited, one scenario at a time, stopped by the first 429, with each order on a list."""

import re
import secrets
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from _pytest.outcomes import Skipped

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.exchange import Exchange, Request
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.cassettes.target import TARGET, RecordingTarget, RunningScenario
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.live.clean_up import clean_up
from oneentry_scenarios.live.created_orders import CREATE_ORDER, CreatedOrders
from oneentry_scenarios.live.preflight import Preflight, PreflightFindings, references_of
from oneentry_scenarios.live.project import Access, Project, RateLimited
from oneentry_scenarios.live.project_lock import project_lock
from oneentry_scenarios.live.settings import message
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import NotInProfile

#: The tag of scenarios that need the mock server.
MOCK_ONLY = "mock_only"
#: The tag of scenarios that a healthy shop may fail; most then keep an order.
UNPROMISED = "unpromised"
#: The operations whose request names a payment account.
_ORDER_WRITES = frozenset({CREATE_ORDER, "orders.update_order_by_marker_and_id"})


class Pacer:
    """Limits the requests per second by waiting."""

    def __init__(self, calls_per_second: float) -> None:
        self._between = 1 / calls_per_second if calls_per_second else 0.0
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._between


class Live(RecordingTarget):
    """The project in the environment; raises Problem. Once `is_rate_limited`, no requests are sent."""

    api = "live"
    recorded_from = "project"

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        self._access = Access.from_environment(config.rootpath)
        super().__init__(config, redactor, self._access.profile_file)
        self._connect_in = self._access.connector(redactor, before_call=self._guard)
        self._pacer = Pacer(self._access.limits.requests_per_second)
        self.run_id = f"scenario-run {datetime.now(UTC):%Y-%m-%dT%H:%MZ}-{secrets.token_hex(2)}"
        self.seed = secrets.token_hex()  # random: a project keeps the orders of earlier runs
        self.created = CreatedOrders(config.rootpath, self._access.settings.host, self.run_id)
        self.findings = PreflightFindings()
        self.is_rate_limited = False
        self._plugins = config.pluginmanager
        self._left_out: list[str] = []
        self._not_run = 0
        self._inconclusive: set[str] = set()
        self._cleaned_up = ""

    def settings(self) -> ProjectAndUsers:
        """Return the project and its test users."""
        return self._access.settings

    def client_config(self, scenario: RunningScenario, device: str) -> ClientConfig:
        """Return the configuration of a rate-limited client on its own device."""

        def before_call(operation: str, request: Request) -> None:
            self._guard(operation, request)
            if operation == CREATE_ORDER:
                is_marked = self.profile.orders.run_mark_field is not None
                self.created.announce(request, scenario.identity, is_marked=is_marked)

        return replace(self._access.client_config(scenario.vcr_cassette.message_redactor), before_call=before_call)

    def exclusive_access(self) -> AbstractContextManager[None]:
        """Keep scenarios of other runs on this machine from interfering."""
        return project_lock(self._access.settings.project_url, self.print_now)

    def print_now(self, text: str) -> None:
        """Print a line in the terminal immediately."""
        if (terminal := self._plugins.get_plugin("terminalreporter")) is not None:
            terminal.ensure_newline()
            terminal.write(f"{text}\n", flush=True)

    def facts(self) -> dict[str, str]:
        """Return what the report shows. Without encryption, the target is a server on the same machine."""
        is_remote = self._access.settings.project_url.startswith("https://")
        return super().facts() | ({} if is_remote else {"API": "live on one's own machine"})

    def check(self, scenarios: list[pytest.Item]) -> None:
        """Run the preflight; raises Problem, also if the list of orders cannot be written."""
        self.redactor.reset()
        self._access.settings.learn(self.redactor, self.profile)
        project = Project(self._access, self._connect_in)
        with self.exclusive_access():
            self.findings = Preflight(project, self.profile, self._profile_file, references_of(scenarios)).run()
        self.profile = self.profile.with_accounts_last(self.findings.real_money | self.findings.test_only.keys())
        self.created.check()

    def why_rate_limited(self) -> str:
        """Return the message about 429."""
        return message("throttled", host=self._access.settings.host, slower=self._access.slower_setting())

    def why_test_only(self, refusal: Refused) -> str | None:
        """Return why an order with an account that is connected for tests only was refused; `None` for others."""
        body = refusal.exchange.request.body
        if refusal.operation in _ORDER_WRITES and body and "not connected" in refusal.message.lower():
            return self.findings.test_only.get(body.structure.get("paymentAccountIdentifier"))
        return None

    def _guard(self, operation: str, request: Request) -> None:
        """Delay a request as the limit requires; skip the scenario before it places an order for real money."""
        if self.is_rate_limited:
            raise RateLimited(f"{operation} was not sent. {self.why_rate_limited()}")
        if operation in _ORDER_WRITES and request.body:
            account = request.body.structure.get("paymentAccountIdentifier")
            if account in self.findings.real_money:
                pytest.skip(message("real-money", account=account))
        self._pacer.wait()

    @pytest.hookimpl(trylast=True)  # counts only the scenarios that remain after -k and -m filtering
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselect all but `@smoke` unless more is selected, and `@unpromised` unless named; keep the counts."""
        marks, here, root = config.option.markexpr, config.invocation_params.dir, config.rootpath.as_posix()
        named = {(here / argument).as_posix().removeprefix(f"{root}/") for argument in config.args}
        is_more = config.getoption("--all") or marks or config.option.keyword
        unpromised, others = [], []
        for item in items:
            if IDENTITY not in item.stash or named & {item.nodeid, item.nodeid.partition("[")[0]}:
                continue
            if not is_more and item.stash[IDENTITY].feature_file not in named:
                others += [item] if not item.get_closest_marker("smoke") else []
            elif item.get_closest_marker(UNPROMISED) and not re.search(rf"\b{UNPROMISED}\b", marks):
                unpromised.append(item)
        reasons = {
            "without --all, -m, -k, files or node IDs, a live run runs only @smoke": others,
            f"a healthy shop may behave in another way. To run them: -m {UNPROMISED}": unpromised,
        }
        self._left_out = [f"{_counted(len(each))} left out: {why}." for why, each in reasons.items() if each]
        if left_out := others + unpromised:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Run nothing if the environment or the profile does not match the project."""
        to_check = [item for item in session.items if IDENTITY in item.stash and not item.get_closest_marker(MOCK_ONLY)]
        if session.config.option.collectonly or session.testsfailed or not to_check:
            return
        try:
            self.check(to_check)
        except Problem as error:
            raise pytest.UsageError(str(error)) from None
        if hints := self.findings.hints:
            self.print_now("\n".join(hints))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip scenarios that need the mock server, or entries that the profile lacks."""
        if item.get_closest_marker(MOCK_ONLY):
            pytest.skip(message("mock-only"))
        references = references_of([item])
        try:
            for account in sorted(references.accounts):
                self.profile.account(account)
            for product in sorted(references.products):
                self.profile.product(product)
        except NotInProfile as lack:
            raise Skipped(str(lack), _use_item_location=True) from None

    @pytest.hookimpl(wrapper=True, trylast=True)  # inside the hook that records a passed scenario
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Skip a scenario that needs what the profile or account lacks; fail one that received a 429."""
        try:
            result = yield
        except NotInProfile as lack:
            raise Skipped(str(lack), _use_item_location=True) from None
        except Refused as refusal:
            if (why := self.why_test_only(refusal)) is None:
                raise
            raise Skipped(f"{why}: {refusal.message}", _use_item_location=True) from None
        if self.is_rate_limited:
            pytest.fail(self.why_rate_limited())
        return result

    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """Add a new order to the list; stop the run at the first 429."""
        self.created.confirm(exchange)
        if exchange.response is None or exchange.response.status != 429 or self.is_rate_limited:
            return
        self.is_rate_limited = True
        self._not_run = len(item.session.items) - item.session.items.index(item) - 1
        item.session.shouldfail = "stopped: the project limits how often it is called (429)"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Cancel the run's orders if the profile has `status_after_run`."""
        if status := self.profile.orders.status_after_run:
            with self.exclusive_access():  # a scenario of another run may count the sign-ins of these users
                self._cleaned_up = clean_up(self.created, status, self.profile, self._access.settings, self._connect_in)

    def pytest_run_notes(self) -> dict[str, str]:
        """Return the notes at the end of the run: created orders, what was left out, what was inconclusive."""
        left_out = [*self._left_out, *(f"Inconclusive: {each}." for each in sorted(self._inconclusive))]
        stopped = f"{self.why_rate_limited()}\n{_counted(self._not_run)} not run." if self.is_rate_limited else ""
        orders = "\n".join(filter(None, [self.created.summary(), self._cleaned_up]))
        notes = {"Stopped": stopped, "Created orders": orders, "Left out": "\n".join(left_out)}
        return {title: text for title, text in notes.items() if text}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the notes."""
        if notes := self.pytest_run_notes():
            terminalreporter.write_sep("=", "live")
            terminalreporter.write_line("\n".join(notes.values()))

    @pytest.fixture(autouse=True)
    def _signed_out_afterwards(self, request: pytest.FixtureRequest) -> Iterator[None]:
        """Sign all users out: a project keeps sign-ins, and a later scenario counts them."""
        is_live = IDENTITY in request.node.stash and request.config.stash[TARGET] is self
        people = request.getfixturevalue("people") if is_live else None
        yield
        if people is not None:
            self._inconclusive |= people.expected.inconclusive
            people.sign_out_quietly()


def _counted(scenarios: int) -> str:
    return f"{scenarios} scenario{'' if scenarios == 1 else 's'}"
