"""What would be green and wrong, or is against the house's rules for features, stops a run before any scenario."""

import re

import pytest
from pytest_bdd.steps import StepFunctionContext

from oneentry_scenarios.gherkin.rules import banned_in
from oneentry_scenarios.gherkin.wordings import Wording
from steps.words import phrase
from tests.conftest import Outcome, Project

#: The lines of a feature, each with what the lint says about it.
Lines = list[tuple[str, list[str]]]

ORDER = '    When Christina orders 1 "Product 14", to be paid by "cash"'
CONFIRMED = "    Then the order is confirmed as placed, at the price of its products"
NOT_REGISTERED = "the tag @unheard is not registered"

FORMS: Lines = [
    ("@unheard", [NOT_REGISTERED]),
    (
        "Feature: Forms in JSON",
        [
            '"JSON" is how it is written',
            '"/orders" is a path',
            '"Given Ben has signed in" is read as prose, not as a step',
        ],
    ),
    ("  Prose may say that they get away, but not /orders.", []),
    ("  Bakground:", []),
    ("  Given Ben has signed in", []),
    ("  Background:", ['"Gven Christina has signed in" is no step and would be passed over']),
    ("    Gven Christina has signed in", []),
    ("    Given <person> has signed in", ["nothing replaces <person>"]),
    ("    And Ben signs with a header", ['"header" is a part of a request', "no step has the words"]),
    ("  Scenario: Twice", []),
    (ORDER, []),
    (CONFIRMED, []),
    ("  Scenario:", ["the scenario has no name"]),
    (ORDER, []),
    (CONFIRMED, []),
    ("  Scenario: A first step is misspelt", ['"Gven Christina has signed in" is no', "the scenario has no steps"]),
    ("    Gven Christina has signed in", []),
    ("  @severity:critical @severity:minor", []),
    ("  Scenario: Nothing is proved", ["the scenario has no Then", "more than one severity"]),
    ("    And Christina has signed in", ["the first step begins with And"]),
    ("  Scenario: Much happens", ["the scenario has 7 steps"]),
    (ORDER, []),
    (CONFIRMED, []),
    (ORDER, ["a When after a Then"]),
    (CONFIRMED, []),
    ("    Given Christina has signed in", ["a Given after a Then"]),
    ("    When Christina signs in", []),
    ("    Then the shop refuses", []),
    ("  Scenario: Twice, or", []),
    ("    Then the shop refuses", []),
    ("  Scenario: Twice - or", ['a scenario with the cassette "forms/twice-or" is also in features/forms.feature:29']),
    ("    Then the shop refuses", []),
    ("  Rule: Empty", ["Rule: Empty has no scenario"]),
    ("  Rule: Others", []),
    ("    Scenario: twice", ['a scenario with the name "twice" is also in features/forms.feature:10']),
    ("      Then the shop refuses", []),
    ("    Scenario: A table and a text that no step reads", []),
    ("      Given a buyer of any name", ["ignores the table"]),
    ("        | a |", []),
    ("      When Christina signs in", ["ignores the text in quotes"]),
    ('        """', []),
    ("        a status code", ['"status code" is how HTTP says it']),
    ('        """', []),
    ('      And Christina orders, to be paid by "cash":', ["needs a table below it"]),
    ("      Then the shop refuses", []),
    ("    Scenario: Words of another keyword", []),
    ("      When the shop refuses", ["no step has the words `When the shop refuses`"]),
    ("      Then the shop refuses at 404", ["no step has the words", '"404" is a status number']),
    ("      And <singer> sings for 12.00 EUR", ["nothing replaces <singer>", '"12.00 EUR" is money as a figure']),
]

EXAMPLES: Lines = [
    ("Feature: Rows", []),
    ("  Scenario Outline: Signing in as <who>", []),
    ("    When <who> signs in", ["no step has the words `When Maya signs in`"]),
    ("    Then the shop knows <other>", []),
    ("    @unheard", [NOT_REGISTERED]),
    ("    Examples:", ["nothing uses the column unused", "the Examples have no column other"]),
    ("      | who  | unused |", []),
    ("      | Ben  |        |", []),
    ("      | Maya | 2      |", []),
    ("      | Ben  |        |", ["this row repeats the one of line 8"]),
    ("      | <x>  | 340 €  |", ["<x> in a row would be taken literally", '"340 €" is money as a figure']),
    ("    Examples:", ["these Examples have no rows"]),
    ("      | who | other |", []),
    ("    Examples:", ["two columns of the Examples have the same name", "the Examples have no column other"]),
    ("      | who       | who |", []),
    ("      | Christina | Ben |", []),
    ("  Scenario: Signing in as Maya", ['the name "Signing in as Maya" is also in features/rows.feature:2']),
    ("    Then the shop refuses", []),
    ("  Scenario Outline: An empty cell means what it says", []),
    ("    Then the shop refuses<nothing>", []),
    ("    Examples:", []),
    ("      | nothing |", []),
    ("      |         |", []),
]
DEVICE: Lines = [
    ("Feature: Named like a device", ['Windows has no file "aux.feature"']),
    ("  Scenario: An order is confirmed", []),
    (ORDER, []),
    (CONFIRMED, []),
]


def write(project: Project, name: str, lines: Lines) -> list[str]:
    """Write the feature; what the lint should say."""
    (project.root / name).parent.mkdir(exist_ok=True)
    (project.root / name).write_text("\n".join(text for text, _findings in lines) + "\n", encoding="utf-8")
    return [f"{name}:{number}: {each}" for number, (_text, findings) in enumerate(lines, 1) for each in findings]


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
    written = {"features/forms.feature": FORMS, "features/rows.feature": EXAMPLES, "features/aux.feature": DEVICE}
    expected = [each for name, lines in written.items() for each in write(project, name, lines)]
    said = findings(project.run(*written, "--collect-only", "-q"))
    assert unexpected(said, expected) == []
    advice = "\n".join(said)
    of_other_keyword = r"these words belong to `Then the shop refuses` \(steps/refusals.py:\d+\): begin the line with"
    assert re.search(of_other_keyword, advice)
    assert re.search(r"the closest is `Then the shop refuses` \(steps/refusals.py:\d+\)", advice)


def test_what_a_step_must_not_be_and_what_must_not_repeat(project: Project) -> None:
    (project.root / "steps" / "made.py").write_text(
        "from pytest_bdd import given, parsers, then\n"
        "from steps.words import phrase\n\n"
        "@then('the shop sleeps')\n"
        "async def sleeps() -> None: ...\n\n"
        "@then(parsers.parse('the shop {what}'))\n"
        "def anything(what): ...\n\n"
        "@given(phrase('{number:d} things'))\n"
        "def things(): ...\n\n"
        "@given('a {gap:Number} in plain words')\n"
        "def plain(gap): ...\n"
    )
    project.edit("conftest.py", '"steps.orders",', '"steps.orders",\n    "steps.made",')
    project.edit("steps/words.py", '        "Words":', '        "Unused": argument_type("x"),\n        "Words":')
    expected = [
        "steps/made.py:4: sleeps is an async def, which nobody awaits",
        "steps/made.py:4: no line uses `the shop sleeps`",
        "steps/made.py:7: `the shop {what}` is not made by phrase",
        "steps/made.py:7: the step argument {what} has no known type",
        "steps/made.py:10: the step argument {number:d} has no known type",
        "steps/made.py:10: things ignores the step argument {number:d}",
        "steps/made.py:10: no line uses `{number:d} things`",
        "steps/made.py:13: `a {gap:Number} in plain words` is not made by phrase",
        "steps/made.py:13: no line uses `a {gap:Number} in plain words`",
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
    expected += write(
        project,
        "features/then/paying.feature",
        [
            (
                "Feature: Ordering",
                ['the name "Ordering" is also in features/ordering.feature', 'the file name "paying" is also in'],
            ),
            ("  Scenario: Several products are added up", ["is also in features/ordering.feature:"]),
            ("    Then the shop refuses", []),
        ],
    )
    expected += write(
        project, "features/then/bare.feature", [("Feature:", ["the feature has no name", "has no scenario"])]
    )
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
