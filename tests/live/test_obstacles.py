"""Throttling, failing gateways, missing permissions and test mode are named, never mistaken for wrong settings."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from oneentry_scenarios.live.settings import Limits
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.shop.profile import Product
from tests.drift.changes import Change, body, put, refused
from tests.drift.server import DriftingServer
from tests.live.projects import SAMPLES, LiveProject
from tests.live.test_preflight import check, problem

SIGN_IN = "POST /users-auth-providers/marker/email/users/auth"
STORAGE = "GET /orders-storage/marker/orders"
ACCOUNTS = "GET /payments/accounts"
PREVIEW = "POST /orders-storage/orders/preview"
BLAMED = ("does not accept it", "rejected this sign-in", "has no such", "does not look like OneEntry")


@pytest.fixture(scope="module")
def module_server() -> Iterator[DriftingServer]:
    with DriftingServer() as server:
        yield server


@pytest.fixture
def server(module_server: DriftingServer) -> DriftingServer:
    module_server.drifts.clear()
    return module_server


def problem_at(server: DriftingServer) -> str:
    project = LiveProject(server.url)
    return problem(project.settings, project.profile)


@pytest.mark.parametrize(("call", "who"), SAMPLES["calls"].items())
@pytest.mark.parametrize(
    ("said", "answer"), [(said, each) for said, all_ in SAMPLES["obstacles"].items() for each in all_]
)
def test_an_obstacle_is_named_at_each_call(server: DriftingServer, call: str, who: str, said: str, answer: str) -> None:
    status, _, reason = answer.partition(" ")
    server.drifts[call] = refused(int(status), reason or None)
    message = problem_at(server)
    assert said.format(who=who) in message
    assert call.replace(" ", " /api/content") in message
    assert status in message
    assert not [words for words in BLAMED if words in message]


def stripe(for_tests: str | None, *, test_mode: bool) -> Change:
    """The card's account, connected for tests like this, and not for payments."""
    account: dict[str, Any] = {"settings": {"status": "not_connected"}, "testMode": test_mode}
    account["testSettings"] = for_tests and {"status": for_tests}
    return body(lambda accounts: [each.update(account) for each in accounts if each["identifier"] == "stripe"])


def at_the_second_user(change: Change) -> Change:
    """A change of the second response."""
    changes = [lambda _: None, change]
    return lambda response: changes.pop(0)(response)


NOT_ONEENTRY = r"\ASigning in as ONEENTRY_USER: 127\.0\.0\.1:"
NOT_CONNECTED = r"this payment account is not connected \(not_connected\)"
PRICED = r'If the project is right, write:\n  \[products\."Product 14"\]\n  '
#: What is changed -> what the message says.
CHANGES: list[tuple[dict[str, Change], str]] = [
    ({SIGN_IN: at_the_second_user(refused(429, "Too many"))}, "limits how often it is called: "),
    (
        {STORAGE: refused(404, "not found"), "GET /orders-storage": refused(403, "Permission data not found")},
        r"ONEENTRY_USER may not call GET /api/content/orders-storage \(403 ",
    ),
    ({SIGN_IN: refused(404, "Cannot POST /api")}, NOT_ONEENTRY),
    ({SIGN_IN: refused(403, None)}, NOT_ONEENTRY),
    ({SIGN_IN: refused(401, None)}, NOT_ONEENTRY),
    (
        {SIGN_IN: refused(400, "Fields are missed")},
        r'user_field = "email_reg" and password_field = "password_reg": the',
    ),
    ({ACCOUNTS: stripe("connected", test_mode=False)}, NOT_CONNECTED),
    ({ACCOUNTS: stripe("not_connected", test_mode=True)}, NOT_CONNECTED),
    ({PREVIEW: body(lambda preview: preview.update(totalSum=306))}, PRICED + 'price = "306.00"\n'),
    ({PREVIEW: put("body.currency", "eur")}, PRICED + 'currency = "EUR"\n'),
]


@pytest.mark.parametrize(("changes", "said"), CHANGES)
def test_what_a_project_answers_is_named(server: DriftingServer, changes: dict[str, Change], said: str) -> None:
    server.drifts = changes
    assert re.search(said, problem_at(server))


@pytest.mark.parametrize(("now", "advised"), [(0.0, "2"), (5.0, "2.5"), (0.5, "0.25")])
def test_throttling_says_which_setting_helps(server: DriftingServer, now: float, advised: str) -> None:
    server.drifts[STORAGE] = refused(429, "Rate Limit Exceeded")
    project = LiveProject(server.url)
    with pytest.raises(Problem) as error:
        check(project.settings, project.profile, limits=Limits(requests_per_second=now))
    assert str(error.value).endswith(f"send fewer requests per second: ONEENTRY_REQUESTS_PER_SECOND={advised}")


@pytest.mark.parametrize("for_tests", ["connected", None])
def test_an_account_in_test_mode_as_observed_is_healthy(server: DriftingServer, for_tests: str | None) -> None:
    server.drifts[ACCOUNTS] = stripe(for_tests, test_mode=True)
    project = LiveProject(server.url)
    findings = check(project.settings, project.profile)
    assert findings.real_money == set()
    assert [*findings.test_only] == ["stripe"]
    [hint] = findings.hints
    assert 'Profile: [accounts] card = "stripe": this payment account accepts test payments only' in hint


def test_a_discount_or_a_tax_is_a_hint(server: DriftingServer) -> None:
    project = LiveProject(server.url)
    server.drifts[PREVIEW] = body(lambda preview: preview.update(totalSumWithDiscount=1, totalDue=1))
    findings = check(project.settings, project.profile)
    assert '[products."Product 14"] price = "340.00": correct, but 1.00 is due' in "\n".join(findings.hints)


@pytest.mark.parametrize("currency", ["usd", "USD", ""])
def test_spelling_or_leaving_out_the_currency_is_no_difference(server: DriftingServer, currency: str) -> None:
    server.drifts[PREVIEW] = put("body.currency", currency)
    project = LiveProject(server.url)
    product = Product(id=14, price="340.00", currency="usd")  # type: ignore[arg-type]
    profile = project.profile.model_copy(update={"products": project.profile.products | {"Product 14": product}})
    assert check(project.settings, profile).hints == []
