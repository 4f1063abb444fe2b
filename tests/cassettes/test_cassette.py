"""The cassette file: nothing is lost on its way into it, and nothing wrong with it goes unnamed."""

import gzip
import json
import random
import re
import socket
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from vcr.request import Request as VcrRequest

from oneentry_scenarios.api.body import Body
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import CallFailed
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import Cassette, CassetteError, Interaction, RecordedRequest, RecordedResponse
from oneentry_scenarios.cassettes.vcr_cassettes import (
    RecordingCassette,
    RecordingMismatch,
    ReplayCassette,
    describe,
    same_request,
)
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.redaction.redactor import Redactor
from tests.api.wire import create_session
from tests.conftest import SOAK, STORY, STORY_CASSETTE, Project, example


@cache
def whole() -> bytes:
    """The story's cassette."""
    return (example() / STORY_CASSETTE).read_bytes()


MATCHES = read_toml(__file__, "matches.toml")
PAIRS = [(part, what, pairs) for part, whats in MATCHES.items() for what, pairs in whats.items()]


@pytest.mark.parametrize(("part", "what", "pair"), [(*names, each) for *names, pairs in PAIRS for each in pairs])
def test_what_a_request_must_match(part: str, what: str, pair: list[Any]) -> None:
    one, other = (request(**{part: side.encode() if part == "body" else side}) for side in pair)
    assert same_request(one, other) is (what == "same")


@pytest.mark.parametrize(
    ("recorded", "sent", "said"),
    [
        ('{"a": null}', "{}", "body.a: recorded null, now nothing"),
        ("{}", '{"a": null}', "body.a: recorded nothing, now null"),
        (f'{{"a": "{"x" * 900}1"}}', f'{{"a": "{"x" * 900}2"}}', f"recorded '...{'x' * 40}1', now '...{'x' * 40}2'"),
        (f'{{"a": "{"x" * 900}"}}', f'{{"a": "{"x" * 900}2"}}', f"recorded '...{'x' * 40}', now '...{'x' * 40}2'"),
    ],
)
def test_a_difference_shows_what_differs(recorded: str, sent: str, said: str) -> None:
    assert said in describe(request(body=sent.encode()), request(body=recorded.encode()))


def request(*, query: str = "", body: bytes = b"", headers: Sequence[Sequence[str]] = ()) -> RecordedRequest:
    redacted = MessageRedactor(Redactor()).redact_request(
        "POST", f"http://a.example/x?{query}", [(name, value) for name, value in headers], body
    )
    return RecordedRequest.model_validate(redacted)


def test_only_calls_that_are_made_at_the_same_time_come_in_any_order() -> None:
    response = RecordedResponse(status=200, reason="OK", headers={})
    requests = [RecordedRequest(method="GET", url=f"http://a.example/{path}", headers={}) for path in "ab"]
    calls = [Interaction(request=request, response=response) for request in requests]
    cassette = ReplayCassette(path="", interactions=calls, redactor=Redactor(), command=str)
    with httpx.Client(transport=httpx.MockTransport(cassette.respond)) as client, ThreadPoolExecutor() as threads:
        with pytest.raises(RecordingMismatch, match="GET /b was sent, but GET /a was recorded next"):
            client.get("http://a.example/b")
        threads.submit(client.get, "http://a.example/b").result()
        assert cassette.unused() == ["GET /a"]


def test_a_packed_body_is_unpacked_so_that_its_secrets_are_found() -> None:
    with RecordingCassette.use(path="", project_url="http://a.example", redactor=Redactor()) as cassette:
        cassette.append(
            VcrRequest("GET", "http://a.example/x", b"", {}),
            {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Encoding": ["gzip"], "Content-Type": ["application/json"]},
                "body": {"string": gzip.compress(b'{"accessToken": "canary-in-gzip"}')},
            },
        )
        [interaction] = cassette.interactions()
    assert interaction.response.body == Body(json={"accessToken": "redacted-access-token-1"})
    assert "content-encoding" not in interaction.response.headers


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("302 Found\r\nLocation: /höhe", "it redirects to /höhe"),
        ("302 Found\r\nLocation: mailto:x", "the response redirects to an invalid address"),
        ("201 Created\r\nContent-Type: application/jsön", "the body is not JSON: it is empty"),
        ("201 Created\r\nContent-Encoding: ü\r\nContent-Type: application/json", "the body is not JSON: it is empty"),
        ("201 a\tb", "the body is not JSON: it is empty"),
        ("699 Odd", "699 Odd is not a documented status"),
    ],
)
def test_an_odd_response_is_a_failure_with_a_sentence(answer: str, problem: str) -> None:
    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as request:
            connection.sendall(f"HTTP/1.1 {answer}\r\n\r\n".encode())
            connection.shutdown(socket.SHUT_WR)
            request.read()  # closing before all of it is read would reset the connection

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as threads:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        threads.submit(serve)
        options = {"path": "", "project_url": url, "redactor": Redactor()}
        client = OneEntry(ClientConfig(url, "the-app-token"))
        with RecordingCassette.use(**options), client, pytest.raises(CallFailed, match=re.escape(problem)):
            create_session(client)


def test_a_call_to_another_host_is_refused_before_it_is_sent_and_named_without_secrets() -> None:
    with (
        RecordingCassette.use(path="", project_url="http://a.example", redactor=Redactor()),
        pytest.raises(CassetteError, match=r"called http://b\.example/person-1@redacted\.invalid, which is outside"),
    ):
        httpx.get("http://b.example/buyer@shop.example")


def test_a_cassette_keeps_the_whole_profile_but_no_volatile_headers() -> None:
    story = json.loads(whole())
    assert story["profile"]["products"]["Product 14"] == {"id": 14, "price": "340.00", "currency": "USD"}
    assert story["profile"]["language"] == "en_US"
    for interaction in story["interactions"]:
        assert set(interaction["response"]["headers"]) == {"content-type"}
        assert not {"host", "user-agent", "content-length"} & set(interaction["request"]["headers"])


@pytest.mark.parametrize(
    ("recorded_from", "address", "whose"),
    [
        ("mock server", "http://project.redacted.invalid", "mock server, not OneEntry"),
        ("project", "http://project.redacted.invalid", "a local server, not OneEntry"),
        ("project", "https://project.redacted.invalid", "a project on OneEntry"),
    ],
)
def test_a_cassette_says_whose_responses_it_holds(recorded_from: str, address: str, whose: str) -> None:
    document = json.loads(whole())
    document["recorded_from"] = recorded_from
    document["settings"]["project_url"] = address
    assert Cassette.model_validate_json(json.dumps(document)).whose_responses == whose


OTHER_JSON: list[Any] = [None, 0, "text", [], {}, {"format": 1}, {"format": "1"}, {"version": 1, "interactions": []}]
DAMAGE: list[Callable[[random.Random], bytes]] = [
    lambda chance: whole()[: chance.randrange(len(whole()))],
    lambda chance: with_a_flipped_bit(chance.randrange(len(whole())), chance.randrange(8)),
    lambda chance: json.dumps(chance.choice(OTHER_JSON)).encode(),
    lambda chance: chance.choice([b"[", b'{"a":', b'{"format":1,"data":[']) * chance.randrange(2_000, 200_000),
    lambda chance: wrong_type_inside(chance),
    lambda chance: whole().decode().encode(chance.choice(["utf-16", "utf-32", "utf-8-sig", "cp037"])),
    lambda chance: whole().replace(b"\n", chance.choice([b"\x00", b",", b"}\n"]), chance.randrange(1, 9)),
]


def damaged(number: int) -> bytes:
    """The story's cassette, damaged in one of these ways, which `number` decides."""
    return DAMAGE[number % len(DAMAGE)](random.Random(number))


def with_a_flipped_bit(place: int, bit: int) -> bytes:
    return whole()[:place] + bytes([whole()[place] ^ 1 << bit]) + whole()[place + 1 :]


def wrong_type_inside(chance: random.Random) -> bytes:
    document = json.loads(whole())
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            places.append((value, key))
            if isinstance(item, dict | list):
                walk(item)

    walk(document)
    holder, key = chance.choice(places)
    holder[key] = chance.choice([None, [], {}, -1, "x", True, 1.5])
    return json.dumps(document).encode()


@pytest.mark.soak
def test_a_damaged_cassette_is_either_named_or_still_a_cassette(tmp_path: Path) -> None:
    path = tmp_path / "cassette.json"
    messages, count = [], 1_000 if SOAK else 250
    tracemalloc.start()
    for number in range(count):
        path.write_bytes(damaged(number))
        try:
            Cassette.read(path)
        except CassetteError as error:
            messages.append(str(error))
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()
    assert len(messages) > 0.7 * count
    assert max(map(len, messages)) < 300, "one clear message"


@pytest.mark.soak
def test_what_is_still_a_cassette_replays_or_fails_with_the_story_of_the_scenario(project: Project) -> None:
    path = project.root / STORY_CASSETTE
    for number in range(1_000 if SOAK else 7):
        path.write_bytes(damaged(number))
        outcome = project.run(STORY, "-p", "no:cacheprovider")
        assert outcome.code in (0, 1), outcome.output
        assert "INTERNALERROR" not in outcome.output
        if outcome.code:
            assert "Scenario: A customer can open a payment session for a new order" in outcome.output
            assert "Rerun:" in outcome.output
