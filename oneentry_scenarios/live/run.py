"""A run against a project: what is left out, the preflight, skips, the first 429, and the summary."""

import re
from collections import Counter
from collections.abc import Generator, Iterator

import pytest
from _pytest.outcomes import Skipped

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.cassettes.target import TARGET
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.live.access import PreflightError
from oneentry_scenarios.live.created_orders import CreatedOrdersError
from oneentry_scenarios.live.obstacles import TOO_MANY_CALLS
from oneentry_scenarios.live.profile_references import references_of
from oneentry_scenarios.live.target import Live
from oneentry_scenarios.shop.profile import NotInProfile

#: The tag of scenarios that only the mock server can play.
MOCK_ONLY = "mock_only"
#: The tag of scenarios that attempt what a healthy shop may allow; then it keeps the order.
UNPROMISED = "unpromised"


class LiveRun:
    """A run against a project."""

    def __init__(self, target: Live) -> None:
        self._target = target
        self._left_out = ""
        self._not_run = 0
        self._uncertain: set[str] = set()

    @pytest.hookimpl(trylast=True)  # so that only what -m and -k have chosen counts
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out, visibly, all but `@smoke` without --all, -m or -k, and `@unpromised` unless -m names it."""
        if config.getoption("--all") or config.option.markexpr or config.option.keyword:
            if re.search(rf"\b{UNPROMISED}\b", config.option.markexpr):
                return
            left_out = [item for item in items if IDENTITY in item.stash and item.get_closest_marker(UNPROMISED)]
            why = f"a healthy shop may allow what they attempt, and keep the order. To run them: -m {UNPROMISED}"
        else:
            left_out = [item for item in items if IDENTITY in item.stash and not item.get_closest_marker("smoke")]
            why = "without --all, -m or -k a live run takes only @smoke"
        if left_out:
            self._left_out = f"{_counted(len(left_out))} left out: {why}."
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Let nothing run against a project that the environment and the profile do not fit."""
        scenarios = [
            item for item in session.items if IDENTITY in item.stash and not item.get_closest_marker(MOCK_ONLY)
        ]
        if session.config.option.collectonly or session.testsfailed or not scenarios:
            return
        try:
            self._target.check(scenarios)
        except (PreflightError, CreatedOrdersError) as error:
            raise pytest.UsageError(str(error)) from None
        if hints := self._target.findings.hints:
            self._target.say("\n".join(hints))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip, visibly, what only the mock server can do, and what the profile does not have."""
        if item.get_closest_marker(MOCK_ONLY):
            pytest.skip("needs a clock or a payment provider that can be moved: only the mock server has them")
        references = references_of([item])
        try:
            for account in sorted(references.accounts):
                self._target.profile.account(account)
            for product in sorted(references.products):
                self._target.profile.product(product)
        except NotInProfile as lack:
            raise Skipped(str(lack), _use_item_location=True) from None

    @pytest.hookimpl(wrapper=True, trylast=True)  # inside of what records a scenario that has passed
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Skip a scenario whose steps ask for what profile or account do not have; none has passed that met a 429."""
        try:
            result = yield
        except NotInProfile as lack:
            raise Skipped(str(lack), _use_item_location=True) from None
        except Refused as refusal:
            if (why := self._target.why_unconnected(refusal)) is None:
                raise
            raise Skipped(f"{why}: {refusal.reason}", _use_item_location=True) from None
        if self._target.is_throttled:
            pytest.fail(self._target.why_throttled())
        return result

    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """Put an order that was just created on the list; stop the run at the first 429."""
        self._target.created.confirm(exchange)
        if exchange.response is None or exchange.response.status != TOO_MANY_CALLS or self._target.is_throttled:
            return
        self._target.is_throttled = True
        self._not_run = len(item.session.items) - item.session.items.index(item) - 1
        item.session.shouldfail = "stopped: the project limits how often it is called (429)"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what a person should know at the end: orders, and what was left out and why."""
        lines = [self._target.created.summary()]
        if self._target.is_throttled:
            lines.insert(0, f"{self._target.why_throttled()}\n{_counted(self._not_run)} not run.")
        lines.append(self._left_out)
        reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
        lines += [f"Not everything could be told: {reason}." for reason in sorted(self._uncertain)]
        lines += [f"{count} skipped: {reason.removeprefix('Skipped: ')}" for reason, count in reasons.items()]
        if any(lines):
            terminalreporter.write_sep("=", "live")
            terminalreporter.write_line("\n".join(filter(None, lines)))

    @pytest.fixture(autouse=True)
    def _signed_out_afterwards(self, request: pytest.FixtureRequest) -> Iterator[None]:
        """Sign everyone out: a project keeps sign-ins, and a later scenario counts them."""
        is_live = IDENTITY in request.node.stash and request.config.stash[TARGET] is self._target
        people = request.getfixturevalue("people") if is_live else None
        yield
        if people is not None:
            self._uncertain |= people.ledger.uncertain
            people.sign_out_quietly()


def _counted(scenarios: int) -> str:
    return f"{scenarios} scenario{'' if scenarios == 1 else 's'}"
