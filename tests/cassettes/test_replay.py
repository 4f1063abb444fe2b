"""Replay: green with nothing but the cassettes, red with a message that says what to do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OPEN_SESSION, PLACE_ORDER, ROOT, SAME_SESSION, STORY, STORY_CASSETTE, Project

RECORD = f"pytest --api=mock --record {STORY}"


def test_replay_is_green_and_needs_nothing(project: Project) -> None:
    outcome = project.run("features", ONEENTRY_PROJECT_URL="https://not-used.example", HTTPS_PROXY="http://127.0.0.1:9")
    assert outcome.code == 0, outcome.output


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_report_says_whose_answers_these_are(project: Project, workers: tuple[str, ...]) -> None:
    assert project.run(*workers).code == 0
    [facts] = (project.root / "reports/allure-results").glob("*/environment.properties")
    assert "Recorded\\ from = mock server, not OneEntry" in facts.read_text()


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ('"quantity": line.quantity', '"quantity": line.quantity + 1', "- body.products.0.quantity: recorded 1, now 2"),
        (
            '"quantity": line.quantity',
            '"quantity": line.quantity, "price": "1.00"',
            "price: recorded nothing, now '1.00'",
        ),
        ('"type": type_, "marker"', '"marker"', "type: recorded 'string', now nothing"),
    ],
)
def test_another_body_is_a_mismatch_that_says_where(project: Project, old: str, new: str, difference: str) -> None:
    project.edit("oneentry_scenarios/shop/shopper.py", old, new)
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert "POST /api/content/orders-storage/marker/orders/orders is not sent as it was recorded.\n" in outcome.output
    assert difference in outcome.output
    assert "Failed at features/order_payment.feature:11: When Christina orders 1" in outcome.output
    assert RECORD in outcome.output


LIST = "GET /api/content/payments/sessions/order/89"


@pytest.mark.parametrize(
    ("calls", "difference"),
    [
        ("payment_checks.session_of_order(opened.session, [opened.session])", f"is sent where {LIST} was recorded."),
        (f"{SAME_SESSION}\n    {SAME_SESSION}", f"{LIST} is sent where GET "),
        (f"people[opened.owner].accounts()\n    {SAME_SESSION}", f"is sent where {LIST} was recorded."),
    ],
    ids=["dropped", "made twice", "made too early"],
)
def test_calls_come_in_the_recorded_order(project: Project, calls: str, difference: str) -> None:
    project.edit("steps/payments.py", SAME_SESSION, calls)
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert difference in outcome.output
    assert RECORD in outcome.output


def test_a_last_call_that_is_dropped_is_named(project: Project) -> None:
    project.edit("features/order_payment.feature", "    And nothing else has changed\n", "")
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert "passed without making all its recorded calls. Left unplayed:\n    - GET /api/" in outcome.output
    assert RECORD in outcome.output


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ('headers["Authorization"] = f"Bearer', 'headers["X-Other"] = f"Bearer', "authorization: recorded 'Bearer eyJ"),
        ('f"Bearer {self.access_token}"', '"Bearer another-token"', "now 'Bearer redacted-access-token-2'"),
        ('"x-app-token": self._config.app_token', '"x-app-token": "another"', "x-app-token: recorded 'redacted-app"),
        ('headers["x-device-metadata"] = ', "_ = ", "headers.x-device-metadata: recorded 'sent', now nothing"),
        ('"Content-Type": "application/json", ', "", "headers.content-type: recorded 'application/json', now nothing"),
        ('{"Content-Type": "app', '{"X-New": "", "Content-Type": "app', "headers.x-new: recorded nothing, now 'sent'"),
    ],
)
def test_other_headers_are_a_mismatch(project: Project, old: str, new: str, difference: str) -> None:
    project.edit("oneentry_scenarios/api/transport.py", old, new)
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert difference in outcome.output


DAMAGES: dict[str, tuple[Any, str]] = {
    "missing": (None, "is missing. To record it"),
    "empty": ("", "cannot be used: it is empty"),
    "cut": (0.5, "cannot be used: it is not sound JSON (cut off, perhaps)"),
    "not text": (b"\xff\xfe{}", "cannot be used: it is not UTF-8 text"),
    "other JSON": ("[1, 2]", 'no cassette: it has no "format"'),
    "deeply nested": ("[" * 200_000, "nested too deeply"),
    "unknown format": ('{"format": 99}', "its format is 99, this version of the suite reads 1"),
    "wrong types": ('{"format": 1}', "cannot be used: recorded_from: Field required"),
    "a FIFO": (os.mkfifo, "cannot be used: it is not a regular file"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "cannot be used: it is not a regular file"),
    **{
        f"address {url}": (
            lambda path, url=url: changed(path, "settings", project_url=url),
            "cannot be used: settings.project_url: ",
        )
        for url in ("", "shop.example", "http://[::1", "http://a:b", "http://")
    },
    "another scenario's": (
        lambda path: changed(path, "scenario", name="Another"),
        'cannot be used: it is the recording of another scenario: "Paying for an order / Another"',
    ),
}


def changed(path: Path, part: str, **values: str) -> None:
    document = json.loads((ROOT / STORY_CASSETTE).read_text())
    path.write_text(json.dumps(document | {part: document[part] | values}))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_cassette_that_cannot_be_used_is_named_with_the_command_to_record_it(project: Project, damage: str) -> None:
    content, message = DAMAGES[damage]
    path = project.root / STORY_CASSETTE
    if content is None:
        path.unlink()
    elif callable(content):
        path.unlink()
        content(path)
    elif isinstance(content, float):
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * content)])
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert f"{STORY_CASSETTE} " in outcome.output
    assert message in outcome.output
    assert RECORD in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("api", ["replay", "mock"])
def test_a_step_that_skips_fails_except_in_live(project: Project, api: str) -> None:
    """Else a cassette whose second user was emptied would turn its scenario into a skip."""
    project.edit("steps/orders.py", PLACE_ORDER, f"    import pytest; pytest.skip('no second user')\n{PLACE_ORDER}")
    outcome = project.run(f"--api={api}", STORY)
    assert outcome.code == 1
    assert "Only live runs skip, but a step did: no second user" in outcome.output


@pytest.mark.parametrize(
    ("attempt", "named"),
    [
        ("import socket; socket.create_connection(('shop.example', 443))", "shop.example"),
        ("import socket; socket.getaddrinfo('shop.example', 443)", "shop.example"),
        ("import http.client; http.client.HTTPConnection('shop.example').request('GET', '/')", "shop.example"),
        ("import socket; socket.socket()", "this step tried to open an internet socket"),
    ],
)
def test_an_attempt_to_use_the_network_is_refused_and_named(project: Project, attempt: str, named: str) -> None:
    project.edit("steps/orders.py", PLACE_ORDER, f"    {attempt}\n{PLACE_ORDER}")
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert "Replay must not use the network" in outcome.output
    assert named in outcome.output


def test_a_mock_server_that_stops_half_way_is_unreachable_at_its_address(project: Project) -> None:
    project.edit("steps/payments.py", "def opens_a_session(", "def opens_a_session(request, ")
    project.edit(
        "steps/payments.py",
        OPEN_SESSION,
        "    from oneentry_scenarios.cassettes.stash import TARGET\n"
        f"    request.config.stash[TARGET].server.__exit__(None, None, None)\n{OPEN_SESSION}",
    )
    outcome = project.run("--api=mock", STORY)
    assert outcome.code == 1
    assert "payments.create_session got no answer from http://127.0.0.1:" in outcome.output
    assert "Is the address right, is the server running, and is the network up?" in outcome.output


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--api=live",), "Missing: ONEENTRY_PROJECT_URL, ONEENTRY_APP_TOKEN, ONEENTRY_PASSWORD."),
        (("--record",), "add --api=mock or --api=live"),
        (("--world", "other"), "--world says which shop the mock server is: add --api=mock"),
    ],
)
def test_options_that_lack_something_say_what_and_run_nothing(
    project: Project, options: tuple[str, ...], problem: str
) -> None:
    outcome = project.run(*options, ONEENTRY_USER="your-user@email.com")
    assert outcome.code == 4
    assert problem in outcome.output
    assert "passed" not in outcome.output
