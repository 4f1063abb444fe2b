"""The official client in Node, the mock server that it calls, and a log of its requests."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.mock_server import Server, Version
from tools.faults.injection import Change, Injector, MockShop
from tools.faults.messages import Request

HERE = Path(__file__).parent

# Runs a script beside this file with arguments and, as JSON, standard input; returns the JSON that it prints.
Node = Callable[..., Any]


@pytest.fixture(scope="session")
def node() -> Node:
    found = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if found is None or not (HERE / "node_modules" / "oneentry").is_dir():
        pytest.fail("tests/sdk_contract needs Node and the official client in its node_modules: run make test.")

    def run(script: str, *arguments: str, given: object = None) -> Any:
        done = subprocess.run(
            [found, script, *arguments], cwd=HERE, input=json.dumps(given), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def request_log() -> list[Request]:
    """The requests to the servers of this test, in order of arrival."""
    return []


@pytest.fixture
def serve(request_log: list[Request]) -> Iterator[Callable[[Version], Server]]:
    """Starts a mock server of an API version, whose requests go into the log."""

    async def keep(request: Request, _: MockShop) -> None:
        request_log.append(request)

    with ExitStack() as running:

        def start(version: Version) -> Server:
            server = Server(version=version)
            server.application = Injector(server.application, Change(instead=keep))
            return running.enter_context(server)

        yield start


@pytest.fixture
def server(serve: Callable[[Version], Server]) -> Server:
    return serve(Version.CURRENT)
