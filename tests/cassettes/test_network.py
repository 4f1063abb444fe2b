"""The closed network: nothing gets past it, an attempt is never overlooked, and what is no scenario is not affected."""

import _socket
import asyncio
import ctypes
import multiprocessing
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from urllib3.util import connection

from oneentry_scenarios.cassettes.network import NetworkBlocked, network, overlooked_attempts
from oneentry_scenarios.problem import read_toml
from tests.conftest import PLACE_ORDER, STORY, STORY_CASSETTE, Project


def with_unix_socket(call: Callable[[socket.socket], object]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix:
        call(unix)


HOST = ("192.0.2.1", 9)
ATTEMPTS: dict[str, Callable[[], object]] = {
    "socket.getaddrinfo('shop.example')": lambda: socket.create_connection(("shop.example", 443)),
    "socket.gethostbyname('shop.example')": lambda: socket.gethostbyname_ex("shop.example"),
    "socket.gethostbyaddr('192.0.2.1')": lambda: socket.gethostbyaddr("192.0.2.1"),
    "socket.getnameinfo(('192.0.2.1', 9))": lambda: socket.getnameinfo(HOST, 0),
    "socket.getservbyname('http')": lambda: socket.getservbyname("http"),
    "socket.getservbyport(80)": lambda: socket.getservbyport(80),
    "socket.socket(2)": lambda: socket.socket(socket.AF_INET),
    f"socket.socket({int(socket.AF_INET6)})": lambda: socket.socket(socket.AF_INET6),
    "socket.socket(16)": lambda: socket.socket(16),
    "socket.socket(-1)": _socket.socket,
    "socket.socket(-1) of a handle": lambda: socket.socket(fileno=0),
    "socket.connect('no.socket')": lambda: with_unix_socket(lambda unix: unix.connect("no.socket")),
    "socket.bind('no.socket')": lambda: with_unix_socket(lambda unix: unix.bind("no.socket")),
    "socket.sendto('no.socket')": lambda: with_unix_socket(lambda unix: unix.sendto(b"", "no.socket")),
    "socket.sendmsg('no.socket')": lambda: with_unix_socket(lambda unix: unix.sendmsg([b""], [], 0, "no.socket")),
    "subprocess.Popen('true')": lambda: subprocess.run(["true"], check=True),
    "os.system(b'true')": lambda: os.system("true"),  # noqa: S605
    "os.posix_spawn('/bin/true')": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "os.exec('no-program')": lambda: os.execv("no-program", ["no-program"]),  # noqa: S606
    "os.fork()": lambda: os.fork() or os._exit(0),
    "os.fork() of multiprocessing": lambda: multiprocessing.get_context("fork").Process(target=int).start(),
    "os.forkpty()": lambda: os.forkpty()[0] or os._exit(0),
    "os.startfile('x')": lambda: sys.audit("os.startfile", "x", "open"),  # Windows only, as the next
    "_winapi.CreateProcess('x')": lambda: sys.audit("_winapi.CreateProcess", "x", "x", "x"),
    "ctypes.dlopen('libc.so.6')": lambda: ctypes.CDLL("libc.so.6"),
    "ctypes.dlsym('socket')": lambda: ctypes.pythonapi["socket"],
    "ctypes.dlsym('connect')": lambda: ctypes.CDLL(None)["connect"],
    "cpython.PyInterpreterState_New()": lambda: sys.audit("cpython.PyInterpreterState_New"),
}


@pytest.mark.parametrize("named", ATTEMPTS)
def test_what_could_reach_beyond_the_process_is_refused_and_named(named: str) -> None:
    with network(blocked=True), pytest.raises(NetworkBlocked):
        ATTEMPTS[named]()
    [remembered] = overlooked_attempts()
    assert f"Blocked: {named.partition(' of ')[0]}. During" in remembered


def test_what_reaches_nothing_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "_uname_cache", None)  # else it gives an earlier answer
    with network(blocked=True):
        asyncio.run(asyncio.sleep(0))
        one, other = socket.socketpair()
        with one, other:
            one.sendmsg([b"hello"])
            assert other.recv(5) == b"hello"
        platform.platform()
        ctypes.CDLL(None)  # as `import ctypes` does
        assert not connection._has_ipv6("localhost"), "refused, but not counted"
    assert overlooked_attempts() == []


OPEN = "__import__('socket').socket().close()"
CAUGHT = f"with __import__('contextlib').suppress(BaseException): {OPEN}"
FILES = read_toml(__file__, "attempts.toml")
PLACES = {place: (file, code) for file, places in FILES.items() for place, code in places.items()}


def attempt_at(project: Project, place: str) -> str:
    """The file into which it is written."""
    file, code = PLACES[place]
    code = code.replace("CAUGHT", CAUGHT).replace("OPEN", OPEN).replace("PLACE_ORDER", PLACE_ORDER)
    if file == "steps/orders.py":
        project.edit(file, PLACE_ORDER, code)
    else:
        with (project.root / file).open("a") as written:
            written.write(f"\n\n{code}")
    return file


@pytest.mark.parametrize(
    ("place", "workers"),
    [
        *((place, []) for place in PLACES),
        *((place, ["-n2"]) for place in ("a step", "import of steps", "sessionfinish")),
    ],
)
def test_an_attempt_turns_the_run_red_even_if_it_is_caught(project: Project, place: str, workers: list[str]) -> None:
    file = attempt_at(project, place)
    outcome = project.run(STORY, *workers)
    outcome.expect(outcome.code or -1, "Blocked: socket.socket(2).", f"{file}:")


@pytest.mark.parametrize("place", ["a step", "clean-up"])
def test_a_recording_with_an_attempt_is_refused_because_it_would_not_replay(project: Project, place: str) -> None:
    attempt_at(project, place)
    assert project.run("--api=mock", STORY).code == 0, "runs that talk to a server may use the network"
    (project.root / STORY_CASSETTE).unlink()
    project.run("--api=mock", "--record", STORY).expect(1, "code must not use the network")
    assert not (project.root / STORY_CASSETTE).exists()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_test_that_is_no_scenario_may_use_the_network(project: Project, workers: tuple[str, ...]) -> None:
    (project.root / "test_plain.py").write_text(
        "import socket, subprocess, pytest\n"
        "subprocess.run('true')\n"
        "@pytest.fixture(scope='session')\ndef server():\n"
        "    with socket.create_server(('127.0.0.1', 0)) as it: yield it\n"
        "def test_plain(server): socket.create_connection(server.getsockname()).close()\n"
    )
    project.run("features/order_payment.feature", "test_plain.py", *workers).expect(0)
