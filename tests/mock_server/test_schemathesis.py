"""For any input the mock server answers in its documented shapes: schemathesis generates requests from a fixed seed."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.refusals import Refusal
from oneentry_scenarios.mock_server.routes import OPERATIONS, Operation

from .caller import Caller
from .openapi import document

DESCRIBED = schemathesis.openapi.from_dict(document())

# A document cannot contain a valid refresh token.
UNKNOWABLE = {"auth_provider.refresh", "auth_provider.logout"}

EXAMPLES = {GenerationMode.POSITIVE: 12, GenerationMode.NEGATIVE: 8}


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
def test_any_input_gets_a_documented_answer(
    operation: Operation, mode: GenerationMode, server: Server, buyer: Caller, session: requests.Session
) -> None:
    if mode is GenerationMode.NEGATIVE and operation.name == "payments.get_accounts":
        return  # There is nothing in it to get wrong.
    described = DESCRIBED[operation.path][operation.method]
    for account in ("cash", "stripe"):
        buyer.pay(buyer.order(account)["id"])
    headers = {name: buyer.http.headers[name] for name in ("x-app-token", "x-device-metadata", "authorization")}
    answered = set()

    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(described.as_strategy(generation_mode=mode))
    def try_it(case: Case[Any]) -> None:
        response = case.call(base_url=server.url, headers=headers, session=session)
        answered.add(response.status_code)
        if response.status_code >= 500:
            assert response.json() == {"statusCode": 500, "message": Refusal.TOTAL_FRACTIONAL.template}
            assert operation.name == "payments.create_session"
        if response.status_code >= 400:
            assert response.json().keys() == {"statusCode", "message"}
            assert response.json()["statusCode"] == response.status_code
            assert isinstance(response.json()["message"], str)
        if response.status_code != 404 or "Cannot" not in response.json()["message"]:
            case.validate_response(
                response, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
            )

    try_it()
    if mode is GenerationMode.POSITIVE and operation.name not in UNKNOWABLE:
        assert operation.status in answered, "no example was good enough to succeed"
