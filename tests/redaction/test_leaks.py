"""What leaves the process: no odd place, spelling or encoding lets a secret through, and time grows linearly."""

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

import pytest

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.redaction import spellings
from oneentry_scenarios.redaction.placeholders import REGEX, RULES
from oneentry_scenarios.redaction.redactor import Kind, Redactor
from oneentry_scenarios.redaction.rules import WORDS
from tests.conftest import example

SECRET = "canary_Zq7xWy8"
KNOWN = 'cänary/zq&7 x+w"y<8'

SAMPLES = read_toml(__file__, "samples.toml")
BODIES: dict[str, str | bytes] = {
    **SAMPLES["bodies"],
    "no text": b"\xff\xfe\xfd " + SECRET.encode(),
    **{
        code: f'{{"pin": "{SECRET}"}}'.encode(code)
        for code in ("utf-16", "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig")
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
    assert SECRET not in Redactor().free_text(log, secrets_only=True)
    assert "(b'server', b'nginx')" in Redactor().free_text(log)


SPELLINGS = {
    "plain": KNOWN,
    "HTML": html.escape(KNOWN),
    "HTML in numbers": "".join(f"&#{ord(character)};" for character in KNOWN),
    "URL-encoded": quote(KNOWN, safe=""),
    "URL-encoded, slash kept": quote(KNOWN),
    "URL-encoded, lower case": quote(KNOWN, safe="").lower(),
    "URL-encoded twice": quote(quote(KNOWN, safe=""), safe=""),
    "encodeURIComponent": quote(KNOWN, safe="!~*'()"),
    "form-encoded": quote_plus(KNOWN),
    "hex": KNOWN.encode().hex(),
    "hex, upper case": KNOWN.encode().hex().upper(),
    **{f"base64 at {at}": base64.b64encode(b"x" * at + KNOWN.encode() + b"yz").decode() for at in range(3)},
    "base64 for URLs": base64.urlsafe_b64encode(KNOWN.encode() * 2).decode(),
    "base64 in lines": base64.encodebytes(KNOWN.encode() * 8).decode(),
    "JSON": json.dumps(KNOWN),
    "JSON, not ASCII": json.dumps(KNOWN, ensure_ascii=False),
    "JSON of PHP": json.dumps(KNOWN).replace("/", "\\/").replace("&", "\\u0026").replace("<", "\\u003C"),
    "JSON in JSON": json.dumps(json.dumps(KNOWN)),
    "unicode-escaped": "".join(f"\\u{ord(character):04x}" for character in KNOWN),
    "repr": repr([KNOWN]),
    "repr of bytes": repr(KNOWN.encode()),
    "wrapped bytes": f"b'{KNOWN[:8]}'\nE         +  b'{KNOWN[8:]}'",
    "shortened": f"{KNOWN[:11]}...{KNOWN[-11:]}",
}


def redacted_with(spelling: str) -> str:
    redactor = Redactor()
    redactor.learn(KNOWN, Kind.SECRET)
    return redactor.free_text(f"before {SPELLINGS[spelling]} after")


def is_found(spelling: str) -> bool:
    """Whether nothing longer remains than what a shared edge of base64 or a cut leaves."""
    redacted, spelled = redacted_with(spelling), SPELLINGS[spelling]
    return not any(spelled[start : start + 8] in redacted for start in range(len(spelled) - 6))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_known_value_is_found_however_it_is_spelled(spelling: str) -> None:
    redacted = redacted_with(spelling)
    assert (redacted[:7], redacted[-6:]) == ("before ", " after")
    assert is_found(spelling)


#: The rules that undo escapes, and the beginning that they share.
SHARED, *ESCAPES = re.split(r"\n  \| |(?<=\(\?:)\n +(?=\(\?:)", RULES["regex"]["escape"].rsplit(")", 1)[0])


@pytest.mark.parametrize("number", range(len(ESCAPES)))
def test_each_escape_is_needed(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    others = "\n|".join([*ESCAPES[:number], *ESCAPES[number + 1 :]])
    monkeypatch.setitem(REGEX, "escape", re.compile(f"{SHARED}{others})", re.VERBOSE))
    assert not all(map(is_found, SPELLINGS)), ESCAPES[number]


@pytest.mark.parametrize("form", ["hex", "base64"])
def test_each_encoding_is_needed(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    all_forms = spellings.spellings.__wrapped__

    def fewer(value: str) -> frozenset[str]:
        return frozenset(
            each for each in all_forms(value) if bool(re.fullmatch(r"(?i)[\da-f]+", each)) is (form != "hex")
        )

    monkeypatch.setattr("oneentry_scenarios.redaction.redactor.spellings", fewer)
    assert not all(map(is_found, (name for name in SPELLINGS if name.startswith(form))))


@pytest.mark.parametrize(("value", "shown"), SAMPLES["looks"].items())
def test_what_looks_like_a_person_s_data_is_replaced_and_nothing_else(value: str, shown: str) -> None:
    assert Redactor().free_text(f"before {value}, after") == f"before {shown or value}, after"
    assert Redactor().free_text(f"before {value}, after", secrets_only=True) == f"before {value}, after"


def test_what_a_scenario_typed_stays_and_what_it_did_not_type_goes() -> None:
    messages = MessageRedactor(Redactor())
    orders = json.dumps([{"marker": "name", "value": name} for name in ("Ada Love", "Ben Hill", "Christina Thomas")])

    def read() -> list[str]:
        body = messages.redact_response(200, "OK", [], orders.encode()).body
        return [each["value"] for each in body.structure] if body else []

    assert read() == ["redacted-name-1", "redacted-name-2", "redacted-name-3"]
    order = b'{"phone": "+491701234567", "formData": {"en_US": [{"marker": "name", "value": "Christina Thomas"}]}}'
    sent = messages.redact_request("POST", "https://shop.example/orders?city=Ada+Love", [], order)
    assert sent.body
    assert sent.body.structure == json.loads(order)
    messages.redact_response(200, "", [], b"")
    assert read() == ["Ada Love", "redacted-name-2", "Christina Thomas"]
    assert messages.redactor.free_text("Christina Thomas, not Ben Hill") == "Christina Thomas, not redacted-name-2"


@pytest.mark.parametrize("text", SAMPLES["kept"].values(), ids=SAMPLES["kept"])
def test_what_belongs_to_no_person_stays(text: str) -> None:
    assert Redactor().json(json.loads(text)) == json.loads(text)
    assert Redactor().stored_text(text) == text


@pytest.mark.parametrize("text", SAMPLES["names"].values(), ids=SAMPLES["names"])
def test_a_password_that_is_a_word_of_the_wire_is_replaced_only_where_values_stand(text: str) -> None:
    redactor = Redactor()
    redactor.learn_markers({"password_reg": Kind.PASSWORD})
    for word in ("sessions", "identifier", "password", "password_reg"):
        redactor.learn(word, Kind.PASSWORD)
    assert redactor.stored_text(text) == redactor.free_text(text) == text
    if text.startswith("{"):
        assert redactor.json(json.loads(text)) == json.loads(text)
    assert redactor.free_text("Wrong password") == "Wrong password", "it cannot be told from the word"
    values = {"message": "sessions", "url": "/x?identifier=identifier", "a": ["password", "it is 'password'"]}
    assert redactor.json(values) == {
        "message": "redacted-password-1",
        "url": "/x?identifier=redacted-password-2",
        "a": ["redacted-password-3", "it is 'redacted-password-3'"],
    }


@pytest.mark.parametrize(
    "leak", ["/api/content/SECRET/x", "/api/content/sessions-SECRET", "https://x/sessions/SECRET", '{"SECRET": 1}']
)
def test_a_secret_in_a_path_or_a_key_is_found(leak: str) -> None:
    redactor = Redactor()
    redactor.learn(SECRET, Kind.SECRET)
    assert SECRET not in redactor.stored_text(leak.replace("SECRET", SECRET))
    assert SECRET not in str(redactor.json({leak.replace("SECRET", SECRET): 1}))


def test_text_is_decoded_as_its_content_type_says() -> None:
    text = "Müller: password='geheim'".encode("latin-1")
    kind = [("content-type", "text/plain; charset=latin-1")]
    response = MessageRedactor(Redactor()).redact_response(200, "", kind, text)
    assert str(response.body) == "Müller: password='redacted-password-1'"
    assert response.headers == (("content-type", "text/plain; charset=utf-8"),)


def test_names_in_cassettes_are_words_of_the_wire() -> None:
    cassettes = (example() / "cassettes").rglob("*.json")
    texts = [path.read_text("utf-8").partition('"interactions"')[2] for path in cassettes]
    names = re.findall(r'"([\w-]{8,})":|/([a-z-]{8,})(?=[/?"])', "".join(texts))
    assert len(names) > 999
    assert {key or segment for key, segment in names} - WORDS == {"no-such-marker", "bookings"}
