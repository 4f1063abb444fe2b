"""Replay: the scenarios talk to their cassettes, and nothing leaves the process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, cast

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.transport import Connection, Device
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, RecordedScenario
from oneentry_scenarios.cassettes.inventory import problems_of
from oneentry_scenarios.cassettes.network import no_network
from oneentry_scenarios.cassettes.target import CassetteFile, ScenarioRecording, Target
from oneentry_scenarios.cassettes.vcr_cassettes import ReplayCassette, no_connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import pytest
    from faker import Faker

    from oneentry_scenarios.gherkin.identity import ScenarioIdentity


class Replay(Target):
    """The scenarios' own cassettes."""

    api = "replay"

    @contextmanager
    def begin(self, identity: ScenarioIdentity, node_id: str) -> Iterator[ScenarioRecording]:
        """Read the scenario's cassette, and sign in as it did when it was recorded."""
        self.redactor.reset()
        file = CassetteFile.of(self.root, identity, node_id, "mock")
        try:
            cassette = Cassette.read(file.path)
        except FileNotFoundError:
            raise CassetteError(f"{file.name} is missing. To record it:\n    {file.record_command}") from None
        except CassetteError as error:
            raise CassetteError(
                f"{file.name} cannot be used: {error}.\n"
                f"Take it back from version control, or record it again:\n    {file.record_command}"
            ) from None
        if cassette.scenario != RecordedScenario.of(identity):
            found = f"{cassette.scenario.feature} / {cassette.scenario.name} {cassette.scenario.row or ''}".strip()
            raise CassetteError(
                f'{file.name} is the recording of another scenario: "{found}".\n'
                f"Record this one:\n    {file.record_command}"
            )
        self.notes.recorded_from.add(cassette.whose_answers)
        cassette.settings.learn(self.redactor)
        messages = MessageRedactor(self.redactor)
        with ReplayCassette.use(
            path="in memory",
            interactions=cassette.interactions,
            messages=messages,
            record_command=file.record_command,
        ) as http:
            yield ScenarioRecording(
                identity, file, cassette, cassette.settings, cassette.profile, dict(cassette.data), messages, http
            )

    def connection(self, recording: ScenarioRecording, device: str) -> Connection:
        """A client with no connection behind it."""
        return Connection(
            recording.settings.project_url,
            recording.settings.app_token,
            device=Device.named(device),
            messages=recording.messages,
            http_transport=no_connection(),
        )

    def generate(self, recording: ScenarioRecording, name: str, make: Callable[[Faker], str]) -> NoReturn:
        """Nothing is generated in replay."""
        raise CassetteError(
            f"The cassette holds no generated {name}, which this scenario now asks for. "
            f"Record it again:\n    {recording.file.record_command}"
        )

    def finish(self, recording: ScenarioRecording) -> None:
        """See that everything recorded was played."""
        if unplayed := cast("ReplayCassette", recording.http).unplayed():
            listed = "\n".join(f"  - {request}" for request in unplayed)
            raise CassetteError(
                f"The scenario passed without making all its recorded calls. Left unplayed:\n{listed}\n"
                f"Either a step no longer does what it says, or the scenario has changed: then record it again\n"
                f"    {recording.file.record_command}"
            )

    def facts(self) -> dict[str, str]:
        """Whose responses were replayed."""
        recorded = ", ".join(sorted(self.notes.recorded_from))
        return {"API": self.api, **({"Recorded from": recorded} if recorded else {}), "Profile": "as recorded"}

    def surround(self) -> AbstractContextManager[None]:
        """Keep the scenario off the network."""
        return no_network()

    def problems(self, items: Sequence[pytest.Item], arguments: Sequence[str], *, narrowed: bool) -> list[str]:
        """Scenarios without a cassette, and cassettes without a scenario."""
        return problems_of(self.root, items, arguments, narrowed=narrowed)
