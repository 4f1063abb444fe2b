"""A small made project with steps of its own: reports are tested on it, not on the product's features."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from oneentry_scenarios.reporting.writer import ALLURE
from tests.conftest import ROOT, Outcome, Project

SECRET = "tok-5f3c9d1e7a"

FEATURE = Path(__file__).with_name("orders.feature.txt").read_text(encoding="utf-8")

CONFTEST = f'''\
import os
from types import SimpleNamespace

import pytest
from pytest_bdd import given, parsers, step, then, when

import oneentry_scenarios.cassettes.plugin
from oneentry_scenarios.api.body import Body
from oneentry_scenarios.api.exchange import Exchange, Request, Response
from oneentry_scenarios.cassettes.file import CassetteError
from oneentry_scenarios.cassettes.target import REDACTOR, TARGET
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Kind, Redactor
from oneentry_scenarios.shop.checks.compare import expect

pytest_plugins = [
    "oneentry_scenarios.gherkin.plugin",
    "oneentry_scenarios.reporting.failure",
    "oneentry_scenarios.reporting.plugin",
]
SECRET = "{SECRET}"


class Refused(Exception): pass
class Unreachable(Exception): pass


def pytest_addoption(parser):
    parser.addoption("--api", default="replay")


def pytest_run_notes():
    return {{"Created orders": f"1 order was created: 89, by {{SECRET}}.", "Left out": "2 skipped: not here"}}


def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(oneentry_scenarios.cassettes.plugin.Hooks)


def pytest_configure(config):
    config.stash[REDACTOR] = Redactor()
    config.stash[REDACTOR].learn(SECRET, Kind.SECRET)
    facts = {{"API": "replay", "Recorded from": "mock server, not OneEntry", "Whose": SECRET}}
    config.stash[TARGET] = SimpleNamespace(facts=lambda: facts)


@pytest.fixture
def answers():
    return []


@pytest.fixture
def call(request, answers):
    def make(method="POST", path="/api/orders?langCode=en_US", status=201, reason="Created"):
        # Nothing is redacted here: the report must do it.
        headers = (("x-app-token", SECRET), ("content-type", "application/json"))
        order = Body(json={{"products": [{{"productId": 14}}]}})
        sent = Request(method, "https://project.redacted.invalid" + path, headers, order)
        number = 88 + len(answers)
        body = Body(text=f'{{{{"id":{{number}},"totalSum":680.00,"note":"{{SECRET}}"}}}}')  # as text, because of 680.00
        received = Response(status, reason, headers[1:], body) if status else None
        operation = ".".join(["orders", "create_order"])  # as a client does, a new text for each call
        exchange = Exchange(operation, sent, received, "" if status else reason)
        answers.append(exchange)
        request.node.ihook.pytest_api_exchange(item=request.node, exchange=exchange)
    return make


@given("Christina is signed in")
def _(call):
    call(path="/api/auth")


@when("Christina orders:")
@when("Christina orders one")
@when(parsers.parse("Christina pays by {{account}}"))
def _(call):
    call()


@step("she writes")
@then(parsers.parse('the shop says "{{answer}}"'))
def _(): pass


@then(parsers.parse("she owes {{amount}} USD"))
def _(amount, call):
    call("GET", "/api/orders/89", 200, "OK")
    print("printed", SECRET)
    assert amount == "680.00", f"seen {{SECRET}} in {{__file__}}"


@then(parsers.parse("the first order costs {{amount}} USD"))
def _(amount, answers):
    fields = {{"account": ("cash", "cash"), "price": (f"{{amount}} USD", "680.00 USD")}}
    expect("The order", answers[1], fields, {{f"it keeps {{SECRET}}": (True, "nothing")}})


@pytest.fixture
def broken():
    raise RuntimeError(f"no cassette {{SECRET}}")


@when("a broken set-up is used")
def _(broken): pass


@when("the shop refuses")
def _(call):
    call(status=403, reason="Forbidden")
    raise Refused("orders.create_order returned 403: no")


@pytest.fixture
def dirty():
    yield
    raise RuntimeError("cannot clean")


@given("a broken clean-up")
def _(dirty): pass


@when(parsers.parse("this happens: {{code}}"))
def _(request, call, code):
    exec(code)
'''

SETTINGS = """\
[pytest]
addopts = -p no:faker -p no:anyio -p no:schemathesis -p no:hypothesispytest -p no:cacheprovider --strict-markers
    -p no:oneentry_scenarios.gherkin.lint
filterwarnings = error
markers =
    smoke: made
    slow: made
"""


@dataclass(frozen=True)
class Run(Outcome):
    """What a run of pytest printed, its exit code, and its Allure results."""

    directory: Path

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """The results by the scenario's name; every name is there once."""
        files = [json.loads(file.read_text(encoding="utf-8")) for file in self.directory.glob("*-result.json")]
        results = {result["name"]: result for result in files}
        assert len(results) == len(files)
        return results

    def attachment(self, attachment: dict[str, str]) -> str:
        """The content of an attachment."""
        return (self.directory / attachment["source"]).read_text(encoding="utf-8")


def category_of(result: dict[str, Any]) -> str:
    """The category that Allure puts a result into; empty if none. Allure 2 wants the whole trace to match."""
    rules = [rule for rule in ALLURE["categories"] if result["status"] in rule["matchedStatuses"]]
    trace = result.get("statusDetails", {}).get("trace", "")
    return next((str(rule["name"]) for rule in rules if re.fullmatch(rule["traceRegex"], trace)), "")


class Made(Project):
    """The made project."""

    @classmethod
    def at(cls, root: Path, **features: str) -> Self:
        """A project with these features, or with the one above."""
        (root / "features").mkdir()
        for name, text in (features or {"orders": FEATURE}).items():
            (root / "features" / f"{name}.feature").write_text(text, encoding="utf-8")
        (root / "conftest.py").write_text(CONFTEST, encoding="utf-8")
        (root / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        (root / "pyproject.toml").write_text('[project]\nname = "made"\nversion = "1.2.3"\n', encoding="utf-8")
        return cls(root)

    @property
    def runs(self) -> list[Path]:
        """The directories of all runs so far, oldest first."""
        parent = self.root / "reports" / "allure-results"
        return sorted(parent.iterdir()) if parent.is_dir() else []

    def run(self, *arguments: str, **variables: str) -> Run:
        """Run pytest, on the features unless `arguments` say otherwise."""
        outcome = super().run(*(arguments or ["features"]), **{"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | variables)
        return Run(outcome.code, outcome.output, self.runs[-1] if self.runs else self.root / "none")
