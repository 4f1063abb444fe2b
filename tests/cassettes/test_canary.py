"""The canary gate: distinctive secrets go through recording, replay and live runs, green and red, and never come out.

A project with these secrets is played by the mock server. Whatever a run leaves behind or prints is searched for each
secret, and for each token that the server gave out, in every spelling that a tool might have given it.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from textwrap import indent
from urllib.parse import quote, quote_plus

import pytest

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.checks import render
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, User
from oneentry_scenarios.problem import read_toml
from tests.conftest import BUYER, PLACE_ORDER, STORY, Outcome, Project
from tests.live.projects import LiveProject
from tests.redaction.test_leaks import SAMPLES, SECRET
from tools.faults import injection
from tools.faults.messages import Answer, Request

APP_TOKEN = "canary/app-token+Zq7x=="
PASSWORD = 'canary "pässword" \\Wy8-/+%'
OTHER_PASSWORD = "canary-other-password-Vx9"
USER = "canary.user@shop.example"
OTHER_USER = "canary.other@shop.example"
#: More than forty kinds of secrets and private data in odd places; every answer carries them. Each has its own number,
#: so that none is known because of another.
ODD = [*SAMPLES["bodies"].values(), *SAMPLES["shapes"].values()]
ODD += [{field: "SECRET"} for fields in SAMPLES["fields"].values() for field in fields.split()]
ODD += [json.loads(each) for each in SAMPLES["bodies"].values() if each[0] in "[{" and "340.00" not in each]
ODD = [json.loads(json.dumps(each).replace("SECRET", f"{SECRET}{number}")) for number, each in enumerate(ODD)]
PRIVATE = {USER, OTHER_USER, SECRET, *(shape.removeprefix("Bearer ") for shape in SAMPLES["shapes"].values())}
LOUD = ("-vv", "-l", "-o", "log_cli=true", "--junitxml=reports/junit.xml", "-p", "no:cacheprovider")

SHOP_DATA = DEFAULT_SHOP._replace(
    app_token=APP_TOKEN,
    users=(User(16, USER, PASSWORD, "email"), User(17, OTHER_USER, OTHER_PASSWORD, "email")),
)


class CanaryServer(Server):
    """A project whose secrets are known, which remembers each one that it gives out, and may stop answering orders."""

    def __init__(self) -> None:
        super().__init__(shop_data=SHOP_DATA)
        self.given_out: set[str] = set()
        self.answers_orders = True
        self.application = injection.Injector(self.application, injection.Change(after=self._with_secrets))

    async def _with_secrets(self, request: Request, given: Answer, _: injection.MockShop) -> Answer:
        if request.path.endswith("/marker/orders/orders") and not self.answers_orders:
            return replace(given, delivery="never")
        answer = json.loads(given.body, parse_float=Decimal)
        objects = [each for each in (answer if isinstance(answer, list) else [answer]) if isinstance(each, dict)]
        wanted = ("accessToken", "refreshToken", "paymentUrl", "clientSecret")
        self.given_out |= {each[name] for each in objects for name in wanted if each.get(name)}
        return replace(given, body=render(answer | {"odd": ODD}).encode()) if isinstance(answer, dict) else given


@pytest.fixture(scope="module")
def server() -> Iterator[CanaryServer]:
    with CanaryServer() as running:
        yield running


class Shop:
    """A copy of the product, pointed at the canary project."""

    def __init__(self, project: Project, server: CanaryServer) -> None:
        self.project = project
        self.server = server
        self.sources = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}

    def run(self, *arguments: str) -> Outcome:
        variables = LiveProject(self.server.url, SHOP_DATA).variables
        outcome = self.project.run(STORY, BUYER, *arguments, *LOUD, **variables)
        self.look_for_canaries(outcome)
        return outcome

    def look_for_canaries(self, outcome: Outcome) -> None:
        """See that no secret is in the output or in a file, and nothing private in a file."""
        secrets = {APP_TOKEN, PASSWORD, OTHER_PASSWORD} | self.server.given_out
        private = PRIVATE | {self.server.url.removeprefix("http://")}
        found = [f"the output shows {name}" for name in leaks(outcome.output.encode(), secrets)]
        for path in self.project.root.rglob("*"):
            if path.is_file() and self.sources.get(path) != path.read_bytes() and "__pycache__" not in path.parts:
                shown = path.relative_to(self.project.root)
                found += [f"{shown} holds {name}" for name in leaks(path.read_bytes(), secrets | private)]
        assert not found, "\n".join(found)

    def edit(self, path: str, old: str, new: str) -> None:
        self.project.edit(path, old, new)
        self.sources[self.project.root / path] = (self.project.root / path).read_bytes()


def leaks(content: bytes, secrets: set[str]) -> list[str]:
    """Which spelling of which secret is in `content`."""
    text = content.decode(errors="replace")
    return [
        f"{secret!r:.24} as {name}"
        for secret in sorted(secrets)
        for name, spelled in spelled_out(secret).items()
        if spelled in text
    ]


def spelled_out(secret: str) -> dict[str, str]:
    """Written here by hand, not with the redactor's own list: the gate must be able to disagree with it."""
    spellings = {
        "plain text": secret,
        "URL-encoded": quote(secret, safe=""),
        "form-encoded": quote_plus(secret),
        "JSON": json.dumps(secret)[1:-1],
        "JSON, not ASCII": json.dumps(secret, ensure_ascii=False)[1:-1],
        "unicode-escaped": "".join(f"\\u{ord(character):04x}" for character in secret),
        "Python text": repr(secret)[1:-1],
    }
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret.encode() + b"\0\0")
        spellings[f"base64 at {offset}"] = encoded[4 if offset else 0 : -4].decode()
    if not secret.startswith(("eyJ", "https:")):
        spellings |= {"a shortened beginning": secret[:12], "a shortened end": secret[-12:]}
    else:
        spellings |= {"its signature": secret.rpartition(".")[2], "its end": secret[-12:]}
    return {name: spelled for name, spelled in spellings.items() if len(spelled) >= 8}


@pytest.fixture
def shop(project: Project, server: CanaryServer) -> Shop:
    server.reset()
    server.answers_orders = True
    shop = Shop(project, server)
    shop.edit(
        "features/ordering.feature",
        'orders 2 "Product 14" with that order form',
        'orders 2 "Product 14" with the payment method "card"\n    And Christina opens a payment session for the order',
    )
    return shop


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_green_live_recording_and_replay(shop: Shop, level: str) -> None:
    assert shop.run("--api=live", f"--log-level={level}").code == 0
    shop.run("--api=live", "--record", f"--log-level={level}").expect(0)
    shop.run(f"--log-level={level}").expect(0)
    assert {"eyJ", "174", "htt"} <= {given[:3] for given in shop.server.given_out}, "tokens and a link were given out"
    assert list((shop.project.root / "reports/allure-results").glob("*/*result.json"))


FAILURES = read_toml(__file__, "failures.toml")


@pytest.mark.parametrize("failure", FAILURES)
def test_red_live_runs_and_recordings(shop: Shop, failure: str) -> None:
    shop.edit("steps/orders.py", "def orders(\n", "def orders(\n    running_scenario,\n")
    lines = indent(FAILURES[failure], "    ")
    given = "    shop = people[person]\n    sign_in = shop.current_sign_in\n"
    shop.edit("steps/orders.py", PLACE_ORDER, f"{given}{lines}\n{PLACE_ORDER}")
    outcome = shop.run("--api=live", "--record", "--log-level=DEBUG", *["-qq"] * ("almost" in failure))
    assert outcome.code == 1
    assert not leaks(outcome.output.encode(), {token[:-20] for token in shop.server.given_out if token[:3] == "eyJ"})


def test_a_server_that_does_not_answer(shop: Shop) -> None:
    shop.server.answers_orders = False
    shop.edit("oneentry_scenarios/api/transport.py", "READ_TIMEOUT_SECONDS = 30.0", "READ_TIMEOUT_SECONDS = 0.5")
    said = f"got no usable response from {shop.server.url}: the response timed out"
    shop.run("--api=live", "--log-level=DEBUG").expect(1, said)


def test_a_mismatch_of_what_was_recorded_live(shop: Shop) -> None:
    assert shop.run("--api=live", "--record").code == 0
    shop.edit("oneentry_scenarios/shop/shopper.py", '"quantity": line.quantity', '"quantity": line.quantity + 1')
    shop.run("--log-level=DEBUG").expect(1, "recorded 1, now 2")


def test_the_gate_sees_a_leak_in_every_spelling() -> None:
    for secret in (APP_TOKEN, PASSWORD, "1745494429101-2834edf8-1234-4234-8234-1234567890ab"):
        for name, spelled in spelled_out(secret).items():
            assert any(name in leak for leak in leaks(f"x{spelled}y".encode(), {secret})), name
