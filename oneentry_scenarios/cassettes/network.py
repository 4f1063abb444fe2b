"""Blocks the network during replay: attempts to reach beyond this process fail immediately and are reported."""

import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from oneentry_scenarios.problem import messages, read_toml

#: Audit event -> index of the argument to report.
_BLOCKED: dict[str, int] = read_toml(__file__, "blocked.toml")
#: Allowed: `import ctypes`, which loads nothing; socket pairs, which asyncio needs and which stay in the process;
#: the `uname` call of `platform`, for xdist and other plugins that describe the machine.
_HARMLESS = (
    ("ctypes.dlopen", None),
    ("socket.__new__", getattr(socket, "AF_UNIX", None)),
    ("socket.sendmsg", None),
    ("subprocess.Popen", "uname"),
)
#: urllib3, which vcrpy imports, tests for IPv6 with this function on import; an error means "no IPv6".
_PROBE = "_has_ipv6"


class NetworkBlocked(RuntimeError):
    """Code tried to reach beyond this process while the network was blocked."""


class Network:
    """Whether this process's network is blocked, and the blocked attempts that have not failed a scenario yet."""

    is_blocked = False
    attempts: ClassVar[list[NetworkBlocked]] = []


def _block(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _BLOCKED or not Network.is_blocked:
        return
    about = arguments[_BLOCKED[event] :][:1]
    if (event, *about) in _HARMLESS:
        return
    called = f"{event.replace('__new__', 'socket')}({', '.join(map(repr, about)):.200})"
    error = NetworkBlocked(messages(__file__)("blocked", called=called))
    if not any(at.name == _PROBE for at in traceback.extract_stack(limit=3)):
        Network.attempts.append(error)
    raise error


# Audit hooks cannot be removed.
sys.addaudithook(_block)


@contextmanager
def network(*, blocked: bool) -> Iterator[None]:
    """Block or allow the network, and restore the previous state at the end."""
    before, Network.is_blocked = Network.is_blocked, blocked
    try:
        yield
    finally:
        Network.is_blocked = before


@contextmanager
def fail_on_attempts() -> Iterator[None]:
    """Raise NetworkBlocked at the end if an attempt was blocked, even if the code inside has caught the error."""
    before = len(Network.attempts)
    try:
        yield
        if Network.attempts[before:]:
            raise Network.attempts[before]
    except NetworkBlocked:
        del Network.attempts[before:]
        raise


def overlooked_attempts() -> list[str]:
    """Return and clear the blocked attempts that failed no scenario, each with the place that caught it."""
    errors, Network.attempts = Network.attempts, []
    places = ([f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(each.__traceback__, 1)] for each in errors)
    return list(dict.fromkeys(": ".join([*place, str(each)]) for place, each in zip(places, errors, strict=True)))
