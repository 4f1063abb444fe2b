"""Makes the projects that are measured: ours with copies of the story, and the floors it is compared with."""

import json
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_bdd.parser import FeatureParser

from oneentry_scenarios.redaction.placeholders import Kind, claims_of, make_token
from tools.checkout import ROOT, measured

STORY = "A customer can open a payment session for a new order"
FEATURE = "features/order_payment.feature"
CASSETTE = "cassettes/order_payment/a-customer-can-open-a-payment-session-for-a-new-order.json"
#: About the size of a large feature file in a real suite.
SCENARIOS_A_FILE = 50
_ORDER_ID, _SESSION_ID = 89, 46

#: Each file's number, and the numbers of its scenarios.
Files = list[tuple[int, range]]

_BINDING = '''"""Binds the features as pytest-bdd's manual says; each line of the story is a step that does nothing."""

from pytest_bdd import given, scenarios, then, when

scenarios("../features")

'''
_CONFTEST = '''"""`@severity:critical` is no mark; everything else is as it comes."""


def pytest_bdd_apply_tag(tag, function):
    return True if ":" in tag else None
'''


@dataclass(frozen=True)
class Variant:
    """A kind of project: its name, its folder and how it runs."""

    name: str
    folder: str
    tests: str
    writes_results: bool


PYTEST = Variant("pytest, tests that do nothing", "pytest", "tests", writes_results=False)
PYTEST_BDD = Variant("pytest-bdd, steps that do nothing", "pytest_bdd", "tests", writes_results=False)
FLOOR = Variant("the same with Allure: the floor", "pytest_bdd", "tests", writes_results=True)
OURS = Variant("this suite, everything switched on", "ours", "features/story", writes_results=True)
VARIANTS = (PYTEST, PYTEST_BDD, FLOOR, OURS)


def make_projects(below: Path, count: int) -> None:
    """Make a project of each kind with `count` scenarios, in the folders that the variants name."""
    starts = range(1, count + 1, SCENARIOS_A_FILE)
    files = [(number, range(first, min(first + SCENARIOS_A_FILE, count + 1))) for number, first in enumerate(starts, 1)]
    (below / "pytest" / "tests").mkdir(parents=True)
    for number, names in files:
        tests = "\n\n".join(f"def test_{index:05}():\n    pass\n" for index in names)
        (below / "pytest" / "tests" / f"test_{number:03}.py").write_text(tests, encoding="utf-8")
    _configure(below / "pytest")
    _make_pytest_bdd(below / "pytest_bdd", files)
    _make_ours(below / "ours", files)


def _configure(project: Path) -> None:
    """The same pytest options as ours, without our plugins."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    kept = {name: ours[name] for name in ("strict", "addopts", "xfail_strict", "filterwarnings", "markers")}
    # JSON's lists, texts and booleans are TOML's.
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in kept.items())
    (project / "pyproject.toml").write_text(f'[tool.pytest]\ntestpaths = ["tests"]\n{lines}', encoding="utf-8")


def _make_pytest_bdd(project: Path, files: Files) -> None:
    (project / "tests").mkdir(parents=True)
    _write_features(project / "features", files)
    feature = FeatureParser(str(measured()), FEATURE).parse()
    [story] = [each for each in feature.scenarios.values() if each.name == STORY]
    steps = [
        f"@{step.type}({step.name!r})\ndef step_{number}():\n    pass\n" for number, step in enumerate(story.steps)
    ]
    (project / "tests" / "test_features.py").write_text(_BINDING + "\n\n".join(steps), encoding="utf-8")
    (project / "tests" / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    _configure(project)


def _make_ours(project: Path, files: Files) -> None:
    project.mkdir()
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, project / name)
    for name in ("steps", "oneentry_scenarios"):
        (project / name).symlink_to(ROOT / name, target_is_directory=True)
    _write_features(project / "features" / "story", files)
    # The run names the folder story/, so the lint does not report steps that only other features use.
    (project / "features" / "README.md").write_text("Copies of the story.\n", encoding="utf-8")
    for number, names in files:
        feature = f"orders_{number:03}"
        folder = project / "cassettes" / feature
        folder.mkdir(parents=True)
        for index in names:
            cassette = json.dumps(_cassette(number, index), indent=2, ensure_ascii=False)
            (folder / f"{_name(index).lower().replace(' ', '-')}.json").write_text(cassette + "\n", encoding="utf-8")


def _write_features(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    blocks = (measured() / FEATURE).read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    [story] = [block for block in blocks if f"Scenario: {STORY}\n" in block]
    head = blocks[: blocks.index(story)]  # with the background
    for number, names in files:
        scenarios = [story.replace(f"Scenario: {STORY}\n", f"Scenario: {_name(index)}\n") for index in names]
        text = "\n\n".join(head + scenarios).replace(
            "Feature: From order to payment session", f"Feature: {_feature(number)}"
        )
        (folder / f"orders_{number:03}.feature").write_text(text + "\n", encoding="utf-8")


def _feature(number: int) -> str:
    return f"Paying for orders, part {number:03}"


def _name(index: int) -> str:
    return f"A payment session is opened for order {index:05}"


def _cassette(number: int, index: int) -> Any:
    """The story's cassette as if recorded for this scenario: ids and tokens differ from one to the next."""
    text = (measured() / CASSETTE).read_text(encoding="utf-8")
    [token] = set(re.findall(r"eyJ[\w.-]+", text))
    for old, new in {
        re.escape(token): make_token(Kind.ACCESS_TOKEN, 1, (claims_of(token) or {}) | {"id": index}),
        rf'("id": |"orderId": |order/){_ORDER_ID}\b': rf"\g<1>{1000 + index}",
        rf'("id": ){_SESSION_ID}\b': rf"\g<1>{5000 + index}",
    }.items():
        text, count = re.subn(old, new, text)
        if not count:
            raise ValueError(f"the story's cassette has no {old}: if it was recorded again, correct the numbers here")
    cassette = json.loads(text)
    cassette["scenario"] |= {"feature": _feature(number), "name": _name(index)}
    return cassette
