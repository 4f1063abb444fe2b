"""Pytest plugin: connects scenarios to their cassettes, the mock server or a project, and records them."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import asdict, replace
from typing import Any, NamedTuple, cast

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, message
from oneentry_scenarios.cassettes.network import Network, fail_on_attempts, network, overlooked_attempts
from oneentry_scenarios.cassettes.replay import Replay, write_verified
from oneentry_scenarios.cassettes.target import REDACTOR, RUN_ID, SCENARIO, TARGET, Mock, RunningScenario, Target
from oneentry_scenarios.environment import IS_CHECKOUT, command
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.problem import Problem, read_toml
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.domain import Generate
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.simulator import Simulator

#: Option -> the APIs with which it has an effect. `current` is the default of --era, `default` that of --world.
_WANTED_API = dict.fromkeys(("--record", "--fresh-data", "--profile"), "--api=mock or --api=live")
_WANTED_API |= {"--era": "--api=mock", "--world": "--api=mock", "--all": "--api=live"}


class Hooks:
    """Hooks for the plugins above this one: targets, drift, reports."""

    @pytest.hookspec(firstresult=True)
    def pytest_scenario_target(self, config: pytest.Config, redactor: Redactor) -> Target | None:
        """Return the target of the run; called once, before anything runs. `None` defers to the next plugin."""

    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """Receive each API call of a step of the scenario `item`; `exchange` is redacted."""

    def pytest_scenario_ended(self, item: pytest.Item, scenario: RunningScenario, has_passed: bool) -> None:
        """Receive the state of the scenario `item` after its last step."""

    def pytest_scenario_drift(self, item: pytest.Item, findings: Sequence[NamedTuple]) -> None:
        """With `--drift`: receive the differences between responses and the cassette; `findings` are redacted."""

    @pytest.hookspec(firstresult=True)
    def pytest_cassette_says_the_same(self, before: Cassette, now: Cassette) -> bool | None:
        """Return whether two recordings of a scenario differ only in volatile values, for example IDs and dates."""

    def pytest_run_notes(self, config: pytest.Config, stats: Mapping[str, Sequence[Any]]) -> Mapping[str, str] | None:
        """Return notes for the report's first page, by title; `stats` are those of pytest's terminal reporter."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options that select the API, and block the network before steps are imported."""
    Network.is_blocked = True
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    for name, settings in read_toml(__file__, "options.toml").items():
        group.addoption(name, **settings)
    if not pluginmanager.hasplugin("xdist"):
        group._addoption("-n", dest="workers", metavar="COUNT", help="requires pytest-xdist")  # noqa: SLF001  (short)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare this plugin's hooks."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Select the target of the run; raise UsageError if options or settings are missing or have no effect."""
    api = config.getoption("--api")
    if config.getoption("workers", None):
        install = ("oneentry-scenarios", "setup", "test") if IS_CHECKOUT else ("pip", "install", "pytest-xdist")
        raise pytest.UsageError(f"-n requires pytest-xdist. Install it: {command(*install)}")
    Network.is_blocked = api == "replay"
    for option, wanted in _WANTED_API.items():
        if f"--api={api}" not in wanted and config.getoption(option, None) not in (None, False, "current", "default"):
            raise pytest.UsageError(message("no-effect", option=option, api=api, wanted=wanted))
    config.stash[REDACTOR] = redactor = Redactor()
    try:
        config.stash[TARGET] = config.hook.pytest_scenario_target(config=config, redactor=redactor)
    except Problem as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the xdist controller start its workers, which run the scenarios and block their own network."""
    if session.config.pluginmanager.hasplugin("dsession"):
        Network.is_blocked = False


def pytest_unconfigure() -> None:
    """Allow the network again."""
    Network.is_blocked = False


@pytest.hookimpl(trylast=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Target:
    """Return the target for `--api=mock`, or else replay."""
    return Mock(config, redactor) if config.getoption("--api") == "mock" else Replay(config.rootpath, redactor)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Allow the network while plain test modules are imported."""
    is_plain = isinstance(collector, pytest.Module) and collector.path.suffix != ".feature"
    with network(blocked=False) if is_plain else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Check that cassettes and scenarios match, after -k and -m filtering."""
    collected = len(items)
    yield
    target = config.stash[TARGET]
    is_filtered = len(items) < collected or any("::" in argument for argument in config.args)
    target.summary.problems = [*target.problems(items, is_filtered=is_filtered)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Merge the summary of an xdist worker: the controller itself runs no scenarios."""
    if hasattr(node, "workeroutput"):  # missing after a crash
        node.config.stash[TARGET].summary.add(**node.workeroutput["oneentry"])


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Fail the run if cassettes and scenarios do not match, or if code outside scenarios tried to use the network."""
    yield
    summary = session.config.stash[TARGET].summary
    summary.problems += overlooked_attempts()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["oneentry"] = asdict(summary)
    if summary.problems and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Wrap a scenario, from setup to teardown. Other tests may use the network."""
    if IDENTITY not in item.stash:
        with network(blocked=False):
            return (yield)
    with item.config.stash[TARGET].exclusive_access():
        try:
            return (yield)
        finally:
            # pytest keeps items until the end of the run; their cassettes are no longer needed.
            with suppress(KeyError):
                del item.stash[SCENARIO]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    """Fail if fixtures try to use the network."""
    with fail_on_attempts():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Finish a scenario that passed; in replay, it fails if its cassette has unused interactions."""
    try:
        with fail_on_attempts():
            result = yield
    except pytest.skip.Exception as skip:
        if SCENARIO in item.stash and item.config.stash[TARGET].api != "live":
            raise CassetteError(message("skipped", reason=skip.msg)) from None
        raise
    if SCENARIO in item.stash:
        item.config.stash[TARGET].finish(item.stash[SCENARIO])
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Write the cassette after teardown: only then can the scenario run once more, in replay."""
    with fail_on_attempts():
        yield
    if SCENARIO in item.stash and (cassette := item.stash[SCENARIO].new_cassette) is not None:
        write_verified(cassette, cast("pytest.Function", item), nextitem)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Pass the scenario to plugins, and add the state of the cassette to the report of a failed scenario."""
    report = yield
    if SCENARIO in item.stash:
        scenario = item.stash[SCENARIO]
        if report.when == "call":
            item.ihook.pytest_scenario_ended(item=item, scenario=scenario, has_passed=report.passed)
        if report.failed and (state := item.config.stash[TARGET].after_failure(scenario)):
            report.sections.append(("Cassette", state))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print mismatches between cassettes and scenarios, and a recording run's summary of cassettes."""
    summary = config.stash[TARGET].summary
    if summary.problems:
        terminalreporter.section("cassettes", red=True)
        terminalreporter.write_line("\n\n".join(summary.problems))
    for line in summary.lines():
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def running_scenario(request: pytest.FixtureRequest) -> Iterator[RunningScenario | None]:
    """Yield the state of the scenario, in each kind of run; `None` for other tests."""
    item = request.node
    if IDENTITY not in item.stash:
        yield None
        return
    with item.config.stash[TARGET].begin(item.stash[IDENTITY]) as running_scenario:
        item.stash[SCENARIO] = running_scenario
        yield running_scenario


@pytest.fixture
def profile(running_scenario: RunningScenario) -> Profile:
    """Return the profile of this scenario's shop."""
    return running_scenario.profile


@pytest.fixture
def generated(running_scenario: RunningScenario, pytestconfig: pytest.Config) -> Generate:
    """Return a function that generates test data for replay to reuse: `generated("buyer", lambda f: f.name())`."""
    target = pytestconfig.stash[TARGET]

    def generated(name: str, make: Callable[..., str]) -> str:
        if name not in running_scenario.data:
            running_scenario.data[name] = target.generate(running_scenario, name, make)
        return running_scenario.used_data.setdefault(name, running_scenario.data[name])

    return generated


@pytest.fixture
def run_id(profile: Profile, generated: Generate) -> str | None:
    """Return the run ID that makes orders findable, if the profile has a form field for it."""
    # Recording targets put it into the scenario's data; a cassette without it must be re-recorded.
    return generated(RUN_ID, lambda _: "") if profile.orders.run_mark_field else None


@pytest.fixture
def simulator(pytestconfig: pytest.Config) -> Simulator:
    """Return the simulator of time and payments, which works only with the mock server."""
    return pytestconfig.stash[TARGET].simulator


@pytest.fixture
def connect(running_scenario: RunningScenario, request: pytest.FixtureRequest) -> Iterator[Callable[..., OneEntry]]:
    """Yield a function that creates clients, `connect(device="a name")`, one per device; close them at the end."""
    item = request.node

    def announce(exchange: Exchange) -> None:
        if SCENARIO in item.stash:  # missing after an interruption: pytest then cleans up outside the scenario
            item.ihook.pytest_api_exchange(item=item, exchange=exchange)

    def connect(device: str, app_token: str | None = None) -> OneEntry:
        connection = item.config.stash[TARGET].client_config(running_scenario, device)
        token = connection.app_token if app_token is None else app_token
        config = replace(connection, app_token=token, on_exchange=announce)
        return clients.enter_context(OneEntry(config, running_scenario.profile.language))

    with ExitStack() as clients:
        yield connect
