"""What leaves the process: no odd place, spelling or encoding lets a secret through, and time grows linearly."""

import base64
import html
import json
import secrets
import time
import timeit
from urllib.parse import quote

import pytest

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.redaction.redactor import Kind, Redactor

SECRET = "canary_Zq7xWy8"
KNOWN = 'canary/Zq&7 x+W"y<8'

#: Only where it stands says that something in these is secret.
BODIES: dict[str, str | bytes] = {
    "query in JSON": '{"url": "https://shop.example/x?token=SECRET"}',
    "fragment": '{"url": "https://shop.example/x#access_token=SECRET"}',
    "encoded query": '{"url": "https://shop.example/?to=%2Fx%3Ftoken%3DSECRET"}',
    "user and password": '{"url": "https://maya:SECRET@shop.example/x"}',
    "five parts": '{"message": "eyJhbGciOiJkaXIifQ..iv.text.SECRET"}',
    "JSON in JSON": r'{"event": "{\"user\": {\"password\": \"SECRET\"}}"}',
    "JSON in text": r'{"event": "got {\"password\": \"SECRET\"}"}',
    "escapes in text": r'{"price": 340.00, "password": "x\/\u0026\"SECRET"}',
    "object": '{"clientSecret": {"value": "SECRET"}}',
    "list": '{"accessTokens": [["SECRET"], {"a": "SECRET"}]}',
    "number": '{"pin": 73519, "price": 1.50}',
    "number, twice": '{"id": 1, "id": 1, "otp": 73519}',
    "form": "password=SECRET&x=1",
    "Stripe key": '{"message": "sk_live_SECRET"}',
    "web hook": '{"message": "whsec_SECRET"}',
    "no text": b"\xff\xfe\xfd " + SECRET.encode(),
    **{
        code: f'{{"pin": "{SECRET}"}}'.encode(code)
        for code in ("utf-16", "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig")
    },
    **{
        f"field {name}": f'{{"{name}": "SECRET"}}'
        for name in ("pwd", "userPin", "otp", "passcode", "sessionId", "privateKey", "access_key", "refreshTokens")
    },
}


@pytest.mark.parametrize("place", BODIES)
def test_a_body_keeps_no_secret_and_stays_as_it_is_then(place: str) -> None:
    content = BODIES[place]
    content = content.replace("SECRET", SECRET).encode() if isinstance(content, str) else content
    body = MessageRedactor(Redactor()).redact_response(401, "Unauthorized", [], content).body
    assert body
    shown = f"{body.model_dump_json()} {body.content().replace(bytes(1), b'')!r}"
    assert SECRET not in shown
    assert "73519" not in shown
    assert MessageRedactor(Redactor()).redact_response(401, "", [], body.content()).body == body


def test_a_header_keeps_no_secret() -> None:
    redacted = Redactor().headers([("location", f"https://shop.example/x?access_token={SECRET}")])
    assert redacted == (("location", "https://shop.example/x?access_token=redacted-access-token-1"),)


def test_a_log_of_headers_shows_no_secret_that_is_not_known_yet() -> None:
    log = f"return_value=(201, [(b'set-cookie', b'id={SECRET}'), (b'x-app-token', b'{SECRET}'), (b'server', b'nginx')])"
    assert SECRET not in Redactor().text(log, secrets_only=True)
    assert "(b'server', b'nginx')" in Redactor().text(log)


SPELLINGS = {
    "HTML": html.escape(KNOWN),
    "HTML in numbers": "".join(f"&#{ord(character)};" for character in KNOWN),
    "URL-encoded twice": quote(quote(KNOWN, safe=""), safe=""),
    "encodeURIComponent": quote(KNOWN, safe="!~*'()"),
    "hex": KNOWN.encode().hex(),
    "hex, upper case": KNOWN.encode().hex().upper(),
    "base64 in lines": base64.encodebytes(b"before " * 7 + KNOWN.encode() + b" and after").decode(),
    "JSON of PHP": json.dumps(KNOWN).replace("/", "\\/").replace("&", "\\u0026").replace("<", "\\u003C"),
    "JSON in JSON": json.dumps(json.dumps(KNOWN)),
    "wrapped bytes": f"b'{KNOWN[:8]}'\nE         +  b'{KNOWN[8:]}'",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_known_value_is_found_however_it_is_spelled(spelling: str) -> None:
    redactor = Redactor()
    redactor.learn(KNOWN, Kind.SECRET)
    redacted = redactor.text(f"before {SPELLINGS[spelling]} after")
    before, _, after = redacted.partition("redacted-secret-1")
    assert (before[:7], after[-6:]) == ("before ", " after")
    assert len(redacted) < len("before redacted-secret-1 after") + 99  # what base64 has of the text around it


@pytest.mark.parametrize(
    "unit",
    [
        "." * 9,
        "password=",
        "abcd 'xyz123...789abc' ",
        "eyJ" * 3,
        "password='\\",
        "%41\\u0042&amp;\\\\",
        "a@" * 4,
        'a="' * 3,
        "://" * 3,
    ],
)
def test_redaction_takes_linear_time(unit: str) -> None:
    redactor = Redactor()
    for number in range(155):
        redactor.learn(f"{number:03}{secrets.token_urlsafe(60)}", Kind.SECRET)

    def cost(times: int) -> float:
        return min(timeit.repeat(lambda: redactor.text(unit * times), number=1, repeat=3, timer=time.process_time))

    assert cost(8_000) < 20 * max(cost(1_000), 0.001), "8 times the text"
