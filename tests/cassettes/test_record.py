"""Recording: whole or not at all, the same every time, and only from where it should be."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import BUYER, SAME_SESSION, SOAK, STORY, STORY_CASSETTE, Project, environment

BUYER_CASSETTE = "cassettes/ordering/an-order-confirmation-shows-the-buyer-s-name.json"
RECORD = ("--api=mock", "--record")


def document(project: Project, path: str = STORY_CASSETTE) -> Any:
    return json.loads((project.root / path).read_text())


def test_a_scenario_that_fails_while_recording_keeps_its_cassette_and_says_so(project: Project) -> None:
    before = project.cassettes()
    project.edit("steps/payments.py", SAME_SESSION, f"assert False\n    {SAME_SESSION}")
    project.run(*RECORD, STORY).expect(1, f"{STORY_CASSETTE} is unchanged: only passing scenarios are recorded.")
    assert project.cassettes() == before


def test_a_change_is_recorded_and_then_replays(project: Project) -> None:
    project.edit("features/order_payment.feature", 'orders 1 "Product 14"', 'orders 3 "Product 14"')
    assert project.run(STORY).code == 1
    project.run(*RECORD, STORY).expect(0, f"\n1 cassette changed: {STORY_CASSETTE}\n")
    assert project.run(STORY).code == 0
    order = document(project)["interactions"][1]
    assert order["request"]["body"]["json"]["products"] == [{"productId": 14, "quantity": 3}]
    assert order["response"]["body"]["json"]["totalSum"] == 1020


def test_identical_calls_get_their_answers_in_the_recorded_order(project: Project) -> None:
    project.edit(
        "features/order_payment.feature",
        "    Then the order confirmation shows the ordered products, the payment method and the correct total\n    And",
        "    And Christina opens a payment session for the order\n    Then",
    )
    assert project.run("--api=mock", "--record", STORY).code == 0
    project.run(STORY).expect(0)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_cassette_from_a_project_is_left_alone_and_named(project: Project, workers: tuple[str, ...]) -> None:
    path = project.root / STORY_CASSETTE
    path.write_text(path.read_text().replace('"recorded_from": "mock server"', '"recorded_from": "project"'))
    before = project.cassettes()
    project.edit("features/order_payment.feature", 'orders 1 "Product 14"', 'orders 3 "Product 14"')
    said = f"\n1 cassette kept, recorded from a project (delete to re-record): {STORY_CASSETTE}\n1 cassette unchanged\n"
    project.run(*RECORD, STORY, BUYER, *workers).expect(0, said)
    assert project.cassettes() == before


def test_generated_data_is_kept_unless_fresh_data_is_asked_for(project: Project) -> None:
    path = project.root / BUYER_CASSETTE
    path.write_text(path.read_text().replace(document(project, BUYER_CASSETTE)["data"]["buyer"], "Grace Hopper"))
    assert project.run(BUYER).code == 0, "replay reads generated data back from the cassette"
    assert project.run(*RECORD, BUYER).code == 0
    assert document(project, BUYER_CASSETTE)["data"] == {"buyer": "Grace Hopper"}
    assert project.run(*RECORD, BUYER, "--fresh-data").code == 0
    recorded = document(project, BUYER_CASSETTE)
    [name] = recorded["interactions"][2]["response"]["body"]["json"]["formData"]["en_US"]
    assert name["value"] == recorded["data"]["buyer"] != "Grace Hopper"


def test_replay_without_a_generated_value_says_what_to_do(project: Project) -> None:
    path = project.root / BUYER_CASSETTE
    path.write_text(json.dumps(document(project, BUYER_CASSETTE) | {"data": {}}))
    said = f'{BUYER_CASSETTE} has no generated value called "buyer"'
    project.run(BUYER).expect(1, said, "pytest --api=mock --record")


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:100],
        lambda whole: b"\xef\xbb\xbf" + whole,
        lambda whole: b"<<<<<<< ours\n" + whole,
        lambda whole: whole.replace(b"{", b'{"extra": 1,', 1),
        lambda whole: whole.replace(b"recorded_from", b"recorded_fron"),
        lambda whole: whole.replace(b'"format": 1', b'"format": 2'),
        lambda _: b"",
    ],
    ids=["cut", "BOM", "merge marks", "an extra key", "one byte", "another format", "empty"],
)
def test_a_cassette_that_cannot_be_read_is_not_replaced(project: Project, damage: Callable[[bytes], bytes]) -> None:
    """It may be a project's."""
    path = project.root / STORY_CASSETTE
    path.write_bytes(damage(path.read_bytes().replace(b"mock server", b"project")))
    before = path.read_bytes()
    project.run(*RECORD, STORY).expect(1, f"{STORY_CASSETTE} was not replaced: ", "Delete it to re-record it.")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("right", "changed", "chosen", "outcome"),
    [
        ("123456", "completed", ("features/payment_sessions.feature",), "refused"),
        ("123456", "sessions", ("features/payment_sessions.feature",), "the same"),
        ("123456", "password", ("features/signing_in.feature",), "the same"),
        ("123456", "identifier", ("features/signing_in.feature",), "the same"),
        ("your-user@email.com", "ben", (STORY,), "changed"),
        ("kundin@example.org", "ada@example.org", ("--world=other", "features/signing_in.feature"), "changed"),
    ],
)
def test_only_what_replays_is_kept(
    project: Project, right: str, changed: str, chosen: tuple[str, ...], outcome: str
) -> None:
    """A password that is also a value of the API cannot replay; one that is a name in it leaves no trace."""
    before = project.cassettes()
    project.edit("oneentry_scenarios/mock_server/shops.toml", f'"{right}"', f'"{changed}"')
    is_kept, run = outcome != "refused", project.run(*RECORD, *chosen)
    assert (run.code == 0) is is_kept, run.output
    assert (project.cassettes() != before) is (outcome == "changed")
    assert ("the recording does not replay: " in run.output) is not is_kept
    assert ("of a test user also occurs in the API's responses, choose" in run.output) is not is_kept
    assert project.run(chosen[-1]).code == 0
    assert (
        not any(f'"{changed}"'.encode() in content for content in project.cassettes().values()) or outcome != "changed"
    )


def test_a_full_disk_leaves_the_old_cassette(project: Project) -> None:
    """A limit on the size of files is what a test can have of a full disk: writing fails half way."""
    before = project.cassettes()
    project.edit("features/order_payment.feature", 'orders 1 "Product 14"', 'orders 3 "Product 14"')
    (project.root / "limit.py").write_text(
        "import resource\n"
        "def pytest_runtest_setup():\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))\n"
        "def pytest_runtest_logfinish():\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
    )
    project.run(*RECORD, STORY, "-p", "limit", "-p", "no:cacheprovider").expect(
        1, f"{STORY_CASSETTE} was not written: File too large. The file is unchanged."
    )
    assert project.cassettes() == before


@pytest.mark.soak
@pytest.mark.parametrize("at_once", [1, 2])
def test_a_kill_at_any_moment_damages_no_cassette(project: Project, at_once: int) -> None:
    """Recording changed scenarios is killed: every cassette stays old or becomes new, whole."""
    old = project.cassettes()
    project.edit("features/order_payment.feature", 'orders 1 "Product 14"', 'orders 3 "Product 14"')
    project.edit("features/ordering.feature", 'orders 2 "Product 14" with that', 'orders 4 "Product 14" with that')
    command = [sys.executable, "-m", "pytest", *RECORD, STORY, BUYER, "-q", "-p", "no:cacheprovider"]
    assert project.run(*RECORD, STORY, BUYER).code == 0
    new = project.cassettes()
    changed = {name for name in old if new[name] != old[name]}
    assert len(changed) == 2
    moments = random.Random(20250430)
    for delay in [moments.uniform(0.2, 1.6) for _ in range(100 if SOAK else 4)]:
        for name, content in old.items():
            (project.root / "cassettes" / name).write_bytes(content)
        runs = [
            subprocess.Popen(
                command, cwd=project.root, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            for _ in range(at_once)
        ]
        time.sleep(delay)  # a moment to be killed at, not a wait for something
        for run in runs:
            run.send_signal(signal.SIGKILL)
            run.communicate()
        found = {
            name: content for name, content in project.cassettes().items() if not name.split("/")[-1].startswith(".")
        }
        assert found.keys() == old.keys()
        for name, content in found.items():
            assert content in (old[name], new[name]), f"{name} is damaged after a kill at {delay:.3f} s"
