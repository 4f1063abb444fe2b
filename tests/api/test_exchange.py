"""Bodies and exchanges: nothing is lost, and each message is redacted once."""

import json
import re

import pytest

from oneentry_scenarios.api.body import Body
from oneentry_scenarios.api.exchange import Exchange, MessageRedactor
from oneentry_scenarios.redaction.redactor import Redactor

KINDS = {
    "json": (b'{"b":1,"a":[true,null,1.5,"\xc3\xa9"]}', b'{ "spaced" : 1 }'),
    "text": (b'{"price":340.00}', b'{"price":1e2}', b'{"id":1,"id":2}', b"not JSON", b"NaN"),
    "": (b"",),
}


@pytest.mark.parametrize(("kind", "content"), [(kind, each) for kind, contents in KINDS.items() for each in contents])
def test_a_body_is_kept_as_structure_only_where_nothing_is_lost(kind: str, content: bytes) -> None:
    body = Body.of(content)
    assert (list(body.model_dump()) if body else []) == ([kind] if kind else [])
    served = body.content() if body else b""
    if kind == "json":
        assert json.loads(served) == json.loads(content)
    else:
        assert served == content


def test_a_body_that_is_not_text_is_described_and_not_kept() -> None:
    assert re.fullmatch(r"\(3 bytes that are not text, SHA-256 [0-9a-f]{64}\)", str(Body.of(b"\xff\xfe\x00")))


def test_json_that_is_kept_as_text_is_redacted_by_its_fields() -> None:
    messages = MessageRedactor(Redactor())
    body = messages.redact_response(200, "OK", [], b'{"price":340.00,"accessToken":"a-token-of-the-user"}').body
    assert str(body) == '{"price":340.00,"accessToken":"redacted-access-token-1"}'


def test_a_message_is_redacted_once_until_another_comes() -> None:
    messages = MessageRedactor(Redactor())
    sent = ("POST", "http://a.example/x", [("x-app-token", "the-app-token")], b"{}")
    first = messages.redact_request(*sent)
    assert messages.redact_request(*sent) is first
    assert messages.redact_request(*sent[:3], b"[]") is not first
    assert dict(first.headers)["x-app-token"] == "redacted-app-token-1"


def test_an_exchange_reads_as_on_the_wire() -> None:
    messages = MessageRedactor(Redactor())
    request = messages.redact_request("GET", "http://a.example/x", [], b"")
    response = messages.redact_response(200, "OK", [], b'{"id":1}')
    assert str(Exchange("orders.read", request, response)) == 'GET http://a.example/x\n200 OK\n{"id": 1}'
    assert str(Exchange("orders.read", request, None, "too slow")).endswith("\nno response: too slow")
