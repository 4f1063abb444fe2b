"""Nothing but a fault turns a run red: neither another order of the scenarios nor a machine that is busy otherwise."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import SOAK, Project

#: Each API in blocks, so that `make soak` spreads over workers; 200 runs of each API in all.
BLOCKS, RUNS = (8, 25) if SOAK else (1, 1)
#: Processes beside; the sample leaves a core to the other tests.
OTHERS = (os.cpu_count() or 1) if SOAK else 1
APIS = {"replay": (), "mock": ("--api=mock",), "mock_server of 2025": ("--api=mock", "--era=2025")}


@pytest.fixture
def busy_machine() -> Iterator[None]:
    """The cores have something else to do, too."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(OTHERS)]
    try:
        yield
        assert all(other.poll() is None for other in others), "the machine was not busy all the time"
    finally:
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.soak
@pytest.mark.usefixtures("busy_machine")
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("api", APIS)
def test_no_run_fails_in_any_order_on_a_busy_machine(project: Project, api: str, block: int) -> None:
    scenarios = listed(project.run("--collect-only", "-q").output)
    orders = set()
    for run in range(RUNS):
        wanted = random.Random(f"{api} {block} {run}").sample(scenarios, len(scenarios) if SOAK else 30)
        outcome = project.run(*APIS[api], "-v", *wanted)
        assert outcome.code == 0, outcome.output
        ran = listed(outcome.output)
        assert ran == wanted, "they ran in another order than they should"
        assert f"{len(wanted)} passed in " in outcome.output
        orders.add(tuple(ran))
    assert len(orders - {tuple(scenarios)}) == RUNS, "each run had an order of its own"


def listed(output: str) -> list[str]:
    """The scenarios that a run names, in its order."""
    return re.findall(r"^(features/\S+?::.+?)(?: PASSED.*)?$", output, re.MULTILINE)
