"""Replay: green with nothing but the cassettes, red with a message that says what to do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.cassettes.file import LARGEST_FILE_BYTES
from oneentry_scenarios.problem import read_toml
from tests.conftest import OPEN_SESSION, PLACE_ORDER, SAME_SESSION, STORY, STORY_CASSETTE, Project, example

RECORD = f"pytest --api=mock --record {STORY}"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_replay_is_green_needs_nothing_and_says_whose_responses_these_are(
    project: Project, workers: tuple[str, ...]
) -> None:
    variables = {"ONEENTRY_PROJECT_URL": "https://not-used.example", "HTTPS_PROXY": "http://127.0.0.1:9"}
    project.run("features/order_payment.feature", *workers, **variables).expect(0)
    [facts] = (project.root / "reports/allure-results").glob("*/environment.properties")
    assert "Recorded\\ from = mock server, not OneEntry" in facts.read_text()


MISMATCHES = read_toml(__file__, "mismatches.toml")["edits"]


@pytest.mark.parametrize("edit", MISMATCHES)
def test_calls_must_be_made_as_recorded(project: Project, edit: dict[str, Any]) -> None:
    old = {"SAME_SESSION": SAME_SESSION, "PLACE_ORDER": PLACE_ORDER}.get(edit["old"], edit["old"])
    project.edit(edit["path"], old, edit["new"].replace("OLD", old))
    project.run(STORY).expect(1, *edit["said"], RECORD)


@pytest.mark.parametrize("calls", ["raise AssertionError", SAME_SESSION.replace("sessions_of", "open_session")])
def test_replay_takes_nothing_out_of_a_cassette_and_adds_nothing(project: Project, calls: str) -> None:
    """With `drop_unused_requests`, vcrpy would rewrite the cassette even in mode `none`."""
    before = project.cassettes()
    project.edit("steps/payments.py", SAME_SESSION, calls)
    assert project.run(STORY).code == 1
    assert project.cassettes() == before


DAMAGES: dict[str, tuple[Any, str]] = {
    "missing": (lambda _: None, "is missing. Record it"),
    "empty": (b"", "cannot be used: it is empty"),
    "cut": (b'{"format": 1, "recorded_', "cannot be used: it is not valid JSON (truncated?)"),
    "not text": (b"\xff\xfe{}", "cannot be used: it is not UTF-8 text"),
    "other JSON": (b"[1, 2]", 'not a cassette: it has no "format"'),
    "deeply nested": (b"[" * 200_000, "nested too deeply"),
    "unknown format": (b'{"format": 99}', "its format is 99, but this version of the suite reads 1"),
    "wrong types": (b'{"format": 1}', "cannot be used: recorded_from: Field required"),
    "huge": (lambda path: path.write_bytes(bytes(LARGEST_FILE_BYTES + 1)), "it is larger than 20 MB"),
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
        'cannot be used: it belongs to another scenario: "From order to payment session / Another"',
    ),
}


def test_a_missing_cassette_is_recorded_from_where_the_others_come_from(project: Project) -> None:
    for path in (project.root / "cassettes").rglob("*.json"):
        path.write_text(path.read_text().replace('"recorded_from": "mock server"', '"recorded_from": "project"'))
    (project.root / STORY_CASSETTE).unlink()
    project.run(STORY).expect(1, "is missing. Record it", f"pytest --api=live --record {STORY}")


def changed(path: Path, part: str, **values: str) -> None:
    document = json.loads((example() / STORY_CASSETTE).read_text())
    path.write_text(json.dumps(document | {part: document[part] | values}))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_cassette_that_cannot_be_used_is_named_with_the_command_to_record_it(project: Project, damage: str) -> None:
    content, message = DAMAGES[damage]
    path = project.root / STORY_CASSETTE
    path.unlink()
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    outcome = project.run(STORY)
    outcome.expect(1, f"{STORY_CASSETTE} ", message, RECORD)
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("api", ["replay", "mock"])
def test_a_step_that_skips_fails_except_in_live(project: Project, api: str) -> None:
    """Else a cassette whose second user was emptied would turn its scenario into a skip."""
    project.edit("steps/orders.py", PLACE_ORDER, f"    import pytest; pytest.skip('no second user')\n{PLACE_ORDER}")
    said = "The step skipped the scenario (no second user). ", "e-record ", "  FAILED  When Christina orders 1"
    project.run(f"--api={api}", STORY).expect(1, *said)


def test_a_mock_server_that_stops_half_way_is_unreachable_at_its_address(project: Project) -> None:
    project.edit("steps/payments.py", "def opens_a_session(", "def opens_a_session(request, ")
    project.edit(
        "steps/payments.py",
        OPEN_SESSION,
        "    from oneentry_scenarios.cassettes.target import TARGET\n"
        f"    request.config.stash[TARGET].server.__exit__(None, None, None)\n{OPEN_SESSION}",
    )
    project.run("--api=mock", STORY).expect(
        1,
        "payments.create_session got no usable response from http://127.0.0.1:",
        "Check the address, the server and the network.",
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--api=live",), "Missing: ONEENTRY_PROJECT_URL, ONEENTRY_APP_TOKEN, ONEENTRY_PASSWORD."),
        (("--record",), "--record has no effect with --api=replay. Use it with --api=mock or --api=live, or"),
        (("--fresh-data",), "--fresh-data has no effect with --api=replay. Use it with --api=mock or --api=live"),
        (("--profile=mine.toml",), "--profile has no effect with --api=replay. Use it with --api=mock or --api=live"),
        (("--era=2025",), "--era has no effect with --api=replay. Use it with --api=mock, or remove it."),
        (("--era=2025", "--api=live"), "--era has no effect with --api=live. Use it with --api=mock, or"),
        (("--all", "--api=mock"), "--all has no effect with --api=mock. Use it with --api=live, or remove it."),
        (("-p", "no:xdist", "-n2"), "-n requires pytest-xdist. Install it: oneentry-scenarios setup test"),
        (("--world", "other"), "--world has no effect with --api=replay. Use it with --api=mock, or remove it."),
    ],
)
def test_options_that_lack_something_say_what(project: Project, options: tuple[str, ...], problem: str) -> None:
    outcome = project.run(*options, ONEENTRY_USER="your-user@email.com")
    outcome.expect(4, problem)
    assert "passed" not in outcome.output
