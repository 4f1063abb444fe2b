"""What exists only for speed changes no result, can be left out, and says which private part has moved."""

import pytest

from oneentry_scenarios.problem import read_toml
from tests.conftest import STORY, Project

TEXTS = read_toml(__file__, "speed.toml")
LEFT_OUT = ("-p", "no:oneentry_scenarios.speed")


def test_all_scenarios_pass_without_it(project: Project) -> None:
    project.add_to_conftest("\ndef pytest_unconfigure():\n    import sys\n    print('imported:', *sys.modules)\n")
    for options, is_used in (((), True), (LEFT_OUT, False)):
        outcome = project.run("features", "-s", *options)
        assert outcome.code == 0, outcome.output
        imported = outcome.output.split("imported:")[1].split()
        assert "oneentry_scenarios.reporting.failure" in imported
        assert ("oneentry_scenarios.speed" in imported) == is_used
        assert ({"asyncio.events", "yaml.loader", "urllib3", "click"}.isdisjoint(imported)) == is_used


def test_both_searches_find_the_same_definitions(project: Project) -> None:
    (project.root / "features" / "below").mkdir()
    for file in ("two.feature", "below/two.feature"):
        (project.root / "features" / file).write_text(TEXTS["FEATURE"])
    project.add_to_conftest(TEXTS["BOTH"])
    # A definition that only this folder sees, under the name of one that all see.
    (project.root / "features" / "below" / "conftest.py").write_text(
        'from pytest_bdd import step\n\n@step("nothing has changed")\ndef here():\n    pass\n'
    )
    project.run("-s", "-p", "no:oneentry_scenarios.gherkin.lint", "--api=mock", "-k", "several").expect(
        0, "nothing has changed: anything\n", "nothing has changed: here\n", "Christina signs in: signs_in\n"
    )


def test_a_scenario_that_is_over_is_forgotten_after_all_reporters_have_read_it(project: Project) -> None:
    project.add_to_conftest(TEXTS["WATCH"])
    outcome = project.run("-s", "--cucumber-json=steps.json", "features/order_payment.feature")
    assert "kept: 0, 0, 0, 0." in outcome.output, outcome.output
    steps = (project.root / "steps.json").read_text(encoding="utf-8")
    assert "Christina opens a payment session for the order" in steps


@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ("del module('pytest_bdd.scenario').get_step_function", "get_step_function"),
        ("module('pytest_bdd.scenario').inject_fixture = module", "inject_fixture"),
        ("del module('pytest_bdd.reporting').scenario_reports_registry", "scenario_reports_registry"),
        ("module('_pytest.fixtures').FixtureRequest.__init__ = lambda self: None", "FixtureRequest"),
    ],
)
def test_a_private_part_that_has_moved_is_named(project: Project, moved: str, named: str) -> None:
    project.add_to_conftest(f"\nfrom importlib import import_module as module\n{moved}\n")
    project.run(STORY).expect(
        pytest.ExitCode.USAGE_ERROR, "uses private parts of pytest", named, "-p no:oneentry_scenarios.speed"
    )
