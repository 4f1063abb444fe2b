"""Recording: what the mock server and a project share. Each scenario records; `--record` writes its cassette."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pydantic import ValidationError

from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario, problem_of
from oneentry_scenarios.cassettes.target import RUN_MARK, Calls, CassetteLocation, ScenarioRecording, Target
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingCassette
from oneentry_scenarios.shop.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from faker import Faker

    from oneentry_scenarios.cassettes.settings import Settings
    from oneentry_scenarios.gherkin.identity import ScenarioIdentity
    from oneentry_scenarios.redaction.redactor import Redactor


class RecordingTarget(Target):
    """An API that responds for itself. `run_mark` identifies its orders; `seed` and the scenario decide new data."""

    recorded_from: Literal["mock server", "project"]
    run_mark: str
    seed: str

    def __init__(self, config: pytest.Config, redactor: Redactor, default_profile: Path | None) -> None:
        super().__init__(config.rootpath, redactor)
        self._writes: bool = config.getoption("--record")
        self._has_fresh_data: bool = config.getoption("--fresh-data")
        given = config.getoption("--profile")
        self._profile_file = Path(given) if given else default_profile
        self.profile = Profile.read(self._profile_file) if self._profile_file else Profile()

    @abstractmethod
    def settings(self) -> Settings:
        """Who signs in where, for a scenario that is about to begin."""

    def open(self, identity: ScenarioIdentity, location: CassetteLocation) -> tuple[ScenarioRecording, Calls]:
        """The scenario with the data of the cassette that is there."""
        before = self._read(location)
        data = dict(before.data) if before and not self._has_fresh_data else {}
        data[RUN_MARK] = self.run_mark
        is_fresh = self.recorded_from == "mock server"
        recording = ScenarioRecording(identity, location, before, self.settings(), self.profile, data, is_fresh)
        url = recording.settings.project_url
        return recording, RecordingCassette.use(path="in memory", project_url=url, redactor=self.redactor)

    def generate(self, recording: ScenarioRecording, name: str, make: Callable[[Faker], str]) -> str:
        """A new value. Faker is loaded only here: replay must not depend on which Faker is installed."""
        if recording.faker is None:
            from faker import Faker

            recording.faker = Faker()
            recording.faker.seed_instance(f"{self.seed}{recording.identity.key}")
        return make(recording.faker)

    def finish(self, recording: ScenarioRecording) -> None:
        """Have the recording written, if the run writes cassettes; only a project replaces what a project recorded."""
        before = recording.existing_cassette
        if self._writes and before is not None and before.recorded_from == "project" != self.recorded_from:
            self.notes.not_replaced.append(recording.location.name)
        elif self._writes:
            recording.new_cassette = self.cassette_of(recording)  # now: signing out afterwards is no part of it

    def after_failure(self, recording: ScenarioRecording) -> str:
        """Say that a failed scenario is not recorded."""
        if not self._writes:
            return ""
        state = "stays as it was" if recording.location.path.is_file() else "was not written"
        return f"{recording.location.name} {state}: only a scenario that passes is recorded."

    def cassette_of(self, recording: ScenarioRecording) -> Cassette:
        """What was recorded, as a cassette; raises CassetteError if a cassette cannot hold it."""
        try:
            interactions = cast("RecordingCassette", recording.vcr_cassette).interactions()
        except ValidationError as error:
            raise CassetteError(f"{recording.location.name} cannot be written: {problem_of(error)}") from None
        return Cassette(
            recorded_from=self.recorded_from,
            scenario=RecordedScenario.model_validate(recording.identity),
            settings=recording.settings.redacted(self.redactor),
            profile=self.profile,
            data=self.redactor.json(recording.used_data),
            interactions=interactions,
        )

    def facts(self) -> dict[str, str]:
        """Which API and which shop this was."""
        profile = self._profile_file.name if self._profile_file else "the documented shop"
        return {"API": self.api, "Profile": profile}

    def _read(self, file: CassetteLocation) -> Cassette | None:
        try:
            return Cassette.read(file.path)
        except (FileNotFoundError, CassetteError) as error:
            if self._writes and isinstance(error, CassetteError):  # it may be a project's, whose orders were real
                raise CassetteError(f"{file.name} is not replaced: {error}. Delete it to record it anew.") from None
            return None
