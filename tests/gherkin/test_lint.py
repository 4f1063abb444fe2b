"""What would be green and wrong, or is against the house's rules for features, stops a run before any scenario."""

import re
from pathlib import Path

import pytest
from pytest_bdd.steps import StepFunctionContext

from oneentry_scenarios.gherkin.rules import banned_in
from oneentry_scenarios.gherkin.wordings import Wording
from steps.words import phrase
from tests.conftest import Outcome, Project

#: Files for a project to copy; after `#!` in a line is what the lint says about it.
WRONG = Path(__file__).parent / "wrong"


def write(project: Project, name: str, source: str = "") -> list[str]:
    """Copy the file, without its marks; what the lint should say."""
    lines = (WRONG / f"{source or name}.txt").read_text(encoding="utf-8").splitlines()
    texts, findings = zip(*((text, found) for text, *found in (line.split("  #! ") for line in lines)), strict=True)
    (project.root / name).parent.mkdir(exist_ok=True)
    (project.root / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return [f"{name}:{number}: {each}" for number, found in enumerate(findings, 1) for each in found]


def findings(outcome: Outcome) -> list[str]:
    """The lines of findings, of a run that did nothing else."""
    assert outcome.code == pytest.ExitCode.USAGE_ERROR, outcome.output
    head, said = outcome.output.split("ERROR: Nothing was run: the features are not as they should be (", 1)
    assert "::" not in head
    count, *lines = said.strip().splitlines()
    assert count == f"{len(lines)})."
    assert all(re.fullmatch(r"\S+:\d+: .+ - .+", line) for line in lines), lines
    return lines


def unexpected(said: list[str], expected: list[str]) -> list[str]:
    """What is said beyond `expected`, each of which is said once."""

    def fits(line: str, part: str) -> bool:
        place, _, problem = part.partition(": ")
        return line.startswith(f"{place}: ") and problem in line

    assert not [part for part in expected if sum(fits(line, part) for line in said) != 1], said
    return [line for line in said if not any(fits(line, part) for part in expected)]


def test_what_a_feature_must_not_be(project: Project) -> None:
    sources = {"forms": "forms", "rows": "rows", "aux": "device"}  # Windows cannot check out a file called aux
    written = {f"features/{name}.feature": f"features/{source}.feature" for name, source in sources.items()}
    expected = [each for name, source in written.items() for each in write(project, name, source)]
    said = findings(project.run(*written, "--collect-only", "-q"))
    assert unexpected(said, expected) == []
    advice = "\n".join(said)
    of_other_keyword = r"these words belong to `Then the shop refuses` \(steps/refusals.py:\d+\): begin the line with"
    assert re.search(of_other_keyword, advice)
    assert re.search(r"the closest is `Then the shop refuses` \(steps/refusals.py:\d+\)", advice)


def test_what_a_step_must_not_be_and_what_must_not_repeat(project: Project) -> None:
    project.edit("conftest.py", '"steps.orders",', '"steps.orders",\n    "steps.made",')
    project.edit("steps/words.py", '        "Words":', '        "Unused": argument_type("x"),\n        "Words":')
    expected = [
        *write(project, "steps/made.py"),
        *write(project, "features/then/paying.feature"),
        *write(project, "features/then/bare.feature"),
        "features/Other.Feature:1: this file is no feature and never runs",
        "features/other.feature.txt:1: this file is no feature and never runs",
        "features/empty.feature:1: empty.feature is not a feature file that can be read",
        "features/latin.feature:2: latin.feature is not a feature file that can be read",
        "features/torn.feature:4: torn.feature is not a feature file that can be read",
    ]
    for name, content in {
        "Other.Feature": b"",
        "other.feature.txt": b"",
        "README.md": b"",
        ".hidden": b"",
        "empty.feature": b"",
        "latin.feature": b"Feature: L\n  Scenario: \xe9\n",
        "torn.feature": b"Feature: T\n  Scenario: S\n    Given a\n    Gven b\n",
    }.items():
        (project.root / "features" / name).write_bytes(content)
    said = findings(project.run("-n", "2"))
    others = "\n".join(unexpected(said, expected))
    assert re.search(r"steps/words.py:\d+: no wording has a step argument of the type Unused - ", others)
    assert re.search(r"2 wordings match `Then the shop refuses`: .*\(steps/made.py:7\)", others)


def test_only_a_run_over_all_features_looks_for_what_is_left_over(project: Project) -> None:
    (project.root / "features" / "ordering.feature").unlink()
    assert project.run("features", "--collect-only", "-q").code == pytest.ExitCode.USAGE_ERROR
    alone = project.run("features/paying.feature", "--collect-only", "-q")
    assert alone.code == pytest.ExitCode.OK, alone.output


ALLOWED = """\
Christina gets 200 of them, at half the price, and/or 24/7
the post arrives; no customer deletes or patches an options list
the theory is there; 1404 pieces and 40.4 metres
Several products and USD as a currency
Christina orders 404 "Product 14"
"""
BANNED = "POST|response code|endpoint|request body|/api/orders|HTTP|Header|422|$ 12|€<x>"


@pytest.mark.parametrize(
    ("texts", "in_a_name", "in_a_step"),
    [(ALLOWED.splitlines(), 0, 0), (BANNED.split("|"), 1, 1), (["she", "He", "her", "his", "they"], 0, 1)],
    ids=["allowed", "banned", "banned in steps"],
)
def test_words_are_allowed_or_banned(texts: list[str], in_a_name: int, in_a_step: int) -> None:
    for text in texts:
        found = [len(banned_in(f"seen: {text}", is_step=is_step)) for is_step in (False, True)]
        assert found == [in_a_name, in_a_step], text


def test_a_wording_matches_its_own_keyword_and_case_only() -> None:
    context = StepFunctionContext("given", lambda: None, phrase("{person:Person} sings"))
    wording = Wording(context, "steps/x.py", 1)
    assert wording.matches("given", "Ben sings")
    assert not wording.matches("given", "ben sings")
    assert not wording.matches("then", "Ben sings")
