"""Keeps replay off the network: an attempt to look up or reach a host fails at once and names it."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: What Python announces (`sys.audit`) before it looks up a host. Libraries do that before they make a socket.
_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class NetworkBlocked(RuntimeError):
    """Something tried to use the network in replay."""


class _Guard:
    """An audit hook cannot be taken out again, so it is put in once and switched on and off."""

    installed = False
    on = False

    @classmethod
    def refuse(cls, event: str, arguments: tuple[object, ...]) -> None:
        if not cls.on:
            return
        if event in _LOOKUPS and arguments[0]:
            raise NetworkBlocked(_MESSAGE.format(f"reach {arguments[0]}"))
        if event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6):
            raise NetworkBlocked(_MESSAGE.format("open an internet socket"))


_MESSAGE = (
    "Replay must not use the network, but this step tried to {}. "
    "Calls to the API go through the fixtures; nothing else may go out."
)


@contextmanager
def no_network() -> Iterator[None]:
    """Let no lookup and no connection out of this process while this is open."""
    if not _Guard.installed:
        sys.addaudithook(_Guard.refuse)
        _Guard.installed = True
    before, _Guard.on = _Guard.on, True
    try:
        yield
    finally:
        _Guard.on = before
