"""A lock per project: concurrent live runs on this machine alternate, scenario by scenario.

The runs share test users: signing out everywhere ends the other run's sign-ins, and both runs' orders are in the same
history. Checks cannot distinguish these effects from faults, so scenarios of two runs must not overlap. Runs on other
machines are not detected; they need their own test users.
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

#: Seconds after which a run reports that it waits, and after which it gives up.
SAID_AFTER, GIVEN_UP_AFTER = 5.0, 900.0


@contextmanager
def project_lock(project_url: str, print_now: Callable[[str], None]) -> Iterator[None]:
    """Lock the project against other runs on this machine. Without a usable lock file, continue without a lock.

    `print_now` receives a sentence after SAID_AFTER seconds of waiting; after GIVEN_UP_AFTER seconds, the run ends.
    """
    path = lock = None
    with suppress(OSError, KeyError, ImportError):  # in some containers the user has no name
        who = f"{getpass.getuser()} {project_url}"  # runs in other checkouts use the same file
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
            print_now(f"Waiting for a scenario of {other} to end.")
            waiting.join(GIVEN_UP_AFTER - SAID_AFTER)
            if waiting.is_alive():
                pytest.exit(f"Gave up after {GIVEN_UP_AFTER / 60:g} minutes. End {other}, or rerun later.", 1)
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
            with suppress(OSError):  # the call itself gives up after ten seconds
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
