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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

#: Seconds after which a run says that it waits, and after which it gives up.
SAID_AFTER, GIVEN_UP_AFTER = 5.0, 900.0


@contextmanager
def turn(project_url: str, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other run here is in a scenario of this project, then keep others out; both need a lock file.

    `say` gets a sentence when the wait takes long; a wait that takes too long ends the run.
    """
    path = lock = None
    with suppress(OSError, KeyError, ImportError):  # the user has no name, in some containers
        who = f"{getpass.getuser()} {project_url}"  # runs in other checkouts find the file, too
        path = Path(tempfile.gettempdir(), f"oneentry-scenarios-{hashlib.sha256(who.encode()).hexdigest()[:16]}.lock")
        lock = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if path is None or lock is None:
        yield
        return
    try:
        waiting = Thread(target=_wait_for, args=(lock,), daemon=True)
        waiting.start()
        waiting.join(SAID_AFTER)
        if waiting.is_alive():
            other = f"another live run of this project (process {_owner(path)}, lock file {path})"
            say(f"Waiting until a scenario of {other} has ended.")
            waiting.join(GIVEN_UP_AFTER - SAID_AFTER)
            if waiting.is_alive():
                pytest.exit(f"No turn in {GIVEN_UP_AFTER / 60:g} minutes: end {other}, or run again later.", 1)
        with suppress(OSError):  # a full disk
            os.lseek(lock, 1, os.SEEK_SET)  # the first byte is what Windows locks
            os.write(lock, f"{os.getpid():<20}".encode())
        yield
    finally:
        os.close(lock)


def _owner(path: Path) -> str:
    with suppress(OSError), path.open("rb", buffering=0) as file:
        file.seek(1)
        return file.read(20).decode().strip()
    return "unknown"


def _wait_for(lock: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        for _ in range(int(GIVEN_UP_AFTER / 10)):
            with suppress(OSError):  # after ten seconds it gives up
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
