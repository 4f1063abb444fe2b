"""Makes the projects that are measured: ours with copies of the story, and what it is compared with."""

import json
import re
import shutil
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pytest_bdd.parser import FeatureParser, Step

from oneentry_scenarios.redaction.placeholders import Kind, claims_of, make_token
from tools.benchmarks import peers
from tools.benchmarks.measure import PYTEST, Tool
from tools.checkout import ROOT, measured

STORY = "A customer can open a payment session for a new order"
FEATURE = "features/order_payment.feature"
CASSETTE = f"cassettes/order_payment/{STORY.lower().replace(' ', '-')}.json"
#: About the size of a large feature file in a real suite.
SCENARIOS_A_FILE = 50
_FEATURE, _NAME = "Paying for orders, part {:03}", "A payment session is opened for order {:05}"
_ORDER_ID, _SESSION_ID = 89, 46

#: Each file's number, and the numbers of its scenarios.
Files = list[tuple[int, range]]


@dataclass(frozen=True)
class Variant:
    """A kind of project: its name, its folder and how it runs: with options, or as shards, so many at a time."""

    name: str
    folder: str
    tests: str
    writes_results: bool = True
    tool: Tool = PYTEST
    options: tuple[str, ...] = ()
    shards_at_a_time: int = 0


NO_OP_TESTS = Variant("pytest, tests that do nothing", "pytest", "tests", writes_results=False)
NO_OP_STEPS = Variant("pytest-bdd, steps that do nothing", "pytest_bdd", "tests", writes_results=False)
BASELINE = Variant("the same with Allure: the baseline", "pytest_bdd", "tests")
OURS = Variant("this suite, everything switched on", "ours", "features/story")
BEHAVE = Variant("behave, vcrpy, httpx, Allure", "behave", "features", tool=peers.BEHAVE)
CUCUMBER = Variant("cucumber-js, Polly.js, Allure", "cucumber", "features", tool=peers.CUCUMBER)
WORKERS = replace(OURS, name="2 workers of xdist", options=("-n", "2"))
SHARDS = replace(OURS, name="2 shards, one after the other", shards_at_a_time=1)
SHARDS_TOGETHER = replace(OURS, name="2 shards, at the same time", shards_at_a_time=2)
VARIANTS = (NO_OP_TESTS, NO_OP_STEPS, BASELINE, OURS)
TOGETHER = (WORKERS, SHARDS, SHARDS_TOGETHER)
PEERS = (BEHAVE, CUCUMBER)


def make_projects(below: Path, count: int) -> None:
    """Make a project of each kind that is set up, with `count` scenarios, in the folders that the variants name."""
    starts = range(1, count + 1, SCENARIOS_A_FILE)
    files = [(number, range(first, min(first + SCENARIOS_A_FILE, count + 1))) for number, first in enumerate(starts, 1)]
    (below / "pytest" / "tests").mkdir(parents=True)
    for number, names in files:
        tests = "\n\n".join(f"def test_{index:05}():\n    pass\n" for index in names)
        (below / "pytest" / "tests" / f"test_{number:03}.py").write_text(tests, encoding="utf-8")
    _configure(below / "pytest")
    _make_pytest_bdd(below / "pytest_bdd", files)
    _make_ours(below / "ours", files)
    if peers.are_set_up():
        peers.make_projects(below, below / "ours")


def steps_of_story() -> list[Step]:
    """Return the story's steps, with those of its background."""
    feature = FeatureParser(str(measured()), FEATURE).parse()
    [story] = [each for each in feature.scenarios.values() if each.name == STORY]
    return story.steps


def _configure(project: Path) -> None:
    """The same pytest options as ours, without our plugins."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    kept = {name: ours[name] for name in ("strict", "addopts", "xfail_strict", "filterwarnings", "markers")}
    # JSON's lists, texts and booleans are TOML's.
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in kept.items())
    (project / "pyproject.toml").write_text(f'[tool.pytest]\ntestpaths = ["tests"]\n{lines}', encoding="utf-8")


def _make_pytest_bdd(project: Path, files: Files) -> None:
    peers.copy_template("pytest_bdd", project)
    _write_features(project / "features", files)
    with (project / "tests" / "test_features.py").open("a", encoding="utf-8") as file:
        for number, step in enumerate(steps_of_story()):
            file.write(f"\n\n@{step.type}({step.name!r})\ndef step_{number}():\n    pass\n")
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
            file = folder / f"{_NAME.format(index).lower().replace(' ', '-')}.json"
            file.write_text(json.dumps(_cassette(number, index), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_features(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    blocks = (measured() / FEATURE).read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    [story] = [block for block in blocks if f"Scenario: {STORY}\n" in block]
    head = blocks[: blocks.index(story)]  # with the background
    for number, names in files:
        scenarios = [story.replace(f"Scenario: {STORY}\n", f"Scenario: {_NAME.format(index)}\n") for index in names]
        text = re.sub(r"Feature: .*", f"Feature: {_FEATURE.format(number)}", "\n\n".join(head + scenarios), count=1)
        (folder / f"orders_{number:03}.feature").write_text(text + "\n", encoding="utf-8")


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
    cassette["scenario"] |= {"feature": _FEATURE.format(number), "name": _NAME.format(index)}
    return cassette
