"""The client's errors: what they say, and what they never show."""

import httpx
import pytest

from oneentry_scenarios.api.errors import CallFailed, Refused, Unreachable
from tests.api.wire import SIGN_IN, Answer, Wire, answered, create_order, create_session, sign_in


@pytest.mark.parametrize(
    ("status", "body", "reason", "named"),
    [
        (400, {"statusCode": 400, "message": "empty form data section"}, "empty form data section", 400),
        (400, {"statusCode": 400, "message": ["one", "two"]}, "one; two", 400),
        (429, {"message": "Rate Limit Exceeded"}, "Rate Limit Exceeded", None),
        (401, {}, "no message", None),
        (400, [], "no message", None),
    ],
)
def test_a_refusal_names_status_message_and_operation(status: int, body: object, reason: str, named: object) -> None:
    wire = Wire(answered(body, status))
    with pytest.raises(Refused) as error:
        create_order(wire.client())
    assert len(wire.sent) == 1, "nothing is sent twice"
    assert error.value.body_status == named
    assert (error.value.status, error.value.message, error.value.operation) == (status, reason, "orders.create_order")
    assert str(error.value).startswith(f"orders.create_order returned {status}: {reason}.")
    assert ("The API is rate limited" in str(error.value)) is (status == 429)


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (httpx.ConnectError("Name or service not known"), "Name or service not known"),
        (httpx.ConnectTimeout("timed out"), "the connection timed out after 10 s"),
        (httpx.ReadTimeout("timed out"), "the response timed out after 30 s"),
        (httpx.RemoteProtocolError("Server disconnected"), "Server disconnected"),
        (httpx.ReadError(""), "ReadError"),
        (httpx.DecodingError("incorrect header check"), r"cannot be decoded as its content-encoding says"),
    ],
)
def test_no_answer_names_the_address(failure: Exception, cause: str) -> None:
    wire = Wire(failure)
    with pytest.raises(Unreachable, match=r"got no usable response from https://shop\.example") as error:
        create_session(wire.client())
    assert cause in str(error.value)
    assert wire.exchanges[0].response is None


@pytest.mark.parametrize(
    "answer",
    [
        answered(SIGN_IN | {"userIdentifier": 1}),
        answered({"message": "no an-access-token-of-the-user"}, 401),
        httpx.Response(201, text='{"accessToken": "an-access-token-of-the-user", "refresh'),
        httpx.ConnectError("no"),
    ],
    ids=["unreadable", "refused", "cut", "unreachable"],
)
def test_no_error_shows_a_secret(answer: Answer) -> None:
    wire = Wire(answered(SIGN_IN), answer)
    client = wire.client()
    sign_in(client)
    with pytest.raises(CallFailed) as error:
        sign_in(client)
    for shown in (str(error.value), repr(error.value), repr(wire.exchanges)):
        for secret in ("the-app-token", "123456", SIGN_IN["accessToken"], SIGN_IN["refreshToken"]):
            assert secret not in shown
    assert error.value.exchange is wire.exchanges[-1]
