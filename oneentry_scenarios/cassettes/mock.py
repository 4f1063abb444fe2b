"""The mock server as a target: started for the run on a free port, with a fresh world for each scenario."""

from contextlib import ExitStack

import pytest

from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.cassettes.target import RecordingTarget
from oneentry_scenarios.mock_server import OTHER_PROFILE, WORLDS, Era, Server
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.provider import ProviderSimulator


class Mock(RecordingTarget):
    """Our mock server, which runs until the run ends."""

    api = "mock"
    recorded_from = "mock server"
    #: Fixed, because it must not change a cassette.
    run_mark = "scenario-run 2025-04-30T20:15Z-0000"
    #: Nothing: the server forgets between scenarios, so the same data is welcome.
    seed = ""

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
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
