"""What would be green and wrong, or is against the house's rules for features, stops a run before any scenario."""

import re
from pathlib import Path

import pytest
from pytest_bdd.steps import StepFunctionContext

from oneentry_scenarios.gherkin.rules import banned_in
from oneentry_scenarios.gherkin.step_patterns import StepPattern
from oneentry_scenarios.problem import read_toml
from steps.words import phrase
from tests.conftest import Outcome, Project, example
from tools.checkout import ROOT, copy_product

#: Files for a project to copy; after `#!` in a line is what the lint says about it.
WRONG = Path(__file__).parent / "wrong"
#: What runs the lint as a check.
CHECKS = ("Makefile", "oneentry_scenarios/starter/template/Makefile", ".pre-commit-config.yaml")
MISTAKES = read_toml(__file__, "mistakes.toml")


def write(project: Project, name: str, source: str = "") -> list[str]:
    """Copy the file, without its marks; what the lint should say."""
    lines = (WRONG / f"{source or name}.txt").read_text(encoding="utf-8").splitlines()
    texts, findings = zip(*((text, found) for text, *found in (line.split("  #! ") for line in lines)), strict=True)
    (project.root / name).parent.mkdir(exist_ok=True)
    (project.root / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return [f"{name}:{number}: {each}" for number, found in enumerate(findings, 1) for each in found]


def add_steps(project: Project, name: str) -> list[str]:
    """Add steps to the project; what the lint should say."""
    project.edit("conftest.py", '"steps.orders",', f'"steps.orders",\n    "steps.{name}",')
    return write(project, f"steps/{name}.py")


def findings(outcome: Outcome) -> list[str]:
    """The lines of findings, of a run that did nothing else."""
    assert outcome.code == pytest.ExitCode.USAGE_ERROR, outcome.output
    head, said = outcome.output.split("ERROR: ", 1)
    assert "::" not in head
    count, *lines = said.strip().splitlines()
    assert count == f"No scenarios were run. Problems in features and steps: {len(lines)}"
    assert all(re.fullmatch(r"\S+:\d+: .+ - .+", line) for line in lines), lines
    return lines


def unexpected(said: list[str], expected: list[str]) -> list[str]:
    """What is said beyond `expected`, each of which is said once."""

    def fits(line: str, part: str) -> bool:
        place, _, problem = part.partition(": ")
        return line.startswith(f"{place}: ") and problem in line

    assert not [part for part in expected if sum(fits(line, part) for line in said) != 1], said
    return [line for line in said if not any(fits(line, part) for part in expected)]


@pytest.fixture(scope="module")
def said_of_mistakes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a run over a feature of each mistake says."""
    project = Project(tmp_path_factory.mktemp("mistakes"))
    copy_product(project.root, example())
    add_steps(project, "library")
    (project.root / "features/mistakes").mkdir()
    for name, mistake in MISTAKES.items():
        text = f"Feature: {name}\n{mistake['wrote']}".replace("NAME", name)
        (project.root / f"features/mistakes/{name}.feature").write_text(text, encoding="utf-8")
    outcome = project.run("features/mistakes", "--collect-only", "-q")
    assert outcome.code == pytest.ExitCode.USAGE_ERROR, outcome.output
    return outcome.output.splitlines()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_a_sentence_that_says_what_to_do(name: str, said_of_mistakes: list[str]) -> None:
    file = f"features/mistakes/{name}.feature:"
    assert [line.removeprefix(file) for line in said_of_mistakes if line.startswith(file)] == MISTAKES[name].get(
        "says", []
    )


def test_what_a_feature_must_not_be(project: Project) -> None:
    sources = {"forms": "forms", "rows": "rows", "aux": "device"}  # Windows cannot check out a file called aux
    written = {f"features/{name}.feature": f"features/{source}.feature" for name, source in sources.items()}
    expected = [each for name, source in written.items() for each in write(project, name, source)]
    said = findings(project.run(*written, "--collect-only", "-q"))
    assert unexpected(said, expected) == []
    advice = "\n".join(said)
    of_other_keyword = (
        r"the text belongs to `Then the shop refuses the request` \(steps/refusals.py:\d+\): use its keyword"
    )
    assert re.search(of_other_keyword, advice)
    assert re.search(r"did you mean `Then the shop refuses the request` \(steps/refusals.py:\d+\)", advice)


def test_what_a_step_must_not_be_and_what_must_not_repeat(project: Project) -> None:
    expected = [
        *add_steps(project, "made"),
        *write(project, "features/then/refunds.feature"),
        *write(project, "features/then/bare.feature"),
        "features/Other.Feature:1: this is not a .feature file, so it never runs",
        "features/other.feature.txt:1: this is not a .feature file, so it never runs",
        "steps/astray.feature:1: this feature is outside features/, so it never runs",
        "features/empty.feature:1: the file is empty",
        "features/latin.feature:2: not a UTF-8 file",
    ]
    for name, content in {
        "Other.Feature": b"",
        "other.feature.txt": b"",
        "README.md": b"",
        ".hidden": b"",
        "empty.feature": b"",
        "latin.feature": b"Feature: L\n  Scenario: \xe9\n",
        "../steps/astray.feature": b"",
    }.items():
        (project.root / "features" / name).write_bytes(content)
    said = findings(project.run("-n", "2"))
    others = "\n".join(unexpected(said, expected))
    assert re.search(r"2 step patterns match `Then the shop refuses the request`: .*\(steps/made.py:7\)", others)


def test_what_is_left_over_is_a_warning_while_writing_and_an_error_in_a_check(project: Project) -> None:
    add_steps(project, "library")
    project.edit("steps/words.py", '        "Words":', '        "Unused": ArgumentType("x", "an x"),\n        "Words":')
    expected = [
        "steps/library.py:27: unused step `{person:Person} has lent ",
        "steps/library.py:28: unused step `{person:Person} lends {count",
        "steps/library.py:48: unused step `the book is away` - use it or delete it",
        ": unused argument type Unused - ",
    ]
    warned = project.run("features", "-q")
    assert warned.code == pytest.ExitCode.OK, warned.output
    assert len(re.findall(r"PytestWarning: unused .*? - (?:use|delete)", warned.output)) == 11
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in CHECKS]
    [arguments] = {found[1] for text in texts if (found := re.search(r"/pytest (.*-qq features)", text))}
    said = findings(project.run(*arguments.split()))
    assert [sum(each in line for line in said) for each in expected] == [1] * 4
    assert len(said) == 11
    (project.root / "features/torn.feature").write_text("Feature: T\n  Scenario: S\n    Given a\n    Gven b\n")
    assert len(findings(project.run("features", "-W", "error"))) == 1
    (project.root / "features/torn.feature").unlink()
    (project.root / "features/ordering.feature").unlink()
    assert (
        project.run("features/payment_sessions.feature", "-W", "error", "--collect-only", "-q").code
        == pytest.ExitCode.OK
    )


def test_a_refusal_may_be_quoted_in_any_words(project: Project) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (project.root / "features").glob("*.feature")}
    file, said = next((path, found[1]) for path, text in texts.items() if (found := re.search(r'message "(.+)"', text)))
    feature, checks = f"features/{file.name}", "oneentry_scenarios/shop/checks/refusals.toml"
    project.edit(checks, "= 400", "= 418")
    project.edit(checks, "= 403", "= 418")
    project.run(feature).expect(pytest.ExitCode.TESTS_FAILED, "status: expected 418, got 40")
    project.edit(checks, "[status_by_words]", "[status_by_words]\n[unused]")
    assert project.run(feature).code == pytest.ExitCode.OK
    project.edit(feature, f'"{said}"', '"We said "no""')
    project.run(feature).expect(pytest.ExitCode.TESTS_FAILED, f'message: expected We said "no", got {said}')


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
    pattern = StepPattern(context, "steps/x.py", 1)
    assert pattern.matches("given", "Ben sings")
    assert not pattern.matches("given", "ben sings")
    assert not pattern.matches("then", "Ben sings")
