"""Pytest plugin: lets scenarios talk to their cassettes, to the mock server or to a project, and records them."""

import tomllib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import Exchange
from oneentry_scenarios.cassettes.file import Cassette, CassetteError
from oneentry_scenarios.cassettes.network import Network, attempts_fail, network, overlooked_attempts
from oneentry_scenarios.cassettes.replay import Replay, keep
from oneentry_scenarios.cassettes.target import RECORDING, REDACTOR, RUN_MARK, TARGET, Mock, ScenarioRecording, Target
from oneentry_scenarios.environment import IS_CHECKOUT, command
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.domain import Generate
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.provider import ProviderSimulator


class Hooks:
    """The hooks between this plugin and those above it: targets, drift, reports."""

    @pytest.hookspec(firstresult=True)
    def pytest_scenario_target(self, config: pytest.Config, redactor: Redactor) -> Target | None:
        """What the run talks to; asked once, before anything runs. `None` leaves the answer to the next plugin."""

    def pytest_api_exchange(self, item: pytest.Item, exchange: Exchange) -> None:
        """A step of the scenario `item` has just called the API; `exchange` is redacted."""

    def pytest_scenario_recorded(self, item: pytest.Item, recording: ScenarioRecording, has_passed: bool) -> None:
        """The steps of the scenario `item` are over; `recording` holds what was exchanged."""

    def pytest_scenario_drift(self, item: pytest.Item, findings: Sequence[NamedTuple]) -> None:
        """With `--drift`: responses to the scenario `item` differ from its cassette; `findings` are redacted."""

    @pytest.hookspec(firstresult=True)
    def pytest_cassette_says_the_same(self, before: Cassette, now: Cassette) -> bool | None:
        """Whether two recordings of a scenario differ in nothing that means anything, such as ids and dates."""

    def pytest_run_notes(self, config: pytest.Config, stats: Mapping[str, Sequence[Any]]) -> Mapping[str, str] | None:
        """What a report's first page should say of the run, by title; `stats` is what the terminal has gathered."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options that say which API a run talks to, and close the network before steps are imported."""
    Network.is_closed = True
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    for name, settings in tomllib.loads(Path(__file__).with_name("options.toml").read_text("utf-8")).items():
        group.addoption(name, **settings)
    if not pluginmanager.hasplugin("xdist"):
        group._addoption("-n", dest="workers", metavar="COUNT", help="needs pytest-xdist")  # noqa: SLF001  (short)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks that this plugin calls."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Find out what the run talks to; fail at once if a setting is missing for that."""
    api = config.getoption("--api")
    if config.getoption("workers", None):
        install = ("oneentry-scenarios", "setup", "test") if IS_CHECKOUT else ("pip", "install", "pytest-xdist")
        raise pytest.UsageError(f"-n needs pytest-xdist. To install it: {command(*install)}")
    Network.is_closed = api == "replay"
    if config.getoption("--record") and api == "replay":
        raise pytest.UsageError("--record needs something to record from: add --api=mock or --api=live")
    if config.getoption("--world") != "default" and api != "mock":
        raise pytest.UsageError("--world says which shop the mock server is: add --api=mock")
    config.stash[REDACTOR] = redactor = Redactor()
    try:
        config.stash[TARGET] = config.hook.pytest_scenario_target(config=config, redactor=redactor)
    except Problem as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the controller of xdist start its workers: they run the scenarios, and close the network for themselves."""
    if session.config.pluginmanager.hasplugin("dsession"):
        Network.is_closed = False


def pytest_unconfigure() -> None:
    """Open the network again."""
    Network.is_closed = False


@pytest.hookimpl(trylast=True)
def pytest_scenario_target(config: pytest.Config, redactor: Redactor) -> Target:
    """Replay, unless the mock server is asked for."""
    return Mock(config, redactor) if config.getoption("--api") == "mock" else Replay(config.rootpath, redactor)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Leave modules of plain tests alone while they are imported."""
    is_plain = isinstance(collector, pytest.Module) and collector.path.suffix != ".feature"
    with network(closed=False) if is_plain else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """See that cassettes and scenarios fit each other, after -k and -m filtering."""
    collected = len(items)
    yield
    target = config.stash[TARGET]
    is_filtered = len(items) < collected or any("::" in argument for argument in config.args)
    target.notes.problems = target.problems(items, is_filtered=is_filtered)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the notes of a worker of xdist: the controller collects and runs nothing itself."""
    if hasattr(node, "workeroutput"):  # else it has crashed
        node.config.stash[TARGET].notes.add(**node.workeroutput["oneentry"])


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Turn a run red whose cassettes do not fit its scenarios, or that tried to use the network outside of them."""
    yield
    notes = session.config.stash[TARGET].notes
    notes.problems += overlooked_attempts()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["oneentry"] = asdict(notes)
    if notes.problems and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Surround a scenario, from set-up to clean-up. Other tests may use the network."""
    if IDENTITY not in item.stash:
        with network(closed=False):
            return (yield)
    with item.config.stash[TARGET].surround():
        try:
            return (yield)
        finally:
            # pytest keeps items to the end of the run; their cassettes are not needed so long.
            with suppress(KeyError):
                del item.stash[RECORDING]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, Any, Any]:
    """Fail if fixtures tried to use the network."""
    with attempts_fail():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Tell the target of a scenario that passed: in replay, it fails unless all of its cassette was played."""
    try:
        with attempts_fail():
            result = yield
    except pytest.skip.Exception as skip:
        if RECORDING in item.stash and item.config.stash[TARGET].api != "live":
            raise CassetteError(f"Only live runs skip, but a step did: {skip.msg}") from None
        raise
    if RECORDING in item.stash:
        item.config.stash[TARGET].finish(item.stash[RECORDING])
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Write the cassette of a scenario that was torn down: only now it can be run once more, in replay."""
    with attempts_fail():
        yield
    if RECORDING in item.stash and (cassette := item.stash[RECORDING].new_cassette) is not None:
        keep(cassette, cast("pytest.Function", item), nextitem)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Announce what was recorded, and say what became of the cassette of a scenario that failed."""
    report = yield
    if RECORDING in item.stash:
        recording = item.stash[RECORDING]
        if report.when == "call":
            item.ihook.pytest_scenario_recorded(item=item, recording=recording, has_passed=report.passed)
        if report.failed and (state := item.config.stash[TARGET].after_failure(recording)):
            report.sections.append(("Cassette", state))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what does not fit together, and what became of the cassettes of a run that records."""
    notes = config.stash[TARGET].notes
    if notes.problems:
        terminalreporter.section("cassettes", red=True)
        terminalreporter.write_line("\n\n".join(notes.problems))
    for line in notes.summary():
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def recording(request: pytest.FixtureRequest) -> Iterator[ScenarioRecording | None]:
    """The scenario's recording or replay. Tests that are no scenarios get none."""
    item = request.node
    if IDENTITY not in item.stash:
        yield None
        return
    with item.config.stash[TARGET].begin(item.stash[IDENTITY]) as recording:
        item.stash[RECORDING] = recording
        yield recording


@pytest.fixture
def profile(recording: ScenarioRecording) -> Profile:
    """What differs from shop to shop, as this scenario's shop has it."""
    return recording.profile


@pytest.fixture
def generated(recording: ScenarioRecording, pytestconfig: pytest.Config) -> Generate:
    """Makes test data that replay finds again: `generated("buyer", lambda fake: fake.name())`."""
    target = pytestconfig.stash[TARGET]

    def generated(name: str, make: Callable[..., str]) -> str:
        if name not in recording.data:
            recording.data[name] = target.generate(recording, name, make)
        return recording.used_data.setdefault(name, recording.data[name])

    return generated


@pytest.fixture
def run_mark(profile: Profile, generated: Generate) -> str | None:
    """What orders carry so that people find them again, if the profile has a form field for it."""
    # Targets that record put it into the scenario's data; a cassette that lacks it must be recorded again.
    return generated(RUN_MARK, lambda _: "") if profile.orders.run_mark_field else None


@pytest.fixture
def provider(pytestconfig: pytest.Config) -> ProviderSimulator:
    """Lets time pass and payments end, where that can be done."""
    return pytestconfig.stash[TARGET].provider


@pytest.fixture
def connect(recording: ScenarioRecording, request: pytest.FixtureRequest) -> Iterator[Callable[..., OneEntry]]:
    """Makes clients for the scenario's API, `connect(device="a name")`, one per device; closes them afterwards."""
    item = request.node

    def announce(exchange: Exchange) -> None:
        if RECORDING in item.stash:  # else the run was stopped: pytest cleans up when nobody follows the scenario
            item.ihook.pytest_api_exchange(item=item, exchange=exchange)

    def connect(device: str, app_token: str | None = None) -> OneEntry:
        connection = item.config.stash[TARGET].client_config(recording, device)
        token = connection.app_token if app_token is None else app_token
        config = replace(connection, app_token=token, on_exchange=announce)
        return clients.enter_context(OneEntry(config, recording.profile.language))

    with ExitStack() as clients:
        yield connect
