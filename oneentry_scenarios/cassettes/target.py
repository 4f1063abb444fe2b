"""Targets: the source of the responses in a run, and the state of the running scenario."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias, cast

import pytest
from pydantic import ValidationError

from oneentry_scenarios.api.transport import READ_TIMEOUT_SECONDS, ClientConfig, Device
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, ProjectAndUsers, RecordedScenario, problem_of
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingCassette, ReplayCassette
from oneentry_scenarios.gherkin.identity import ScenarioIdentity
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import MOCK_PROFILE, Profile
from oneentry_scenarios.shop.simulator import Simulator

#: vcrpy's cassette context manager for a scenario.
VcrCassetteContext: TypeAlias = AbstractContextManager[ReplayCassette | RecordingCassette]
#: The key of the run ID in a cassette's data; existing cassettes have it.
RUN_ID = "run mark"


@dataclass
class CassetteSummary:
    """A run's final report about its cassettes; an xdist worker sends its summary to the controller."""

    recorded_from: set[str] = field(default_factory=set)
    #: The state of each cassette in a recording run, by name.
    recorded: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, recorded_from: set[str], recorded: dict[str, str], problems: list[str]) -> None:
        """Merge a worker's summary. All xdist workers report nearly the same problems."""
        self.recorded_from |= recorded_from
        self.recorded |= recorded
        self.problems = list(dict.fromkeys(self.problems + problems))

    def lines(self) -> Iterator[str]:
        """Yield the number of cassettes per state, with their names if there are few."""
        for state in sorted({*self.recorded.values()}):
            found = sorted(name for name, each in self.recorded.items() if each == state)
            names = f": {', '.join(found)}" if len(found) <= 5 and state != "unchanged" else ""
            yield f"{len(found)} cassette{'s' * (len(found) > 1)} {state}{names}"


@dataclass
class RunningScenario:
    """The state of a running scenario: users, shop, data and HTTP exchanges.

    `existing_cassette` was there before the run. `is_mock_shop`: the responses are the mock server's, also in replay.
    `data` has generated values by name, `used_data` those that the scenario used; `faker` generates new ones.
    """

    identity: ScenarioIdentity
    existing_cassette: Cassette | None
    settings: ProjectAndUsers
    profile: Profile
    data: dict[str, str]
    is_mock_shop: bool
    vcr_cassette: ReplayCassette | RecordingCassette = field(init=False)
    used_data: dict[str, str] = field(default_factory=dict)
    new_cassette: Cassette | None = None
    faker: Any = None


class Target(ABC):
    """The source of the responses in a run. A subclass has what is specific to replay, the mock server or a project."""

    #: The value of `--api`.
    api: ClassVar[str]
    #: Simulates time and payments in the mock server; does nothing elsewhere.
    simulator = Simulator(None)
    #: The clients' response timeout, in seconds.
    read_timeout = READ_TIMEOUT_SECONDS

    def __init__(self, root: Path, redactor: Redactor) -> None:
        self.root = root
        self.redactor = redactor
        self.summary = CassetteSummary()

    @contextmanager
    def begin(self, identity: ScenarioIdentity) -> Iterator[RunningScenario]:
        """Record or replay one scenario inside this context; raise CassetteError if its cassette is unusable."""
        self.redactor.reset()
        scenario, vcr_cassette = self.open(identity)
        scenario.settings.learn(self.redactor, scenario.profile)
        with vcr_cassette as scenario.vcr_cassette:
            yield scenario

    @abstractmethod
    def open(self, identity: ScenarioIdentity) -> tuple[RunningScenario, VcrCassetteContext]:
        """Return the scenario before its first call, and its vcrpy cassette; raise CassetteError."""

    def client_config(self, scenario: RunningScenario, device: str) -> ClientConfig:
        """Return the client's configuration, with a named device so that cassettes do not depend on the machine."""
        return ClientConfig(
            scenario.settings.project_url,
            scenario.settings.app_token,
            device=Device.named(device),
            read_timeout=self.read_timeout,
            message_redactor=scenario.vcr_cassette.message_redactor,
        )

    @abstractmethod
    def generate(self, scenario: RunningScenario, name: str, make: Callable[..., str]) -> str:
        """Generate the value `name`, which the scenario's data lacks; raise CassetteError if that is impossible."""

    @abstractmethod
    def finish(self, scenario: RunningScenario) -> None:
        """Prepare the new cassette of a passed scenario, or raise CassetteError for unused interactions."""

    @abstractmethod
    def facts(self) -> dict[str, str]:
        """Return the facts about this target for the report's first page."""

    def exclusive_access(self) -> AbstractContextManager[None]:
        """Return the context manager for a scenario, from setup to teardown."""
        return nullcontext()

    def after_failure(self, scenario: RunningScenario) -> str:
        """Return a note about the cassette of a failed scenario; empty if it is not affected."""
        return ""

    def problems(self, items: Sequence[pytest.Item], *, is_filtered: bool) -> Iterable[str]:
        """Return the problems with the cassettes of the collected scenarios."""
        return ()


class RecordingTarget(Target):
    """A running API: each scenario is recorded, and `--record` writes its cassette.

    Its orders carry the `run_id`; `seed` and the scenario determine new data.
    """

    recorded_from: Literal["mock server", "project"]
    run_id: str
    seed: str

    def __init__(self, config: pytest.Config, redactor: Redactor, default_profile: Path | None) -> None:
        super().__init__(config.rootpath, redactor)
        self._writes: bool = config.getoption("--record")
        self._has_fresh_data: bool = config.getoption("--fresh-data")
        given = config.getoption("--profile")
        self._profile_file = Path(given) if given else default_profile
        # Cassettes must not contain paths outside the repository.
        self._options = [each for each in chosen_options(config)[1:] if not re.search(r"=/|\.\.|:", each)]
        self.profile = Profile.read(self._profile_file) if self._profile_file else MOCK_PROFILE

    @abstractmethod
    def settings(self) -> ProjectAndUsers:
        """Return the project and users for the next scenario."""

    def open(self, identity: ScenarioIdentity) -> tuple[RunningScenario, VcrCassetteContext]:
        """Return the scenario with the data of its existing cassette, and a recording cassette."""
        before = self._read(identity.cassette)
        data = dict(before.data) if before and not self._has_fresh_data else {}
        data[RUN_ID] = self.run_id
        is_mock_shop = self.recorded_from == "mock server"
        scenario = RunningScenario(identity, before, self.settings(), self.profile, data, is_mock_shop)
        url = scenario.settings.project_url
        return scenario, RecordingCassette.use(path="in memory", project_url=url, redactor=self.redactor)

    def generate(self, scenario: RunningScenario, name: str, make: Callable[..., str]) -> str:
        """Generate a new value. Faker is imported only here: replay must not depend on which one is installed."""
        if scenario.faker is None:
            from faker import Faker

            scenario.faker = Faker()
            scenario.faker.seed_instance(f"{self.seed}{scenario.identity.key}")
        return make(scenario.faker)

    def finish(self, scenario: RunningScenario) -> None:
        """Prepare the cassette if the run writes them; the mock server never replaces a project's recording."""
        before = scenario.existing_cassette
        if self._writes and before is not None and before.recorded_from == "project" != self.recorded_from:
            self.summary.recorded[scenario.identity.cassette] = "kept, recorded from a project (delete to re-record)"
        elif self._writes:
            scenario.new_cassette = self.cassette_of(scenario)  # now, so that it excludes the sign-out afterwards

    def after_failure(self, scenario: RunningScenario) -> str:
        """Return a note that a failed scenario is not recorded."""
        if not self._writes:
            return ""
        state = "is unchanged" if (self.root / scenario.identity.cassette).is_file() else "was not written"
        return f"{scenario.identity.cassette} {state}: only passing scenarios are recorded."

    def cassette_of(self, scenario: RunningScenario) -> Cassette:
        """Return the scenario as a cassette; raise CassetteError if the cassette format cannot hold it."""
        try:
            interactions = cast("RecordingCassette", scenario.vcr_cassette).interactions()
        except ValidationError as error:
            raise CassetteError(f"{scenario.identity.cassette} cannot be written: {problem_of(error)}") from None
        return Cassette(
            recorded_from=self.recorded_from,
            scenario=RecordedScenario.model_validate(scenario.identity),
            settings=scenario.settings.redacted(self.redactor),
            profile=self.profile,
            data=self.redactor.json(scenario.used_data),
            options=self._options,
            interactions=interactions,
        )

    def facts(self) -> dict[str, str]:
        """Return the API and the profile."""
        return {"API": self.api, "Profile": self._profile_file.name if self._profile_file else "default shop"}

    def _read(self, name: str) -> Cassette | None:
        try:
            return Cassette.read(self.root / name)
        except (FileNotFoundError, CassetteError) as error:
            if self._writes and isinstance(error, CassetteError):  # it may be a project's, with real orders
                raise CassetteError(f"{name} was not replaced: {error}. Delete it to re-record it.") from None
            return None


class Mock(RecordingTarget):
    """Our mock server, on a free port until the run ends, with a fresh shop for each scenario."""

    api = "mock"
    recorded_from = "mock server"
    #: Fixed, because it must not change a cassette.
    run_id = "scenario-run 2025-04-30T20:15Z-0000"
    #: Empty: the server is reset between scenarios, so data can repeat.
    seed = ""

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        # Imported here because other runs do not need the mock server's dependencies.
        from oneentry_scenarios.mock_server import OTHER_PROFILE, SHOPS, Server, Version

        shop = config.getoption("--world")
        super().__init__(config, redactor, OTHER_PROFILE if shop == "other" else None)
        stack = ExitStack()
        config.add_cleanup(stack.close)
        self.server = stack.enter_context(Server(version=Version(config.getoption("--era")), shop_data=SHOPS[shop]))
        self.simulator = Simulator(self.server.controls)

    def settings(self) -> ProjectAndUsers:
        """Reset the server and return its first two users."""
        self.server.reset()
        shop_data = self.server.shop_data
        people = [text for user in shop_data.users[:2] for text in (user.identifier, user.password)]
        return ProjectAndUsers(self.server.url, shop_data.app_token, *people)


def chosen_options(config: pytest.Config) -> list[str]:
    """Return the options that make another run use the same API, `--api` first; none in replay."""
    defaults = {"api": "replay", "era": "current", "world": "default", "profile": None}
    given = {name: config.getoption(name, default) for name, default in defaults.items()}
    return [f"--{name}={value}" for name, value in given.items() if value != defaults[name]]


#: The run's redactor, in `config.stash`.
REDACTOR = pytest.StashKey[Redactor]()
#: The run's target, in `config.stash`.
TARGET = pytest.StashKey[Target]()
#: The running scenario, in `item.stash`.
SCENARIO = pytest.StashKey[RunningScenario]()
