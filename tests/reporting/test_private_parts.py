"""Guards what we use of allure-pytest and pytest-bdd without their having promised it."""

from __future__ import annotations

import inspect

from allure_commons.reporter import AllureReporter
from allure_pytest.listener import AllureListener

from oneentry_scenarios.reporting.listener import ScenarioListener


def hooks_of(listener: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(listener, inspect.isroutine) if name.startswith("pytest_")}


def test_every_hook_of_allures_listener_is_known_to_ours() -> None:
    assert hooks_of(AllureListener) == {
        "pytest_runtest_protocol",
        "pytest_runtest_setup",
        "pytest_runtest_call",
        "pytest_runtest_teardown",
        "pytest_runtest_makereport",
        "pytest_runtest_logfinish",
        "pytest_fixture_setup",
        "pytest_fixture_post_finalizer",
    }


def test_of_allures_listener_only_what_we_replaced_hears_from_pytest() -> None:
    inherited = {name for name in hooks_of(ScenarioListener) if name not in vars(ScenarioListener)}
    assert inherited == set()
    assert not hooks_of(ScenarioListener) & {"pytest_fixture_setup", "pytest_runtest_setup", "pytest_runtest_teardown"}


def test_allures_listener_still_has_what_we_call() -> None:
    assert {"start_step", "attach_data"} <= set(dir(AllureListener))
    assert {"schedule_test", "stop_step", "close_test"} <= set(dir(AllureReporter))
