"""The documented flow from sign-in to payment session, run by the clients of its time and of today."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import oneentry_scenarios.mock_server
from oneentry_scenarios.mock_server import Server, Version
from tests import order_pay
from tests.order_pay import NAME, SESSION

from .conftest import Node

STRICT = json.dumps({"validation": {"enabled": True, "strictMode": True}})

#: As the client unwraps it.
ORDER = order_pay.ORDER | {"formData": [NAME], "products": [{"productId": 1, "quantity": 1}], "totalSum": 120}


def test_todays_client_accepts_every_answer_in_strict_mode(node: Node, server: Server) -> None:
    got = node("story.mjs", server.url, "oneentry", STRICT)
    assert got["user"].keys() == {"userIdentifier", "authProviderIdentifier", "accessToken", "refreshToken"}
    assert (got["user"]["userIdentifier"], got["user"]["authProviderIdentifier"]) == ("your-user@email.com", "email")
    # As the documentation prints them: the same header and the same first claims.
    assert got["user"]["accessToken"].startswith("eyJhbGciOiJIUzI1NiIsInR")
    assert "pZCI6MTYsImF1dGhQ" in got["user"]["accessToken"]
    assert got["user"]["refreshToken"].startswith("1746044128002-")
    assert got["orderData"] == ORDER | {"statusIdentifier": "inProgress"}
    assert got["sessionData"] == SESSION | {"amount": None}
    assert got["sessionByOrderId"] == [SESSION | {"amount": None}]


@pytest.mark.parametrize("client", ["oneentry-1.0.115", "oneentry-1.0.137"])
def test_clients_of_2025_get_what_the_documentation_prints(
    client: str, node: Node, serve: Callable[[Version], Server]
) -> None:
    got = node("story.mjs", serve(Version.Y2025).url, client, "{}")
    assert got["user"]["userIdentifier"] == "your-user@email.com"
    assert got["orderData"] == ORDER
    assert got["sessionData"] == SESSION
    assert got["sessionByOrderId"] == SESSION


def test_the_readmes_example_runs_as_printed(node: Node, server: Server) -> None:
    readme = Path(oneentry_scenarios.mock_server.__file__).with_name("README.md").read_text("utf-8")
    _, _, example = readme.partition("```js\n")
    example, _, _ = example.partition("```")
    program = example.replace("http://127.0.0.1:8765", server.url).replace(
        "console.log(await Payments.createSession(order.id, 'session'))",
        "console.log(JSON.stringify(await Payments.createSession(order.id, 'session')))",
    )
    assert node("--input-type=module", "--eval", program) == SESSION | {"amount": None}
