"""A running mock server, fresh for each test, with clients that call it."""

from collections.abc import Iterator

import pytest

from oneentry_scenarios.mock_server import Server, Version

from .caller import OTHER_USER, Caller


@pytest.fixture(scope="session")
def running_server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(running_server: Server) -> Server:
    running_server.reset()
    return running_server


@pytest.fixture
def old_server() -> Iterator[Server]:
    """The server of early 2025."""
    with Server(version=Version.Y2025) as server:
        yield server


@pytest.fixture
def anyone(server: Server) -> Iterator[Caller]:
    """A client that has not signed in."""
    with Caller(server.url) as caller:
        yield caller


@pytest.fixture
def buyer(anyone: Caller) -> Caller:
    """The seed's user, signed in."""
    return anyone.sign_in()


@pytest.fixture
def phone(server: Server) -> Iterator[Caller]:
    """The seed's user, signed in on another device."""
    with Caller(server.url, device="phone") as caller:
        yield caller.sign_in()


@pytest.fixture
def other_buyer(server: Server) -> Iterator[Caller]:
    """The second user, signed in on another device."""
    with Caller(server.url, device="phone") as caller:
        yield caller.sign_in(OTHER_USER)
