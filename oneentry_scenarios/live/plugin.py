"""Pytest plugin: keeps live runs safe. Few scenarios unless asked for more, a preflight, and each order on a list."""

from collections import Counter
from collections.abc import Generator, Iterator

import pytest
from _pytest.outcomes import Skipped

from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.live.created_orders import CreatedOrdersError
from oneentry_scenarios.live.preflight import PreflightError
from oneentry_scenarios.live.profile_references import references_of
from oneentry_scenarios.live.settings import SettingsError
from oneentry_scenarios.live.target import Live
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import NotInProfile

#: The tag of scenarios that only the mock server can play.
MOCK_ONLY = "mock_only"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for more than the documented story."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption("--all", action="store_true", help="with --api=live: all scenarios, not only those tagged @smoke")


@pytest.hookimpl(optionalhook=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Live | None:
    """The project in the environment, with `--api=live`; everything else here is registered only then."""
    if config.getoption("--api") != "live":
        return None
    if getattr(config.option, "numprocesses", None) or getattr(config.option, "tx", None):
        raise pytest.UsageError(
            "A live run is serial, so that it places its orders one after the other and does not overrun the project: "
            "leave out -n and --tx"
        )
    try:
        target = Live(config, redactor)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(LiveRun(target), "oneentry_live_run")
    return target


class LiveRun:
    """A run against a project."""

    def __init__(self, target: Live) -> None:
        self._target = target
        self._left_out = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave only `@smoke`, visibly, unless the command line selects by itself. A path is no selection."""
        if config.getoption("--all") or config.option.markexpr or config.option.keyword:
            return
        left_out = [item for item in items if IDENTITY in item.stash and not item.get_closest_marker("smoke")]
        self._left_out = len(left_out)
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

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Skip a scenario whose steps ask for what the profile does not have."""
        try:
            return (yield)
        except NotInProfile as lack:
            raise Skipped(str(lack), _use_item_location=True) from None

    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """Put an order that was just created on the list."""
        self._target.created.confirm(exchange)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what a person should know at the end: orders, and what was left out and why."""
        lines = [self._target.created.summary()]
        if self._left_out:
            lines.append(f"{self._left_out} scenarios left out: without --all, -m or -k a live run takes only @smoke.")
        reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
        lines += [f"{count} skipped: {reason.removeprefix('Skipped: ')}" for reason, count in reasons.items()]
        if any(lines):
            terminalreporter.write_sep("=", "live")
            terminalreporter.write_line("\n".join(filter(None, lines)))

    @pytest.fixture(autouse=True)
    def _signed_out_afterwards(self, request: pytest.FixtureRequest) -> Iterator[None]:
        """Sign everyone out: a project keeps sign-ins, and a later scenario counts them."""
        people = request.getfixturevalue("people") if IDENTITY in request.node.stash else None
        yield
        if people is not None:
            people.sign_out_quietly()
