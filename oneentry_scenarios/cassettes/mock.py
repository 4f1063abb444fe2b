"""The mock server as a target: started for the run on a free port, with a fresh world for each scenario."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from oneentry_scenarios.api.transport import READ_TIMEOUT_SECONDS, Connection, Device
from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.cassettes.recording import RecordingTarget, profile_name
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.cassettes.target import ScenarioRecording
from oneentry_scenarios.gherkin.identity import ScenarioIdentity
from oneentry_scenarios.mock_server import OTHER_PROFILE, WORLDS, Era, Server
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.provider import ProviderSimulator


class Mock(RecordingTarget):
    """Our mock server, which runs until the run ends."""

    api = "mock"
    recorded_from = "mock server"
    #: Fixed, because it must not change a cassette.
    run_mark = "scenario-run 2025-04-30T20:15Z-0000"

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        super().__init__(config, redactor)
        world = config.getoption("--world")
        given = config.getoption("--profile")
        self._profile_file = Path(given) if given else OTHER_PROFILE if world == "other" else None
        self.profile = Profile.read(self._profile_file) if self._profile_file else Profile()
        stack = ExitStack()
        config.add_cleanup(stack.close)
        self.server = stack.enter_context(Server(era=Era(config.getoption("--era")), world=WORLDS[world]))
        #: Seconds to wait for a response.
        self.read_timeout = READ_TIMEOUT_SECONDS

    def settings(self) -> Settings:
        """The server's first two users, in a world that nothing has happened in."""
        self.server.reset()
        world = self.server.world
        people = [text for user in world.users[:2] for text in (user.identifier, user.password)]
        return Settings(self.server.url, world.app_token, *people)

    def connection(self, recording: ScenarioRecording, device: str) -> Connection:
        """A client on a named device: a cassette must not change because another machine recorded it."""
        return Connection(
            recording.settings.project_url,
            recording.settings.app_token,
            device=Device.named(device),
            messages=recording.messages,
            read_timeout=self.read_timeout,
        )

    def seed(self, identity: ScenarioIdentity) -> str:
        """The scenario: the server forgets between scenarios, so the same data is welcome."""
        return identity.key

    def may_replace(self, before: Cassette | None) -> bool:
        """A cassette from a project is never replaced from here."""
        return before is None or before.recorded_from == self.recorded_from

    def facts(self) -> dict[str, str]:
        """Which shop the server was."""
        return {"API": self.api, "Profile": profile_name(self._profile_file)}

    @property
    def provider(self) -> ProviderSimulator:
        """The server's own clock and payments."""
        return ProviderSimulator(self.server.controls)
