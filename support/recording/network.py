"""Keeps replay off the network: an attempt to look up or reach a host fails at once and names it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What Python announces before it looks up a name, connects or sends, and where the host stands in the announcement.
_HOST_POSITION = {
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
}


class NetworkBlocked(RuntimeError):
    """Something tried to use the network in replay."""


class _Guard:
    """An audit hook cannot be taken out again, so it is put in once and switched on and off."""

    installed = False
    on = False

    @classmethod
    def hear(cls, event: str, arguments: tuple[object, ...]) -> None:
        if not cls.on or event not in _HOST_POSITION:
            return
        target = arguments[_HOST_POSITION[event]]
        if isinstance(target, str | bytes) and event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            return  # the path of a local Unix socket
        if target is None:
            return
        host = ":".join(map(str, target[:2])) if isinstance(target, tuple) else str(target)
        raise NetworkBlocked(
            f"Replay must not use the network, but this step tried to reach {host} ({event}). "
            "Calls to the API go through the fixtures; nothing else may go out."
        )


@contextmanager
def no_network() -> Iterator[None]:
    """Let no lookup and no connection out of this process while this is open."""
    if not _Guard.installed:
        sys.addaudithook(_Guard.hear)
        _Guard.installed = True
    before, _Guard.on = _Guard.on, True
    try:
        yield
    finally:
        _Guard.on = before
