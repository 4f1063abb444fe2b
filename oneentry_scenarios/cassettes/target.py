"""What a run talks to, what each of its scenarios gets from there, and what is recorded there."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, cast

import pytest
from pydantic import ValidationError

from oneentry_scenarios.api.transport import READ_TIMEOUT_SECONDS, ClientConfig, Device
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario, Settings, problem_of
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingCassette, ReplayCassette
from oneentry_scenarios.gherkin.identity import ScenarioIdentity
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import DEFAULT, Profile
from oneentry_scenarios.shop.provider import ProviderSimulator

if TYPE_CHECKING:  # replay must not depend on which Faker is installed
    from faker import Faker

#: vcrpy's part of a scenario, in force while it is open.
Calls: TypeAlias = AbstractContextManager[ReplayCassette | RecordingCassette]
#: Under this name a cassette keeps the run mark of its orders.
RUN_MARK = "run mark"


@dataclass
class Notes:
    """What a run has to say of its cassettes at the end; a worker of xdist sends its notes to the controller."""

    recorded_from: set[str] = field(default_factory=set)
    #: What became of each cassette of a run that records, by name.
    recorded: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, recorded_from: set[str], recorded: dict[str, str], problems: list[str]) -> None:
        """Add a worker's notes. All workers of xdist report nearly the same problems."""
        self.recorded_from |= recorded_from
        self.recorded |= recorded
        self.problems = list(dict.fromkeys(self.problems + problems))

    def summary(self) -> list[str]:
        """What became of the cassettes: how many, and which ones if these are few."""
        lines = []
        for state in sorted({*self.recorded.values()}):
            found = sorted(name for name, each in self.recorded.items() if each == state)
            names = f": {', '.join(found)}" if len(found) <= 5 and state != "unchanged" else ""
            lines.append(f"{len(found)} cassette{'s' * (len(found) > 1)} {state}{names}")
        return lines


@dataclass
class ScenarioRecording:
    """One scenario on its way through a run: who signs in, in which shop, with which data, and its HTTP exchanges.

    `existing_cassette` was there when it began. `is_fresh`: nothing happened in the shop before, as in the mock server.
    `data` holds generated values by name, `used_data` those that were asked for, and `faker` makes new ones.
    """

    identity: ScenarioIdentity
    existing_cassette: Cassette | None
    settings: Settings
    profile: Profile
    data: dict[str, str]
    is_fresh: bool
    vcr_cassette: ReplayCassette | RecordingCassette = field(init=False)
    used_data: dict[str, str] = field(default_factory=dict)
    new_cassette: Cassette | None = None
    faker: Faker | None = None


class Target(ABC):
    """What a run talks to: the one place that differs between replay, the mock server and a project."""

    #: As `--api` names it.
    api: ClassVar[str]
    #: Simulates time and payments in the mock server; does nothing elsewhere.
    provider = ProviderSimulator(None)
    #: How long a client waits for a response.
    read_timeout = READ_TIMEOUT_SECONDS

    def __init__(self, root: Path, redactor: Redactor) -> None:
        self.root = root
        self.redactor = redactor
        self.notes = Notes()

    @contextmanager
    def begin(self, identity: ScenarioIdentity) -> Iterator[ScenarioRecording]:
        """Record or replay one scenario while this is open; raises CassetteError if its cassette does not fit."""
        self.redactor.reset()
        recording, calls = self.open(identity)
        recording.settings.learn(self.redactor, recording.profile)
        with calls as recording.vcr_cassette:
            yield recording

    @abstractmethod
    def open(self, identity: ScenarioIdentity) -> tuple[ScenarioRecording, Calls]:
        """The scenario before its first call, and what vcrpy plays or records; raises CassetteError."""

    def client_config(self, recording: ScenarioRecording, device: str) -> ClientConfig:
        """How a client reaches the API; on a named device, so that no cassette depends on the machine it is made on."""
        return ClientConfig(
            recording.settings.project_url,
            recording.settings.app_token,
            device=Device.named(device),
            read_timeout=self.read_timeout,
            message_redactor=recording.vcr_cassette.message_redactor,
        )

    @abstractmethod
    def generate(self, recording: ScenarioRecording, name: str, make: Callable[[Faker], str]) -> str:
        """Make the value `name`, which the scenario's data lacks; raises CassetteError where none can be made."""

    @abstractmethod
    def finish(self, recording: ScenarioRecording) -> None:
        """Have the cassette of a scenario that passed written, or see that all was played; raises CassetteError."""

    @abstractmethod
    def facts(self) -> dict[str, str]:
        """What a report should say on its first page."""

    def surround(self) -> AbstractContextManager[None]:
        """What a target keeps in force around a scenario, from set-up to clean-up."""
        return nullcontext()

    def after_failure(self, recording: ScenarioRecording) -> str:
        """What to say of the cassette of a scenario that failed; empty if it is not affected."""
        return ""

    def problems(self, items: Sequence[pytest.Item], *, is_filtered: bool) -> list[str]:
        """What is wrong with the cassettes of the scenarios that were collected."""
        return []


class RecordingTarget(Target):
    """An API that responds for itself: each scenario records, and `--record` writes its cassette.

    `run_mark` identifies its orders; `seed` and the scenario decide new data.
    """

    recorded_from: Literal["mock server", "project"]
    run_mark: str
    seed: str

    def __init__(self, config: pytest.Config, redactor: Redactor, default_profile: Path | None) -> None:
        super().__init__(config.rootpath, redactor)
        self._writes: bool = config.getoption("--record")
        self._has_fresh_data: bool = config.getoption("--fresh-data")
        given = config.getoption("--profile")
        self._profile_file = Path(given) if given else default_profile
        # A cassette names no path outside of the project.
        self._options = [each for each in chosen_options(config)[1:] if not re.search(r"=/|\.\.|:", each)]
        self.profile = Profile.read(self._profile_file) if self._profile_file else DEFAULT

    @abstractmethod
    def settings(self) -> Settings:
        """Who signs in where, for a scenario that is about to begin."""

    def open(self, identity: ScenarioIdentity) -> tuple[ScenarioRecording, Calls]:
        """The scenario with the data of the cassette that is there."""
        before = self._read(identity.cassette)
        data = dict(before.data) if before and not self._has_fresh_data else {}
        data[RUN_MARK] = self.run_mark
        is_fresh = self.recorded_from == "mock server"
        recording = ScenarioRecording(identity, before, self.settings(), self.profile, data, is_fresh)
        url = recording.settings.project_url
        return recording, RecordingCassette.use(path="in memory", project_url=url, redactor=self.redactor)

    def generate(self, recording: ScenarioRecording, name: str, make: Callable[[Faker], str]) -> str:
        """A new value. Faker is loaded only here."""
        if recording.faker is None:
            from faker import Faker

            recording.faker = Faker()
            recording.faker.seed_instance(f"{self.seed}{recording.identity.key}")
        return make(recording.faker)

    def finish(self, recording: ScenarioRecording) -> None:
        """Have the recording written, if the run writes cassettes; only a project replaces what a project recorded."""
        before = recording.existing_cassette
        if self._writes and before is not None and before.recorded_from == "project" != self.recorded_from:
            self.notes.recorded[recording.identity.cassette] = "recorded from a project, left alone until deleted"
        elif self._writes:
            recording.new_cassette = self.cassette_of(recording)  # now: signing out afterwards is no part of it

    def after_failure(self, recording: ScenarioRecording) -> str:
        """Say that a failed scenario is not recorded."""
        if not self._writes:
            return ""
        state = "stays as it was" if (self.root / recording.identity.cassette).is_file() else "was not written"
        return f"{recording.identity.cassette} {state}: only a scenario that passes is recorded."

    def cassette_of(self, recording: ScenarioRecording) -> Cassette:
        """What was recorded, as a cassette; raises CassetteError if a cassette cannot hold it."""
        try:
            interactions = cast("RecordingCassette", recording.vcr_cassette).interactions()
        except ValidationError as error:
            raise CassetteError(f"{recording.identity.cassette} cannot be written: {problem_of(error)}") from None
        return Cassette(
            recorded_from=self.recorded_from,
            scenario=RecordedScenario.model_validate(recording.identity),
            settings=recording.settings.redacted(self.redactor),
            profile=self.profile,
            data=self.redactor.json(recording.used_data),
            options=self._options,
            interactions=interactions,
        )

    def facts(self) -> dict[str, str]:
        """Which API and which shop this was."""
        profile = self._profile_file.name if self._profile_file else "the documented shop"
        return {"API": self.api, "Profile": profile}

    def _read(self, name: str) -> Cassette | None:
        try:
            return Cassette.read(self.root / name)
        except (FileNotFoundError, CassetteError) as error:
            if self._writes and isinstance(error, CassetteError):  # it may be a project's, whose orders were real
                raise CassetteError(f"{name} is not replaced: {error}. Delete it to record it anew.") from None
            return None


class Mock(RecordingTarget):
    """Our mock server, started on a free port until the run ends, with a fresh world for each scenario."""

    api = "mock"
    recorded_from = "mock server"
    #: Fixed, because it must not change a cassette.
    run_mark = "scenario-run 2025-04-30T20:15Z-0000"
    #: Nothing: the server forgets between scenarios, so the same data is welcome.
    seed = ""

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        # Only here: other runs need nothing that the mock server is made of.
        from oneentry_scenarios.mock_server import OTHER_PROFILE, WORLDS, Era, Server

        world = config.getoption("--world")
        super().__init__(config, redactor, OTHER_PROFILE if world == "other" else None)
        stack = ExitStack()
        config.add_cleanup(stack.close)
        self.server = stack.enter_context(Server(era=Era(config.getoption("--era")), world=WORLDS[world]))
        self.provider = ProviderSimulator(self.server.controls)

    def settings(self) -> Settings:
        """The server's first two users, in a world that nothing has happened in."""
        self.server.reset()
        world = self.server.world
        people = [text for user in world.users[:2] for text in (user.identifier, user.password)]
        return Settings(self.server.url, world.app_token, *people)


def chosen_options(config: pytest.Config) -> list[str]:
    """The options of a run that another one needs to talk to the same: `--api` first, none in replay."""
    defaults = {"api": "replay", "era": "current", "world": "default", "profile": None}
    given = {name: config.getoption(name, default) for name, default in defaults.items()}
    return [f"--{name}={value}" for name, value in given.items() if value != defaults[name]]


#: The run's redactor, in `config.stash`.
REDACTOR = pytest.StashKey[Redactor]()
#: What the run talks to, in `config.stash`.
TARGET = pytest.StashKey[Target]()
#: The running scenario's recording, in `item.stash`.
RECORDING = pytest.StashKey[ScenarioRecording]()
