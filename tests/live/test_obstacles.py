"""Throttling, failing gateways, missing permissions and test mode are named, never mistaken for wrong settings."""

from collections.abc import Iterator
from typing import Any

import pytest

from oneentry_scenarios.live.settings import Limits
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.shop.profile import Product
from tests.drift.changes import Change, body, put, refused
from tests.drift.server import DriftingServer
from tests.live.projects import LiveProject
from tests.live.test_preflight import check, problem

SIGN_IN = "POST /users-auth-providers/marker/email/users/auth"
STORAGE = "GET /orders-storage/marker/orders"
ACCOUNTS = "GET /payments/accounts"
PREVIEW = "POST /orders-storage/orders/preview"
#: The preflight's calls, and who makes them.
CALLS = {
    "GET /users-auth-providers": "visitors",
    SIGN_IN: "visitors",
    STORAGE: "ONEENTRY_USER",
    ACCOUNTS: "ONEENTRY_USER",
    PREVIEW: "ONEENTRY_USER",
}
#: Status and message -> what the preflight says of it.
OBSTACLES = {
    (429, "Rate Limit Exceeded"): "limits how often it is called: ",
    (500, "Internal server error"): "or a gateway in front of it, fails: ",
    (502, None): "or a gateway in front of it, fails: ",
    (503, "Service Unavailable"): "or a gateway in front of it, fails: ",
    (504, None): "or a gateway in front of it, fails: ",
    (403, "Permission data not found for this route"): "{who} may not call ",
    (403, "User doesn't have permissions for this."): "{who} may not call ",
}
BLAMED = ("does not accept it", "does not let this user in", "has no such", "not as OneEntry does")


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


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", OBSTACLES, ids=str)
def test_an_obstacle_is_named_at_each_call(server: DriftingServer, call: str, answer: tuple[int, Any]) -> None:
    server.drifts[call] = refused(*answer)
    message = problem_at(server)
    assert OBSTACLES[answer].format(who=CALLS[call]) in message
    method, path = call.split()
    assert f"{method} /api/content{path}" in message
    assert f"{answer[0]}" in message
    assert not [words for words in BLAMED if words in message]


def stripe(settings: str, for_tests: str | None, *, test_mode: bool) -> Change:
    """The card's account, connected like this."""
    account = {"settings": {"status": settings}, "testMode": test_mode}
    account["testSettings"] = for_tests and {"status": for_tests}
    return body(lambda accounts: [each.update(account) for each in accounts if each["identifier"] == "stripe"])


def at_the_second_user(change: Change) -> Change:
    """A change of the second response."""
    changes = [lambda _: None, change]
    return lambda response: changes.pop(0)(response)


TOO_MANY, NOT_FOUND = refused(429, "Rate Limit Exceeded"), refused(404, "not found")
NOT_ALLOWED = refused(403, "Permission data not found")
LINE = 'If that is right, write\n  [products."Product 14"]\n  '
#: What is changed -> what the message says.
CHANGES: list[tuple[dict[str, Change], str]] = [
    ({SIGN_IN: at_the_second_user(TOO_MANY)}, "limits how often it is called: "),
    ({STORAGE: NOT_FOUND, "GET /orders-storage": NOT_ALLOWED}, "ONEENTRY_USER may not call GET /api/content/orders-"),
    *(
        ({SIGN_IN: refused(status, message)}, "Signing in as ONEENTRY_USER: 127.0.0.1:")  # and no password is blamed
        for status, message in ((404, "Cannot POST /api"), (403, None), (401, None))
    ),
    *(
        ({ACCOUNTS: change}, "this payment account is not connected (not_connected)")
        for change in (
            stripe("not_connected", "connected", test_mode=False),
            stripe("not_connected", "not_connected", test_mode=True),
        )
    ),
    ({PREVIEW: body(lambda preview: preview.update(totalSum=306))}, f'{LINE}price = "306.00"\n'),
    ({PREVIEW: put("body.currency", "eur")}, f'{LINE}currency = "EUR"\n'),
]


@pytest.mark.parametrize(("changes", "said"), CHANGES)
def test_what_a_project_answers_is_named(server: DriftingServer, changes: dict[str, Change], said: str) -> None:
    server.drifts = changes
    message = problem_at(server)
    assert said in message
    assert not said.startswith("Signing in as") or message.startswith(said)


@pytest.mark.parametrize(("now", "advised"), [(0.0, "2"), (5.0, "2.5"), (0.5, "0.25")])
def test_throttling_says_which_setting_helps(server: DriftingServer, now: float, advised: str) -> None:
    server.drifts[STORAGE] = refused(429, "Rate Limit Exceeded")
    project = LiveProject(server.url)
    with pytest.raises(Problem) as error:
        check(project.settings, project.profile, limits=Limits(requests_per_second=now))
    assert str(error.value).endswith(f"make fewer calls a second: ONEENTRY_REQUESTS_PER_SECOND={advised}")


@pytest.mark.parametrize("for_tests", ["connected", None])
def test_an_account_in_test_mode_as_observed_is_healthy(server: DriftingServer, for_tests: str | None) -> None:
    server.drifts[ACCOUNTS] = stripe("not_connected", for_tests, test_mode=True)
    project = LiveProject(server.url)
    findings = check(project.settings, project.profile)
    assert findings.real_money == set()
    assert [*findings.unconnected] == ["stripe"]
    [hint] = findings.hints
    assert 'Profile: [accounts] card = "stripe": this payment account is in test mode and connected for tests' in hint


def test_a_discount_or_a_tax_is_a_hint(server: DriftingServer) -> None:
    project = LiveProject(server.url)
    server.drifts[PREVIEW] = body(lambda preview: preview.update(totalSumWithDiscount=1, totalDue=1))
    findings = check(project.settings, project.profile)
    assert '[products."Product 14"] price = "340.00": right, but 1.00 is due' in "\n".join(findings.hints)


@pytest.mark.parametrize("currency", ["usd", "USD", ""])
def test_spelling_or_leaving_out_the_currency_is_no_difference(server: DriftingServer, currency: str) -> None:
    server.drifts[PREVIEW] = put("body.currency", currency)
    project = LiveProject(server.url)
    product = Product(id=14, price="340.00", currency="usd")  # type: ignore[arg-type]
    profile = project.profile.model_copy(update={"products": project.profile.products | {"Product 14": product}})
    assert check(project.settings, profile).hints == []
