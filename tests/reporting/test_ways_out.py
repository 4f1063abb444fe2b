"""However a run fails or stops, and whatever it is asked to show: no secret is printed or written, in no spelling."""

import base64
import html
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from oneentry_scenarios.redaction.redactor import Kind
from tests.reporting.made import Made

#: By kind; only that it is known says of each that it is secret. The end is what a comparison shows of it.
SECRETS = {
    Kind.PASSWORD: "pä\"ss<w>&o%s/{rd}'Ky7Qz3Wm9Tx2",
    Kind.APP_TOKEN: "app token/+Zd8Rf4Lk1Vb6",
    Kind.ACCESS_TOKEN: "access" * 9 + "Hn5Jc2Xs7Gp4",
    Kind.REFRESH_TOKEN: "refreshMw6Bv9Yt3Kq8",
    Kind.CLIENT_SECRET: "pi|Dx4Sg7Nf2Lh5",
    Kind.CHECKOUT_LINK: "https:checkout#Pc3Vr8Zj6Fw1",
}
CONFTEST = """

import json, logging, sys, warnings
import allure
from oneentry_scenarios.cassettes.file import ProjectAndUsers

with open(f"{os.path.dirname(__file__)}/secrets.json", encoding="utf-8") as file:
    SPELLED = json.load(file)
VALUES = [each[0] for each in SPELLED.values()]
CUT = [each[:-4] + "none" for each in VALUES]
say = " ".join(["said", *sum(SPELLED.values(), [])])


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    config.stash[REDACTOR] = redactor = Redactor()
    config.stash[TARGET] = SimpleNamespace(facts=lambda: {"API": "replay"})
    is_controller = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    for kind, spelled in SPELLED.items() if not is_controller else ():  # only where scenarios run, secrets are learned
        redactor.learn(spelled[0], Kind(kind))


def stop(how, *secrets, said=say):
    text = said
    raise how(*secrets)


def compare(left, right):
    assert left == right


def settings(token):
    return ProjectAndUsers("http://x", "x", "x", token)


class Broken:
    how = ValueError
    def pytest_runtest_logreport(self, report):
        stop(self.how, say)
"""
#: Ways that only fail a scenario, all in one run.
FAILURES = (
    "pytest.skip(say)",
    "pytest.xfail(say)",
    "pytest.fail(say)",
    "stop(ValueError, say)",
    "compare(VALUES, CUT)",
    "compare(VALUES[2], CUT[2])",
    "compare(VALUES[2].encode(), CUT[2].encode())",
    "compare({1: [VALUES[0].encode()] * 3}, {1: [CUT[0].encode()] * 3})",
    "compare(settings(VALUES[2]), settings(CUT[2]))",
    "print(say); print(say, file=sys.stderr)",
    "print(say); print(say, file=sys.stderr); stop(ValueError)",
    "allure.attach(say, say, allure.attachment_type.TEXT)",
    "warnings.warn(say)",
    "logging.warning(say, stack_info=True); stop(ValueError)",
)
STOP = ("stop(KeyboardInterrupt, say)",)
CRASH = "request.config.pluginmanager.register(Broken())"
FILES = ("reports/junit.xml", "page.md")


def spellings(secret: str) -> list[str]:
    """Plain text first. Written by hand: the redactor has another list."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return [secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), html.escape(secret), encoded]


@pytest.mark.parametrize(
    ("ways", "options", "files"),
    [
        (FAILURES, "", FILES),
        (FAILURES, "-v -rA -o junit_logging=all", FILES),
        (FAILURES, "-vv --showlocals --color=yes", FILES),
        (FAILURES, "--tb=native --setup-show", FILES),
        (FAILURES, "--full-trace --debug", (*FILES, "pytestdebug.log")),
        (FAILURES, "-s -W default --cucumberjson=cucumber.json", (*FILES, "cucumber.json")),
        (FAILURES, "--capture=tee-sys -o junit_logging=all", FILES),
        (FAILURES, "--log-cli-level=DEBUG --log-file=run.log", (*FILES, "run.log")),
        (FAILURES, "-n1", FILES),
        (FAILURES, "-p no:oneentry_scenarios.reporting.plugin -p no:allure_pytest", ()),
        (STOP, "--full-trace --color=yes", ()),
        (STOP, "--tb=native --showlocals", ()),
        (("pytest.exit(say)",), "", ()),
        ((CRASH,), "--showlocals", ()),
        ((f"Broken.how = pytest.UsageError; {CRASH}",), "", ()),
    ],
)
def test_no_secret_gets_out(tmp_path: Path, ways: tuple[str, ...], options: str, files: tuple[str, ...]) -> None:
    rows = "".join(f"      | {way} |\n" for way in ("code", *ways))
    feature = f"  Scenario Outline: <code>\n    When this happens: <code>\n    Examples:\n{rows}"
    made = Made.at(tmp_path, ways=f"Feature: Ways\n{feature}")
    spelled = {kind: spellings(secret) for kind, secret in SECRETS.items()}
    (tmp_path / "secrets.json").write_text(json.dumps(spelled), encoding="utf-8")
    made.add_to_conftest(CONFTEST)
    before = set(tmp_path.rglob("*"))
    variables = {"GITHUB_STEP_SUMMARY": str(tmp_path / "page.md"), "CI": options}  # with CI set, pytest shows all lines
    outcome = made.run("features", *options.split(), **variables)
    written = {path for path in tmp_path.rglob("*") if path.is_file() and "__pycache__" not in path.parts} - before
    shown = {str(path.relative_to(tmp_path)): path.read_text(encoding="utf-8") for path in written}
    shown["the terminal"] = outcome.output
    assert not [
        f"{place} shows the {kind} as {each}"
        for place, text in shown.items()
        for kind, spelled_out in spelled.items()
        for each in [*spelled_out, spelled_out[0][-12:]]
        if each in text
    ]
    assert not [place for place in ("the terminal", *files) if "said redacted-password-1" not in shown[place]]
