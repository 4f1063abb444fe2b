"""Our search for step definitions finds what pytest-bdd's own finds, in the same order; and it can be left out."""

from __future__ import annotations

from tests.conftest import Project

#: Runs both searches for each line, and says which differ.
BOTH = """
import sys
import pytest
from pytest_bdd import step

SCENARIOS = sys.modules["pytest_bdd.scenario"]
ORIGINAL = SCENARIOS.find_fixturedefs_for_step

@step("the shop knows Christina")
def anything():
    pass

@pytest.fixture(autouse=True)
def both(request):
    from oneentry_scenarios.gherkin import lookup
    assert ORIGINAL is not lookup.find_definitions
    for line in SCENARIOS.scenario_wrapper_template_registry[request.node.obj].render({}).steps:
        own, theirs = (
            [id(each) for each in search(line, request._fixturemanager, request.node)]
            for search in (lookup.find_definitions, ORIGINAL)
        )
        assert own == theirs
        print(f"{line.name}: {len(own)}")
"""
FEATURE = """Feature: Two

  Scenario: One line fits several steps
    When Christina signs in
    Then the shop knows Christina
"""


def test_both_searches_find_the_same(project: Project) -> None:
    (project.root / "features" / "below").mkdir()
    (project.root / "features" / "below" / "two.feature").write_text(FEATURE)
    source = (project.root / "conftest.py").read_text(encoding="utf-8")
    (project.root / "conftest.py").write_text(source + BOTH, encoding="utf-8")
    # A definition that only this folder sees, under the name of one that all see.
    (project.root / "features" / "below" / "conftest.py").write_text(
        'from pytest_bdd import step\n\n@step("the shop knows Christina")\ndef here():\n    pass\n'
    )
    outcome = project.run("-s", "-p", "no:oneentry_scenarios.gherkin.lint", "--api=mock", "features/below")
    assert outcome.code == 0, outcome.output
    assert "the shop knows Christina: 3\n" in outcome.output
    assert "Christina signs in: 1\n" in outcome.output


def test_it_can_be_left_out(project: Project) -> None:
    source = (project.root / "conftest.py").read_text(encoding="utf-8")
    hook = (
        "def pytest_unconfigure():\n    import sys\n"
        '    print("search:", sys.modules["pytest_bdd.scenario"].find_fixturedefs_for_step.__module__)\n'
    )
    (project.root / "conftest.py").write_text(f"{source}\n\n{hook}", encoding="utf-8")
    for arguments, module in (
        ((), "oneentry_scenarios.gherkin.lookup"),
        (("-p", "no:oneentry_scenarios.gherkin.lookup"), "pytest_bdd"),
    ):
        outcome = project.run("-s", "features/order_payment.feature", *arguments)
        assert outcome.code == 0, outcome.output
        assert f"search: {module}" in outcome.output
