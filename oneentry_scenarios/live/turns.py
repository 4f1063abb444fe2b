"""Two live runs at once against one project take turns on this machine, one scenario each.

Test users are shared: signing out everywhere ends the other run's sign-ins, and the other run's orders are in the same
history. No check can tell these from faults, so scenarios of two runs do not overlap. Runs on other machines are not
seen here; they need test users of their own.
"""

import getpass
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def turn(project_url: str) -> Iterator[None]:
    """Wait until no other run here is in a scenario of this project, then keep others out; both need a lock file."""
    lock = _opened(project_url)
    if lock is None:
        yield
        return
    try:
        _wait_for(lock)
        yield
    finally:
        os.close(lock)


def _opened(project_url: str) -> int | None:
    """A file that runs in other checkouts find, too. Nothing is ever written to it."""
    with suppress(OSError, KeyError, ImportError):  # the user has no name, in some containers
        who = f"{getpass.getuser()} {project_url.rstrip('/').lower()}"
        name = f"oneentry-scenarios-{hashlib.sha256(who.encode()).hexdigest()[:16]}.lock"
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        return os.open(Path(tempfile.gettempdir(), name), flags, 0o600)
    return None


def _wait_for(lock: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        while True:
            with suppress(OSError):  # after ten seconds it gives up
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
