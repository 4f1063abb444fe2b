"""Which API a run talks to, and what each of its scenarios gets from there."""

from __future__ import annotations

import shlex
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario, UnknownFormatError
from oneentry_scenarios.cassettes.generated import Generated
from oneentry_scenarios.cassettes.network import no_network
from oneentry_scenarios.cassettes.playback import Playback, interactions_of, recording, replaying
from oneentry_scenarios.live.settings import Limits, Settings
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile

if TYPE_CHECKING:
    from oneentry_scenarios.drift.compare import Finding
    from oneentry_scenarios.drift.report import DriftReport
    from oneentry_scenarios.gherkin.identity import ScenarioIdentity
    from oneentry_scenarios.live.live import Live
    from oneentry_scenarios.mock_server.server import Server

Api = Literal["replay", "mock", "live"]
RECORDED_FROM = {"mock": "mock server", "live": "project"}
#: Under this name a cassette keeps the run mark of its orders.
RUN_MARK = "run mark"
#: The run mark in the mock server, where it must not change a cassette.
RUN_MARK_OF_MOCK = "scenario-run 2025-04-30T20:15Z-0000"


@dataclass
class Run:
    """One run of pytest: the API it talks to, and whether it records."""

    api: Api
    record: bool
    fresh_data: bool
    root: Path
    redactor: Redactor
    profile: Profile
    live: Live | None = None
    server: Server | None = None
    recorded_from: set[str] = field(default_factory=set)
    left_alone: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    drift: DriftReport | None = None

    def told(self) -> dict[str, list[str]]:
        """What a worker of xdist tells its controller at the end."""
        return {
            "recorded_from": sorted(self.recorded_from),
            "left_alone": self.left_alone,
            "problems": self.problems,
        }

    def hear(self, told: dict[str, list[str]]) -> None:
        """Add what a worker tells; each of them collects the same scenarios, so each has the same problems."""
        self.recorded_from |= set(told.get("recorded_from", []))
        self.left_alone += told.get("left_alone", [])
        self.problems = told.get("problems", self.problems)

    def cassette_path(self, identity: ScenarioIdentity) -> Path:
        """Where the scenario's cassette lies."""
        return self.root / "cassettes" / f"{identity.key}.json"

    def begin(self, identity: ScenarioIdentity, node_id: str) -> Take:
        """Get everything ready for one scenario.

        Raises:
            CassetteError: replay, and its cassette is missing or damaged.
        """
        self.redactor.reset()
        path = self.cassette_path(identity)
        shown = path.relative_to(self.root).as_posix()
        target = "live" if self.api == "live" else "mock"
        command = f"pytest --api={target} --record {shlex.quote(node_id)}"
        old = self._read(path, shown, identity, command)
        if self.api == "replay":
            if old is None:
                raise CassetteError(f"{shown} is missing. To record it:\n    {command}")
            self.recorded_from.add(old.whose_answers)
            old.settings.learn(self.redactor)
            replayed = replaying(shown, old.interactions, self.redactor, command)
            return Take(self, identity, path, command, old.settings, old.profile, dict(old.data), replayed, old)
        settings = self._settings()
        settings.learn(self.redactor)
        self.redactor.learn_password_marker(self.profile.sign_in.password_field)
        data = dict(old.data) if old and not self.fresh_data else {}
        data[RUN_MARK] = self.live.run_mark if self.live else RUN_MARK_OF_MOCK
        recorded = recording(shown, self.redactor, command) if self.record or self.drift else None
        return Take(self, identity, path, command, settings, self.profile, data, recorded, old)

    @property
    def limits(self) -> Limits:
        """How long calls wait, and how many go out."""
        return self.live.limits if self.live else Limits()

    def network(self) -> AbstractContextManager[None]:
        """Around a scenario: replay lets nothing out."""
        return no_network() if self.api == "replay" else nullcontext()

    def _read(self, path: Path, shown: str, identity: ScenarioIdentity, command: str) -> Cassette | None:
        try:
            cassette = Cassette.read(path)
        except FileNotFoundError:
            return None
        except CassetteError as error:
            if self.record and isinstance(error, UnknownFormatError):
                raise CassetteError(f"{shown} is not replaced: {error}. Delete it to record it anew.") from None
            if self.api != "replay":
                return None  # nothing to go by: it is recorded anew, or not looked at
            raise CassetteError(
                f"{shown} cannot be used: {error}.\n"
                f"Take it back from version control, or record it again:\n    {command}"
            ) from None
        found = f"{cassette.scenario.feature} / {cassette.scenario.name} {cassette.scenario.row or ''}".strip()
        if cassette.scenario != scenario_of(identity) and self.api == "replay":
            raise CassetteError(
                f'{shown} is the recording of another scenario: "{found}".\nRecord this one:\n    {command}'
            )
        return cassette

    def _settings(self) -> Settings:
        if self.server is not None:
            self.server.reset()
            people = [name for user in self.server.world.users[:2] for name in (user.identifier, user.password)]
            return Settings(self.server.url, self.server.world.app_token, *people)
        if self.live is None:
            raise AssertionError("a run that does not replay has a mock server or a project")
        return self.live.settings


@dataclass
class Take:
    """One scenario on its way through a run: what it signs in with, and what becomes of its cassette."""

    run: Run
    identity: ScenarioIdentity
    path: Path
    command: str
    settings: Settings
    profile: Profile
    data: dict[str, str]
    context: AbstractContextManager[Playback] | None
    old: Cassette | None
    playback: Playback | None = None
    used_data: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Take:
        """Begin to record or to replay."""
        self._stack = ExitStack()
        if self.context is not None:
            self.playback = self._stack.enter_context(self.context)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; nothing is written here."""
        self._stack.close()

    def run_mark(self) -> str | None:
        """What orders carry so that people find them again, if the profile has a form field for it."""
        return Generated(self)(RUN_MARK, str) if self.profile.orders.run_mark_field else None

    def finish(self) -> None:
        """The scenario has passed: write what was recorded, or see that everything recorded was played.

        Raises:
            CassetteError: interactions were left unplayed, or the cassette cannot be written.
        """
        if self.playback is None:
            return
        if self.run.record:
            self._write(self.playback)
        elif self.run.api == "replay" and (unplayed := self.playback.unplayed()):
            listed = "\n".join(f"  - {request}" for request in unplayed)
            raise CassetteError(
                f"The scenario passed without making all its recorded calls. Left unplayed:\n{listed}\n"
                f"Either a step no longer does what it says, or the scenario has changed: then record it again\n"
                f"    {self.command}"
            )

    def look_for_drift(self, node_id: str, *, has_passed: bool) -> list[Finding]:
        """What was answered otherwise than the cassette says, if the run looks for that; writes nothing."""
        if self.run.drift is None or self.playback is None:
            return []
        if self.old is None or self.old.scenario != scenario_of(self.identity):
            self.run.drift.not_compared.append(node_id)
            return []
        try:
            now = self._recorded(self.playback)
        except CassetteError as error:
            self.run.drift.not_compared.append(f"{node_id}: {error}")
            return []
        return self.run.drift.look(node_id, self.identity.title, self.old, now, has_passed=has_passed)

    def kept(self) -> str:
        """What to say of the cassette of a scenario that failed while recording."""
        if not self.run.record:
            return ""
        shown = self.path.relative_to(self.run.root).as_posix()
        state = "stays as it was" if self.path.is_file() else "was not written"
        return f"{shown} {state}: only a scenario that passes is recorded."

    def _write(self, playback: Playback) -> None:
        shown = self.path.relative_to(self.run.root).as_posix()
        if self.run.api == "mock" and self.old is not None and self.old.recorded_from == "project":
            self.run.left_alone.append(shown)
            return
        try:
            cassette = self._recorded(playback)
            if cassette != self.old:
                cassette.write(self.path)
        except (OSError, CassetteError) as error:
            problem = error.strerror if isinstance(error, OSError) else error
            raise CassetteError(f"{shown} cannot be written: {problem}. It is as it was before.") from None

    def _recorded(self, playback: Playback) -> Cassette:
        redactor = self.run.redactor
        return Cassette(
            recorded_from=RECORDED_FROM[self.run.api],  # type: ignore[arg-type]  # one of the two
            scenario=scenario_of(self.identity),
            settings=self.settings.redacted(redactor),
            profile=self.profile,
            data=redactor.json(self.used_data),
            interactions=interactions_of(playback, self.settings.project_url, redactor),
        )


def scenario_of(identity: ScenarioIdentity) -> RecordedScenario:
    """The part of a cassette that says whose it is."""
    return RecordedScenario(feature=identity.feature, rule=identity.rule, name=identity.name, row=dict(identity.row))
