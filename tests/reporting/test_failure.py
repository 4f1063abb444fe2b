"""What happens to a scenario that fails: its text, what it costs, and that the traceback stops at the step."""

from __future__ import annotations

import re

import pytest

from tests.conftest import STORY, Project

#: Counts the calls of Python functions between the failed check and the finished report.
COUNT = """

import sys

CALLS = []

def count(frame, event, _):
    if event == "return" and frame.f_code.co_filename.endswith("compare.py"):
        CALLS.clear()
    elif event == "call":
        CALLS.append(f"{frame.f_code.co_filename}:{frame.f_code.co_name}")

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call():
    sys.setprofile(count)
    return (yield)

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call):
    report = yield
    if call.when == "call":
        sys.setprofile(None)
        print("calls after the check:", len(CALLS))
        if "-s" in sys.argv: print(*CALLS, sep="\\n")
    return report
"""


@pytest.fixture
def failing(project: Project) -> Project:
    project.edit(
        "oneentry_scenarios/shop/checks/orders.py", "int(quantity) for product", "int(quantity) + 1 for product"
    )
    return project


def test_a_failed_check_is_reported_in_few_calls(failing: Project) -> None:
    source = (failing.root / "conftest.py").read_text(encoding="utf-8")
    (failing.root / "conftest.py").write_text(source + COUNT, encoding="utf-8")
    print(failing.run(STORY, "-s").output)
    [calls] = re.findall(r"calls after the check: (\d+)", failing.run(STORY, "-s").output)
    assert int(calls) <= 150
