"""What vcrpy does that a recorded suite must not fall into, one test a trap.

Partial cassettes of failing scenarios, non-atomic saves and recording into an empty file are in `test_record.py` and
`test_replay.py`; packed bodies and stray calls while recording in `test_cassette.py`; logs in `test_canary.py`.
"""

import pytest

from tests.conftest import PLACE_ORDER, SAME_SESSION, STORY, Project


def add_to_order_step(project: Project, line: str) -> None:
    project.edit("steps/orders.py", PLACE_ORDER, f"    {line}\n{PLACE_ORDER}")


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "http://localhost:9", "https://elsewhere.example"])
def test_a_stray_call_of_another_client_never_goes_out_in_replay(project: Project, host: str) -> None:
    """The patch is global to the process, and ignored hosts would go to the network even in mode `none`."""
    add_to_order_step(project, f"import httpx; httpx.get('{host}/stray')")
    outcome = project.run(STORY)
    assert outcome.code == 1
    assert (
        "GET /stray is sent where POST /api/content/orders-storage/marker/orders/orders was recorded" in outcome.output
    )


@pytest.mark.parametrize("calls", ["raise AssertionError", SAME_SESSION.replace("sessions_of", "open_session")])
def test_replay_takes_nothing_out_of_a_cassette_and_adds_nothing(project: Project, calls: str) -> None:
    """With `drop_unused_requests`, vcrpy would rewrite the cassette even in mode `none`."""
    before = project.cassettes()
    project.edit("steps/payments.py", SAME_SESSION, calls)
    assert project.run(STORY).code == 1
    assert project.cassettes() == before


def test_identical_calls_get_their_answers_in_the_recorded_order(project: Project) -> None:
    project.edit(
        "features/order_payment.feature",
        "    Then the order is confirmed as placed, at the price of its products\n    And the payment session waits",
        "    And Christina opens a payment session for the order\n    Then the payment session waits",
    )
    assert project.run("--api=mock", "--record", STORY).code == 0
    outcome = project.run(STORY)
    assert outcome.code == 0, outcome.output
