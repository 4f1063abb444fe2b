"""Keeps replay off the network: what could reach beyond this process fails at once, is named, and is remembered."""

import socket
import sys
import tomllib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

#: An event that Python announces -> which of its arguments says what it is about.
_REFUSED: dict[str, int] = tomllib.loads(Path(__file__).with_name("refused.toml").read_text("utf-8"))
#: Of these: `import ctypes`, which loads nothing; a pair of sockets, which reaches only itself and which asyncio needs;
#: what `platform` asks for xdist, and for other plugins that describe the machine.
_HARMLESS = (
    ("ctypes.dlopen", None),
    ("socket.__new__", getattr(socket, "AF_UNIX", None)),
    ("socket.sendmsg", None),
    ("subprocess.Popen", "uname"),
)
#: urllib3 asks with this function when it is imported, also for vcrpy, and takes a refusal for "no IPv6".
_PROBE = "_has_ipv6"


class NetworkBlocked(RuntimeError):
    """Something tried to reach beyond this process while the network was closed."""


class Network:
    """Whether the network of this process is closed, and what was refused and has not failed a scenario."""

    is_closed = False
    refused: ClassVar[list[NetworkBlocked]] = []


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _REFUSED or not Network.is_closed:
        return
    about = arguments[_REFUSED[event] :][:1]
    if (event, *about) in _HARMLESS:
        return
    called = f"{event.replace('__new__', 'socket')}({', '.join(map(repr, about)):.200})"
    error = NetworkBlocked(
        f"In replay, and while steps are imported, nothing may use the network or start a program, but {called} "
        "was called. Calls to the API go through the fixtures."
    )
    if not any(at.name == _PROBE for at in traceback.extract_stack(limit=3)):
        Network.refused.append(error)
    raise error


# It cannot be taken out again.
sys.addaudithook(_refuse)


@contextmanager
def network(*, closed: bool) -> Iterator[None]:
    """Close or open the network, and go back afterwards to what it was before."""
    before, Network.is_closed = Network.is_closed, closed
    try:
        yield
    finally:
        Network.is_closed = before


@contextmanager
def attempts_fail() -> Iterator[None]:
    """Raise NetworkBlocked at the end if something was refused meanwhile, also if the code inside has caught it."""
    before = len(Network.refused)
    try:
        yield
        if Network.refused[before:]:
            raise Network.refused[before]
    except NetworkBlocked:
        del Network.refused[before:]
        raise


def overlooked_attempts() -> list[str]:
    """What was refused and has failed no scenario, each with the place that caught it; returns it only once."""
    errors, Network.refused = Network.refused, []
    places = ([f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(each.__traceback__, 1)] for each in errors)
    return list(dict.fromkeys(": ".join([*place, str(each)]) for place, each in zip(places, errors, strict=True)))
