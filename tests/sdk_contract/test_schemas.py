"""Raw answers against schemas of the official client that it does not apply itself, and the known disagreements."""

from collections.abc import Iterator

import pytest

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.problem import read_toml
from tests.mock_server.caller import AUTH, Caller

from .conftest import Node

#: Path of an answer -> file and name of its schema.
SCHEMAS = read_toml(__file__, "schemas.toml")


@pytest.fixture
def buyer(server: Server) -> Iterator[Caller]:
    """The seed's user, signed in, with an order and its payment session."""
    with Caller(server.url) as caller:
        caller.sign_in().order("stripe")
        caller.pay(89)
        yield caller


def test_every_answer_fits_the_schema_of_todays_client(buyer: Caller, node: Node) -> None:
    given = [[*schema, buyer.get(f"/api/content/{path}")[1]] for path, schema in SCHEMAS.items()]
    verdicts = dict(zip(SCHEMAS, node("schemas.mjs", "oneentry", given=given), strict=True))
    assert verdicts == {path: [] for path in SCHEMAS}


def test_the_known_disagreements_still_stand(buyer: Caller, node: Node) -> None:
    """Where a schema contradicts what the vendor documents elsewhere; the mock server's README gives the reasons."""
    line, session = buyer.read(89)["products"][0], buyer.pay(89)[1]
    _, signed_out = buyer.post(f"{AUTH}/logout", {"refreshToken": buyer.refresh_token})
    today = [
        ["auth-provider/authProviderSchemas", "LogoutResponseSchema", signed_out],
        ["orders/ordersSchemas", "OrderItemSchema", line],
    ]
    assert node("schemas.mjs", "oneentry", given=today) == [[""], ["productId", "total"]]
    then = [["payments/paymentsSchemas", "CreateSessionResponseSchema", session]]
    assert node("schemas.mjs", "oneentry-1.0.137", given=then) == [["id", "amount", "currency", "createdAt"]]
