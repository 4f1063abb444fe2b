"""Replay: serves scenarios from their cassettes, without a network; also verifies each recording before writing it."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn, cast

import httpx
import pytest
from _pytest.main import FSHookProxy

from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario, message
from oneentry_scenarios.cassettes.network import fail_on_attempts, network
from oneentry_scenarios.cassettes.target import RUN_ID, SCENARIO, TARGET, RunningScenario, Target, VcrCassetteContext
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingMismatch, ReplayCassette
from oneentry_scenarios.environment import command
from oneentry_scenarios.gherkin.identity import IDENTITY, ScenarioIdentity
from oneentry_scenarios.redaction.redactor import Redactor


class Replay(Target):
    """The target that serves the scenarios' own cassettes."""

    api = "replay"

    def __init__(self, root: Path, redactor: Redactor, recorded: Cassette | None = None) -> None:
        super().__init__(root, redactor)
        #: Replayed instead of the file, if given.
        self._recorded = recorded

    def open(self, identity: ScenarioIdentity) -> tuple[RunningScenario, VcrCassetteContext]:
        """Read the scenario's cassette, with the recorded settings for sign-in."""
        cassette = self._recorded or self._read(identity)
        self.summary.recorded_from.add(cassette.whose_responses)
        record_command = partial(_record_command, cassette.recorded_from, *cassette.options, nodes=[identity.node_id])
        shop, is_mock_shop = (cassette.settings, cassette.profile), cassette.recorded_from == "mock server"
        scenario = RunningScenario(identity, cassette, *shop, dict(cassette.data), is_mock_shop)
        vcr_cassette = ReplayCassette(
            path=identity.cassette, redactor=self.redactor, interactions=cassette.interactions, command=record_command
        )
        return scenario, nullcontext(vcr_cassette)

    def client_config(self, scenario: RunningScenario, device: str) -> ClientConfig:
        """Return the configuration of a client without a connection."""
        respond = cast("ReplayCassette", scenario.vcr_cassette).respond
        return replace(super().client_config(scenario, device), http_transport=httpx.MockTransport(respond))

    def generate(self, scenario: RunningScenario, name: str, make: object) -> NoReturn:
        """Raise CassetteError: replay generates no data."""
        facts = {"cassette": scenario.identity.cassette, "name": "run ID" if name == RUN_ID else name}
        record_command = cast("ReplayCassette", scenario.vcr_cassette).record_command()
        raise CassetteError(message("not-generated", record_command=record_command, **facts))

    def finish(self, scenario: RunningScenario) -> None:
        """Raise CassetteError if the cassette has unused interactions."""
        vcr_cassette = cast("ReplayCassette", scenario.vcr_cassette)
        if unused := vcr_cassette.unused():
            listed = "\n".join(f"  - {request}" for request in unused)
            raise CassetteError(message("unused", listed=listed, record_command=vcr_cassette.record_command()))

    def facts(self) -> dict[str, str]:
        """Return the source of the replayed responses."""
        recorded = ", ".join(sorted(self.summary.recorded_from))
        return {"API": self.api, **({"Recorded from": recorded} if recorded else {}), "Profile": "as recorded"}

    def problems(self, items: Sequence[pytest.Item], *, is_filtered: bool) -> Iterator[str]:
        """Yield missing cassettes and, in an unfiltered run, orphaned ones, with the commands that fix them."""
        scenarios = [item for item in items if IDENTITY in item.stash]
        if not scenarios:
            return
        wanted = {self.root / item.stash[IDENTITY].cassette: item for item in scenarios}
        missing = [item.nodeid for path, item in wanted.items() if not path.is_file()]
        if missing:
            yield _listed("Scenarios whose cassette is missing", missing, self._record_missing(missing))
        collected = {item.stash[IDENTITY].feature_file for item in scenarios}
        features = (path.relative_to(self.root).as_posix() for path in (self.root / "features").rglob("*.feature"))
        if not is_filtered and collected.issuperset(features):
            found = {path for path in (self.root / "cassettes").rglob("*") if path.is_file() and path.name[0] != "."}
            orphans = sorted(path.relative_to(self.root).as_posix() for path in found - wanted.keys())
            if orphans:
                yield _listed("Orphaned cassettes", orphans, command("git", "rm", "--", *orphans))

    def _record_missing(self, nodes: Sequence[str]) -> str:
        """Return the command that records missing cassettes, from the source of most others."""
        others = [*map(_is_projects, (self.root / "cassettes").rglob("*.json"))]
        return _record_command("project" if 2 * sum(others) > len(others) else "mock server", nodes=nodes)

    def _read(self, identity: ScenarioIdentity) -> Cassette:
        name, path = identity.cassette, self.root / identity.cassette
        try:
            cassette = Cassette.read(path)
            if (found := cassette.scenario) != RecordedScenario.model_validate(identity):
                title = f"{found.feature} / {found.name} {found.row or ''}".strip()
                raise CassetteError(f'it belongs to another scenario: "{title}"')
        except FileNotFoundError:
            to_record = self._record_missing([identity.node_id])
            raise CassetteError(message("missing", cassette=name, record_command=to_record)) from None
        except CassetteError as error:
            to_record = _record_command("project" if _is_projects(path) else "mock server", nodes=[identity.node_id])
            raise CassetteError(message("unusable", cassette=name, error=error, record_command=to_record)) from None
        return cassette


def _is_projects(path: Path) -> bool:
    """Return whether a cassette was recorded from a project, even if the rest of the file is damaged."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return b'"recorded_from": "project"' in file.read(200)


def _record_command(recorded_from: str, *options: str, nodes: Sequence[str]) -> str:
    """Return the command that records these scenarios from the given source."""
    api = "--api=live" if recorded_from == "project" else "--api=mock"
    return command("pytest", api, *options, "--record", *nodes)


def _listed(title: str, names: Sequence[str], command: str) -> str:
    listed = "".join(f"\n  {name}" for name in names)
    return f"{title}:{listed}\nTo fix just these:\n  {command}"


def write_verified(cassette: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Write the `cassette` of `item`, which has passed and been torn down; raise CassetteError if that fails."""
    scenario = item.stash[SCENARIO]
    name, before = scenario.identity.cassette, scenario.existing_cassette
    try:
        state = "changed" if before else "new"
        if cassette == before or (before and _can_stay(before, cassette, item, nextitem)):
            state = "unchanged"
        else:
            replay(cassette, item, nextitem)
            cassette.write(item.config.rootpath / name)
        item.config.stash[TARGET].summary.recorded[name] = state
    except (OSError, CassetteError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        raise CassetteError(f"{name} was not written: {problem}.{' The file is unchanged.' * bool(before)}") from None


def _can_stay(before: Cassette, now: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
    """Return whether `before` can stay: it is from a project, replays, and differs only in IDs, dates and tokens."""
    run_id = {name: text for name, text in now.data.items() if name == RUN_ID}
    with_what_is_new = {"interactions": now.interactions, "data": before.data | run_id}
    is_alike = now.recorded_from == "project" and before.model_copy(update=with_what_is_new) == now
    with suppress(CassetteError):
        if is_alike and item.ihook.pytest_cassette_says_the_same(before=before, now=now):
            replay(before, item, nextitem)
            return True
    return False


@network(blocked=True)  # also during fixture teardown
@fail_on_attempts()
def replay(cassette: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Run `item` once more, with `cassette` only; raise CassetteError if it fails, as it would in each replay.

    This uses private parts of pytest. The exchanges appear in no report.
    """
    session, config = item.session, item.config
    recorder, scenario = config.stash[TARGET], item.stash[SCENARIO]
    config.stash[TARGET] = target = Replay(config.rootpath, Redactor(), cassette)
    hooks = FSHookProxy(config.pluginmanager, {each.plugin for each in config.hook.pytest_api_exchange.get_hookimpls()})
    proxy, session.gethookproxy = session.gethookproxy, lambda _: hooks  # type: ignore[method-assign, assignment, return-value]
    try:
        with fail_on_attempts():
            item._initrequest()  # noqa: SLF001  (as pytest does before it runs an item again)
            session._setupstate.setup(item)  # noqa: SLF001
            item.runtest()
            target.finish(item.stash[SCENARIO])
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001
        problem = error.description if isinstance(error, RecordingMismatch) else error
        raise CassetteError(message("does-not-replay", problem=problem)) from None
    finally:
        session._setupstate.teardown_exact(nextitem)  # noqa: SLF001
        session.gethookproxy = proxy  # type: ignore[method-assign]
        config.stash[TARGET], item.stash[SCENARIO] = recorder, scenario
