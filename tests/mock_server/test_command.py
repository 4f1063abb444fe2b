"""The command `oneentry-scenarios mock-server`."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from oneentry_scenarios.mock_server.shop_data import OTHER
from tools.checkout import ROOT, run_command

from .caller import Caller

ANSWERS_IN_TIME = 20


@contextmanager
def running(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command, and the address in the one line that it printed."""
    command = [sys.executable, "-m", "oneentry_scenarios", "mock-server", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("The mock server listens on http://"), line
            yield process, line.split()[-1]
        finally:
            process.kill()


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return run_command(sys.executable, "-m", "oneentry_scenarios", "mock-server", *arguments, limit=ANSWERS_IN_TIME)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can send a signal to one process")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_any_free_port_until_it_is_stopped(stop: signal.Signals) -> None:
    with running("--port", "0") as (process, url), Caller(url) as caller:
        assert caller.auth()[0] == 201
        process.send_signal(stop)
        out, err = process.communicate(timeout=ANSWERS_IN_TIME)
        assert (process.returncode, out, err) == (0, "", "")


def test_api_version_and_shop_can_be_chosen() -> None:
    arguments = ("--port", "0", "--era", "2025", "--world", "other")
    with running(*arguments) as (_, url), Caller(url, shop_data=OTHER) as caller:
        del caller.http.headers["x-device-metadata"]  # required in the current API
        assert caller.auth()[0] == 201


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"The mock server cannot listen on 127.0.0.1:{port}: ")
    assert done.stderr.endswith(". Choose another --port (0 picks a free one) or --host.\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["seven", "65536"])
def test_a_wrong_argument_is_named(port: str) -> None:
    done = run("--port", port)
    assert done.returncode == 2
    assert f"'{port}' is not a port: use a number from 0 to 65535" in done.stderr
