"""A project that answers oddly, over real HTTP: each such answer is a scenario's failure with a sentence, no crash."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from threading import Thread

import pytest

from oneentry_scenarios.mock_server import Server
from tests.conftest import Project
from tests.live.projects import SAMPLES, LiveProject

ODD: dict[str, str] = SAMPLES["odd"]
#: One scenario for each, with one order each.
SCENARIOS = (
    "rounding-error or stored-unchanged or several-products or order-costs or appears-in or default-order-status "
    "or keeps-the-payment-method"
)


@contextmanager
def odd_before(server: Server, answers: list[str]) -> Iterator[str]:
    """The address of what passes everything on to `server`, but answers the first orders itself."""

    def serve() -> None:
        with suppress(OSError):  # the test is over
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    answer(connection)

    def answer(connection: socket.socket) -> None:
        with connection.makefile("rb") as received:
            request = b"".join(takewhile(lambda line: line != b"\r\n", received)) + b"\r\n"
            length = re.search(rb"(?i)content-length: (\d+)", request)
            request += received.read(int(length[1])) if length else b""
        if answers and re.match(rb"POST \S+/orders-storage/marker/\S+/orders ", request):
            odd = answers.pop(0)
            connection.sendall(f"HTTP/1.1 {odd}".encode())
            while "Drips" in odd or "Floods" in odd:  # until the client hangs up
                connection.sendall(b"x" if "Drips" in odd else b"x" * 1_000_000)
                time.sleep(0.05)
            connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as mock_server:
            mock_server.sendall(request.replace(b"keep-alive", b"close"))
            while piece := mock_server.recv(100_000):
                connection.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("option", ["--record", "--drift", "--all"])
def test_an_odd_answer_is_a_failure_with_a_sentence(project: Project, option: str) -> None:
    before = project.cassettes()
    with Server() as server, odd_before(server, list(ODD)) as url:
        variables = LiveProject(url).variables | {"ONEENTRY_READ_TIMEOUT": "1"}
        outcome = project.run("--api=live", option, "-k", SCENARIOS, "features/ordering.feature", **variables)
    assert (outcome.code, f"{len(ODD)} failed" in outcome.output) == (1, True), outcome.output
    assert "INTERNALERROR" not in outcome.output
    assert "Traceback" not in outcome.output
    for sentence in ODD.values():
        assert outcome.output.count(sentence) >= [*ODD.values()].count(sentence)
    assert project.cassettes() == before
    assert option != "--drift" or outcome.output.count(" cannot be written: ") == 4, "named as not compared"
