"""Keeps replay off the network: what could reach beyond this process fails at once, is named, and is remembered."""

import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

_METHODS = ("socket.__new__", "socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto")
_LOOKUPS = ("addrinfo", "hostbyaddr", "hostbyname", "nameinfo", "servbyname", "servbyport")
_PROCESSES = ("exec", "fork", "forkpty", "posix_spawn", "spawn", "startfile", "system")
_OTHERS = ("subprocess.Popen", "_winapi.CreateProcess", "cpython.PyInterpreterState_New", "ctypes.dlopen")
#: What Python announces (`sys.audit`) before anything that can reach beyond this process, and which argument says what.
_REFUSED = {
    **dict.fromkeys((*_METHODS, "ctypes.dlsym", "ctypes.dlsym/handle"), 1),
    **dict.fromkeys((*(f"socket.get{name}" for name in _LOOKUPS), *(f"os.{name}" for name in _PROCESSES), *_OTHERS), 0),
}
#: Of these: `import ctypes`, which loads nothing; a pair of sockets, which reaches only itself and which asyncio needs;
#: what `platform` asks for xdist, and for other plugins that describe the machine.
_HARMLESS = (
    ("ctypes.dlopen", None),
    ("socket.__new__", getattr(socket, "AF_UNIX", None)),
    ("socket.sendmsg", None),
    ("subprocess.Popen", "uname"),
)


class NetworkBlocked(RuntimeError):
    """Something tried to reach beyond this process while the network was closed."""


class _Guard:
    """An audit hook cannot be taken out again, so it is put in once and switched on and off."""

    is_installed = False
    is_closed = False
    #: What was refused and has not failed a scenario.
    refused: list[NetworkBlocked] = []  # noqa: RUF012


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _REFUSED or not _Guard.is_closed:
        return
    about = arguments[_REFUSED[event] :][:1]
    if (event, *about) in _HARMLESS:
        return
    called = f"{event.replace('__new__', 'socket')}({', '.join(map(repr, about)):.200})"
    error = NetworkBlocked(
        f"In replay, and while steps are imported, nothing may use the network or start a program, but {called} "
        "was called. Calls to the API go through the fixtures."
    )
    _Guard.refused.append(error)
    raise error


def switch_network(*, closed: bool) -> None:
    """Close the network of this process, or open it again."""
    if not _Guard.is_installed:
        sys.addaudithook(_refuse)
        _Guard.is_installed = True
    _Guard.is_closed = closed


@contextmanager
def network(*, closed: bool) -> Iterator[None]:
    """Close or open the network, and go back afterwards to what it was before."""
    before = _Guard.is_closed
    switch_network(closed=closed)
    try:
        yield
    finally:
        _Guard.is_closed = before


@contextmanager
def attempts_fail() -> Iterator[None]:
    """Raise NetworkBlocked at the end if something was refused meanwhile, also if the code inside has caught it."""
    before = len(_Guard.refused)
    try:
        yield
        if _Guard.refused[before:]:
            raise _Guard.refused[before]
    except NetworkBlocked:
        del _Guard.refused[before:]
        raise


def overlooked_attempts() -> list[str]:
    """What was refused and has failed no scenario, each with the place that caught it; returns it only once."""
    found: dict[str, None] = {}
    for error in _Guard.refused:
        place = [f"{at.filename}:{at.lineno}: " for at in traceback.extract_tb(error.__traceback__, limit=1)]
        found["".join([*place, str(error)])] = None
    _Guard.refused.clear()
    return list(found)
