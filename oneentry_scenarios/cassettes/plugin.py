"""Pytest plugin: lets scenarios talk to their cassettes, to the mock server or to a project, and records them."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import Connection, Device
from oneentry_scenarios.cassettes import hookspecs as hooks
from oneentry_scenarios.cassettes.generated import Generated
from oneentry_scenarios.cassettes.inventory import problems_of
from oneentry_scenarios.cassettes.playback import nothing_behind
from oneentry_scenarios.cassettes.run import Run, Take
from oneentry_scenarios.cassettes.stash import REDACTOR
from oneentry_scenarios.gherkin.identity import IDENTITY
from oneentry_scenarios.live import live
from oneentry_scenarios.live.created_orders import CreatedOrdersError
from oneentry_scenarios.live.preflight import PreflightError
from oneentry_scenarios.live.settings import SettingsError
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import NotInProfile, Profile, ProfileError
from oneentry_scenarios.shop.provider import Controls

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from oneentry_scenarios.api.exchange import Exchange
    from oneentry_scenarios.drift.report import DriftReport
    from oneentry_scenarios.mock_server.server import Server

RUN = pytest.StashKey[Run]()
TAKE = pytest.StashKey[Take]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say which API a run talks to."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption(
        "--api",
        choices=("replay", "mock", "live"),
        default="replay",
        help="what the scenarios talk to: cassettes (default), our mock server, or the project in the environment",
    )
    group.addoption("--all", action="store_true", help="with --api=live: all scenarios, not only those tagged @smoke")
    group.addoption("--record", action="store_true", help="write cassettes; needs --api=mock or --api=live")
    group.addoption(
        "--drift", action="store_true", help="compare what the API says with the cassettes; needs --api=live"
    )
    group.addoption("--fresh-data", action="store_true", help="make new generated data instead of the cassette's")
    group.addoption(
        "--era",
        choices=("current", "2025"),
        default="current",
        help="with --api=mock: which version of the server to play (default: current)",
    )
    group.addoption(
        "--world",
        choices=("default", "other"),
        default="default",
        help="with --api=mock: which shop to be; the other one differs in every marker, id, price and language",
    )
    group.addoption("--profile", metavar="FILE", help="TOML file that says what differs in your shop")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make known the events that this plugin tells."""
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Find out what the run talks to; what is missing for that is said before anything runs."""
    api = config.getoption("--api")
    record = config.getoption("--record")
    if record and api == "replay":
        raise pytest.UsageError("--record needs something to record from: add --api=mock or --api=live")
    if config.getoption("--drift") and (api != "live" or record):
        raise pytest.UsageError(
            "--drift compares what a project says now with the cassettes and changes none: "
            + ("drop --record, or record in a second run" if record else "add --api=live")
        )
    if config.getoption("--world") != "default" and api != "mock":
        raise pytest.UsageError("--world says which shop the mock server is: add --api=mock")
    redactor = Redactor()
    try:
        file = live.profile_file(config)
        profile = Profile.read(file) if file else Profile()
        project = live.begin(config) if api == "live" else None
    except (ProfileError, SettingsError, CreatedOrdersError) as error:
        raise pytest.UsageError(str(error)) from None
    run = Run(api, record, config.getoption("--fresh-data"), config.rootpath, redactor, profile, project)
    run.drift = _drift_report() if config.getoption("--drift") else None
    config.stash[RUN] = run
    config.stash[REDACTOR] = redactor
    if api == "mock":
        stack = ExitStack()
        config.add_cleanup(stack.close)
        run.server = stack.enter_context(_mock_server(config.getoption("--era"), config.getoption("--world")))


def _drift_report() -> DriftReport:
    from oneentry_scenarios.drift.report import DriftReport  # only here: it reads the mock server's fidelity table

    return DriftReport()


def _mock_server(era: str, world: str) -> Server:
    from oneentry_scenarios.mock_server import WORLDS, Era, Server  # only here: replay does without a server's imports

    return Server(era=Era(era), world=WORLDS[world])


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Let nothing run against a project that the environment and the profile do not fit."""
    run = session.config.stash[RUN]
    if run.live is None or session.config.option.collectonly or session.testsfailed:
        return
    try:
        live.check(run.live, run.profile, run.redactor, session.items)
    except PreflightError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, visibly, what a project cannot do or does not have."""
    run = item.config.stash[RUN]
    if run.live is not None:
        live.skip_what_cannot_be(item, run.profile)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """See that every scenario has a cassette and every cassette a scenario, after -k and -m have had their say."""
    collected = len(items)
    run = config.stash[RUN]
    if run.live is not None:
        live.select(run.live, config, items)
    yield
    run.problems = problems_of(run, items, config.args, narrowed=len(items) < collected)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker of xdist what it found: the controller collects and runs nothing by itself."""
    node.config.stash[RUN].hear(getattr(node, "workeroutput", {}).get("oneentry", {}))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run red whose cassettes do not fit its scenarios, or the API."""
    run = session.config.stash[RUN]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["oneentry"] = run.told()
    if run.drift is not None:
        run.drift.write(session.config.rootpath / "reports" / "drift.json")
    has_drifted = run.drift is not None and run.drift.is_breaking
    if (run.problems or has_drifted) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep a replayed scenario off the network, from set-up to clean-up."""
    if IDENTITY not in item.stash:
        return (yield)
    with item.config.stash[RUN].network():
        try:
            return (yield)
        finally:
            # pytest keeps items to the end of the run; nobody needs their cassettes so long.
            with suppress(KeyError):
                del item.stash[TAKE]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A scenario that passed settles its cassette, and fails if that cannot be done; a failed one leaves it alone.

    In live, one that speaks of what the profile does not have is skipped.
    """
    try:
        result = yield
    except NotInProfile as lack:
        if item.config.stash[RUN].live is None:
            raise
        raise live.skipped(lack) from None
    if TAKE in item.stash:
        item.stash[TAKE].finish()
    return result


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell drift, and say what became of the cassette, before the report is redacted and goes to Allure."""
    report = yield
    if IDENTITY in item.stash:
        if report.when == "call" and TAKE in item.stash:
            found = item.stash[TAKE].look_for_drift(item.nodeid, has_passed=report.passed)
            if found:
                item.ihook.pytest_scenario_drift(item=item, findings=found)
        if report.failed and TAKE in item.stash and (kept := item.stash[TAKE].kept()):
            report.sections.append(("Cassette", kept))
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_report_facts(config: pytest.Config) -> dict[str, str]:
    """What a report should say on its face: whose answers these are."""
    run = config.stash[RUN]
    recorded = ", ".join(sorted(run.recorded_from))
    # Only a server on the same machine may be called without encryption.
    rehearsal = run.live is not None and run.live.settings.project_url.startswith("http://")
    api = "live on one's own machine" if rehearsal else run.api
    file = live.profile_file(config)
    profile = "as recorded" if run.api == "replay" else file.name if file else "the documented shop"
    return {"API": api, **({"Recorded from": recorded} if recorded else {}), "Profile": profile}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what does not fit together, and which cassettes a recording from the mock server did not replace."""
    run = config.stash[RUN]
    if run.problems:
        terminalreporter.section("cassettes", red=True)
        terminalreporter.write_line("\n\n".join(run.problems))
    if run.live is not None and (lines := run.live.summary(terminalreporter.stats.get("skipped", []))):
        terminalreporter.write_sep("=", "live")
        terminalreporter.write_line("\n".join(lines))
    if run.drift is not None:
        terminalreporter.section("drift", red=run.drift.is_breaking, green=not run.drift.findings)
        terminalreporter.write_line("\n".join(run.drift.lines()))
    for path in run.left_alone:
        terminalreporter.write_line(f"{path} was recorded from a project and is left alone; delete it to replace it.")


@pytest.fixture(autouse=True)
def take(request: pytest.FixtureRequest) -> Iterator[Take | None]:
    """The scenario's recording or replay. Tests that are no scenarios get none."""
    item = request.node
    if IDENTITY not in item.stash:
        yield None
        return
    with item.config.stash[RUN].begin(item.stash[IDENTITY], item.nodeid) as begun:
        item.stash[TAKE] = begun
        yield begun


@pytest.fixture
def generated(take: Take) -> Generated:
    """Makes test data, and finds it again in replay: `generated("buyer", lambda fake: fake.name())`."""
    return Generated(take)


@pytest.fixture
def controls(take: Take) -> Controls:
    """Lets time pass and payments end, where that can be done."""
    return Controls(take.run.server)


@pytest.fixture
def connect(take: Take, request: pytest.FixtureRequest) -> Iterator[Callable[..., OneEntry]]:
    """Makes clients for the scenario's API, `connect(device="a name")`, one a device; closes them afterwards."""
    clients: list[OneEntry] = []

    def tell(exchange: Exchange) -> None:
        if take.run.live is not None:
            take.run.live.heard(request.node, exchange, take.profile)
        request.node.ihook.pytest_api_exchange(item=request.node, exchange=exchange)

    def connect(device: str, app_token: str | None = None) -> OneEntry:
        run = take.run
        connection = Connection(
            take.settings.project_url,
            take.settings.app_token if app_token is None else app_token,
            # A cassette from the mock server must not change because another machine recorded it.
            device=Device() if run.api == "live" else Device(f"UQ_{device.replace(' ', '-')}"),
            connect_timeout=run.limits.connect_timeout,
            read_timeout=run.limits.read_timeout,
            uses_proxy_variables=run.api == "live",
            redactor=run.redactor,
            before_call=run.live.before_call if run.live else lambda *_: None,
            on_exchange=tell,
            http_transport=nothing_behind() if run.api == "replay" else None,
        )
        clients.append(OneEntry(connection, take.profile.language))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
