"""Pytest plugin: lets the same scenarios talk to their cassettes, to the stand-in or to a project, and records them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.api.client import OneEntry
from support.api.profile import Profile, ProfileError
from support.api.settings import SettingsError
from support.api.transport import Connection, Device
from support.gherkin.identity import IDENTITY
from support.recording import hooks
from support.recording.controls import Controls
from support.recording.generated import Generated
from support.recording.inventory import problems_of
from support.recording.keys import REDACTOR
from support.recording.privacy import redact_junit, redact_logs, redact_report
from support.recording.run import Run, Take, live_settings
from support.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from support.api.exchange import Exchange
    from support.standin.server import Server

RUN = pytest.StashKey[Run]()
TAKE = pytest.StashKey[Take]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say which API a run talks to."""
    group = parser.getgroup("oneentry", "OneEntry scenarios")
    group.addoption(
        "--api",
        choices=("replay", "standin", "live"),
        default="replay",
        help="what the scenarios talk to: their cassettes (default), our stand-in, or the project in the environment",
    )
    group.addoption("--record", action="store_true", help="write cassettes; needs --api=standin or --api=live")
    group.addoption("--fresh-data", action="store_true", help="make new generated data instead of the cassette's")
    group.addoption(
        "--era",
        choices=("current", "2025"),
        default="current",
        help="with --api=standin: which version of the server to play (default: current)",
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
        raise pytest.UsageError("--record needs something to record from: add --api=standin or --api=live")
    redactor = Redactor()
    try:
        file = config.getoption("--profile")
        profile = Profile.read(Path(file)) if file else Profile()
        settings = live_settings(config.rootpath) if api == "live" else None
    except (ProfileError, SettingsError) as error:
        raise pytest.UsageError(str(error)) from None
    run = Run(api, record, config.getoption("--fresh-data"), config.rootpath, redactor, profile, settings)
    config.stash[RUN] = run
    config.stash[REDACTOR] = redactor
    config.add_cleanup(redact_logs(redactor))
    if api == "standin":
        stack = ExitStack()
        config.add_cleanup(stack.close)
        run.server = stack.enter_context(_standin(config.getoption("--era")))


def _standin(era: str) -> Server:
    from support.standin import Era, Server  # only here: replay does without a server's imports

    return Server(era=Era(era))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, visibly, what only the stand-in can do."""
    if item.config.stash[RUN].api == "live" and item.get_closest_marker("needs_control"):
        pytest.skip("needs a clock or a payment provider that can be moved: only the stand-in has them")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """See that every scenario has a cassette and every cassette a scenario, after -k and -m have had their say."""
    collected = len(items)
    yield
    run = config.stash[RUN]
    run.problems = problems_of(run, items, config.args, narrowed=len(items) < collected)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker of xdist what it found: the controller collects and runs nothing by itself."""
    node.config.stash[RUN].hear(getattr(node, "workeroutput", {}).get("oneentry", {}))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the JUnit file private; turn a run red whose cassettes and scenarios do not fit together."""
    redact_junit(session.config, session.config.stash[REDACTOR])
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["oneentry"] = session.config.stash[RUN].told()
    if session.config.stash[RUN].problems and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep a replayed scenario off the network, from set-up to clean-up."""
    if IDENTITY not in item.stash:
        return (yield)
    with item.config.stash[RUN].network():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A scenario that passed settles its cassette, and fails if that cannot be done; a failed one leaves it alone."""
    result = yield
    if TAKE in item.stash:
        item.stash[TAKE].finish()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take secrets out of tracebacks, locals and captured output before anybody else sees the report."""
    report = yield
    if IDENTITY in item.stash:
        if report.failed and TAKE in item.stash and (kept := item.stash[TAKE].kept()):
            report.sections.append(("Cassette", kept))
        redact_report(report, item.config.stash[REDACTOR])
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_report_facts(config: pytest.Config) -> dict[str, str]:
    """What a report should say on its face: whose answers these are."""
    run = config.stash[RUN]
    sources = {"stand-in": "stand-in, not OneEntry", "project": "a project on OneEntry"}
    recorded = ", ".join(sources[source] for source in sorted(run.recorded_from))
    return {"API": run.api} | ({"Recorded from": recorded} if recorded else {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what does not fit together, and which cassettes a recording from the stand-in did not replace."""
    run = config.stash[RUN]
    if run.problems:
        terminalreporter.section("cassettes", red=True)
        terminalreporter.write_line("\n\n".join(run.problems))
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
        request.node.ihook.pytest_api_exchange(item=request.node, exchange=exchange)

    def connect(device: str, app_token: str | None = None) -> OneEntry:
        run = take.run
        connection = Connection(
            take.settings.project_url,
            take.settings.app_token if app_token is None else app_token,
            # A cassette from the stand-in must not change because another machine recorded it.
            device=Device() if run.api == "live" else Device(f"UQ_{device.replace(' ', '-')}"),
            uses_proxy_variables=run.api == "live",
            redactor=run.redactor,
            on_exchange=tell,
        )
        clients.append(OneEntry(connection, take.profile.language))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
