"""Redaction: every rule is needed, placeholders keep identity and shape, and redacting twice changes nothing."""

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import jwt
import pytest

from oneentry_scenarios.redaction import personal
from oneentry_scenarios.redaction import redactor as redaction
from oneentry_scenarios.redaction.redactor import Kind, Redactor

PASSWORD = 'c4n&ry "pässword" /1+'
TOKEN = "canary-access-token-aaaa"
REFRESH = "1745494429101-2834edf8-1234-4234-8234-1234567890ab"
JWT = jwt.encode({"id": 16, "userIdentifier": "maya@shop.example", "iat": 1, "exp": 2}, "k" * 32)


def known_password() -> Redactor:
    redactor = Redactor()
    redactor.learn(PASSWORD, Kind.PASSWORD)
    return redactor


def in_base64(offset: int) -> str:
    return base64.b64encode(b"x" * offset + PASSWORD.encode() + b"yz").decode()


SPELLINGS: dict[str, str] = {
    "plain": PASSWORD,
    "URL-encoded": quote(PASSWORD, safe=""),
    "URL-encoded, slash kept": quote(PASSWORD),
    "form-encoded": quote_plus(PASSWORD),
    "URL-encoded, lower case": quote(PASSWORD, safe="").lower(),
    "JSON": json.dumps(PASSWORD),
    "JSON, not ASCII": json.dumps(PASSWORD, ensure_ascii=False),
    "unicode-escaped": "".join(f"\\u{ord(c):04x}" for c in PASSWORD),
    "repr": repr([PASSWORD]),
    "repr of bytes": repr(PASSWORD.encode()),
    "base64": in_base64(0),
    "base64, shifted by one": in_base64(1),
    "base64, shifted by two": in_base64(2),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.encode() * 2).decode(),
    "shortened": f"{PASSWORD[:11]}...{PASSWORD[-11:]}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_known_value_is_found_in_every_spelling(spelling: str) -> None:
    text = f"before {SPELLINGS[spelling]} after"
    redacted = known_password().text(text)
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")
    # Nothing longer than what a shared edge of base64 or a cut leaves may remain.
    for length in range(len(SPELLINGS[spelling]) - 6):
        assert SPELLINGS[spelling][length : length + 8] not in redacted


#: Fields and headers that are secret, as they are written somewhere.
FIELDS = ["x-app-token", "Authorization", "access_token", "refreshToken", "clientSecret", "paymentUrl"]

Rule = tuple[Callable[[pytest.MonkeyPatch], None], str, str]


def without_field(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.delitem(redaction.FIELDS, plain(name))


def plain(name: str) -> str:
    return re.sub("[^a-z]|^x-", "", name.lower())


def without_shape(kind: Kind) -> Callable[[pytest.MonkeyPatch], None]:
    rest = {each: pattern for each, pattern in redaction.SHAPES.items() if each is not kind}
    pattern = re.compile("|".join(f"(?P<{each.name}>{shape})" for each, shape in rest.items()))
    return lambda patch: patch.setattr(redaction, "_SHAPE", pattern)


def without_pattern(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(redaction, name, re.compile(r"(?!)"))


def without_personal_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "NAMES", re.compile(r"(?!)"))


#: Rule -> how to take it away, what it redacts, and what is then seen. `json:` goes through `Redactor.json`.
RULES: dict[str, Rule] = {
    **{
        f"field {name}": (without_field(name), f'json:{{"{name}": "https://pay.example/{TOKEN}"}}', TOKEN)
        for name in FIELDS
    },
    "scheme in a field": (without_field("Authorization"), f'json:{{"Authorization": "Bearer {TOKEN}"}}', TOKEN),
    "fields of passwords": (without_pattern("_PASSWORD_NAME"), 'json:{"password2": "123456"}', "123456"),
    "markers of passwords": (
        without_pattern("_PASSWORD_NAME"),
        'json:[{"marker": "password_reg", "value": "123456"}]',
        "123456",
    ),
    "other secret names": (without_pattern("_SECRET_NAME"), f'json:{{"signingSecretKey": "{TOKEN}"}}', TOKEN),
    "shape of a JWT": (without_shape(Kind.ACCESS_TOKEN), f"log: {JWT}", JWT),
    "shape of a refresh token": (without_shape(Kind.REFRESH_TOKEN), f"log: {REFRESH}", REFRESH),
    "shape of a client secret": (without_shape(Kind.CLIENT_SECRET), "log: pi_3Abc_secret_9xyz", "pi_3Abc_secret_9xyz"),
    "shape of a checkout link": (
        without_shape(Kind.CHECKOUT_LINK),
        "log: https://checkout.stripe.com/c/pay/cs_1",
        "cs_1",
    ),
    "shape of a key": (without_shape(Kind.SECRET), "log: Bearer a1b2c3d4", "a1b2c3d4"),
    "shape of an e-mail": (without_shape(Kind.EMAIL), "log: maya@shop.example", "maya@shop.example"),
    "shape of a card": (without_shape(Kind.CARD), "log: 4242424242424242", "4242424242424242"),
    "shape of an IBAN": (without_shape(Kind.IBAN), "log: DE89370400440532013000", "DE89370400440532013000"),
    "shape of a phone": (without_shape(Kind.PHONE), "log: +49 170 1234567", "1234567"),
    "shape of an IP": (without_shape(Kind.IP), "log: 203.0.113.7", "203.0.113.7"),
    "names of personal data": (without_personal_names, 'json:{"customer": {"name": "Ben"}, "city": "Rome"}', "Rome"),
    "field in text": (without_pattern("_FIELD"), f'{{"accessToken": "{TOKEN}", "cut', TOKEN),
    "field in a Python text": (without_pattern("_FIELD"), f"SignIn(access_token='{TOKEN}')", TOKEN),
    "header in text": (without_pattern("_FIELD"), f"authorization: Bearer {TOKEN}", TOKEN),
    "field in a query": (without_pattern("_FIELD"), f"GET /x?page=1&access_token={TOKEN}", TOKEN),
    "marker in text": (without_pattern("_FIELD"), "{'marker': 'password_reg', 'value': '123456'}", "123456"),
}


def redacted(sample: str) -> str:
    redactor = Redactor()
    if sample.startswith("json:"):
        return json.dumps(redactor.json(json.loads(sample.removeprefix("json:"))))
    return redactor.text(sample)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_redacts_and_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take_away, sample, secret = RULES[rule]
    before = redacted(sample)
    assert secret not in before
    take_away(monkeypatch)
    # Some fields would still be redacted for their names' endings, but by a placeholder of another kind and shape.
    assert redacted(sample) != before, "nothing changes without the rule: the sample does not test it"


def test_the_rules_above_are_all_rules() -> None:
    assert {plain(name) for name in FIELDS} == redaction.FIELDS.keys()
    assert len([rule for rule in RULES if rule.startswith("shape")]) == len(redaction.SHAPES)


def test_a_password_marker_of_another_language_is_learned() -> None:
    redactor = Redactor()
    redactor.learn_markers({"kennwort": Kind.PASSWORD})
    assert "geheim" not in json.dumps(redactor.json({"marker": "kennwort", "value": "geheim"}))


def test_the_same_secret_has_the_same_placeholder_and_another_one_another() -> None:
    redactor = Redactor()
    first, again, other = (redactor.json({"accessToken": each})["accessToken"] for each in ("a" * 9, "a" * 9, "b" * 9))
    assert first == again == "redacted-access-token-1"
    assert other == "redacted-access-token-2"
    assert redactor.text(f"sent {'a' * 9}") == "sent redacted-access-token-1"


def test_a_jwt_stays_a_jwt_unsigned_and_obviously_fake() -> None:
    placeholder = Redactor().json({"accessToken": JWT})["accessToken"]
    assert jwt.get_unverified_header(placeholder) == {"alg": "none", "typ": "JWT"}
    claims = jwt.decode(placeholder, options={"verify_signature": False, "verify_exp": False})
    assert claims == {
        "redacted": "redacted-access-token-1",
        "id": 16,
        "userIdentifier": "person-1@redacted.invalid",
        "iat": 1,
        "exp": 2,
    }
    assert placeholder.endswith(".")


def test_shapes_are_kept() -> None:
    shown = Redactor().json(
        {
            "refreshToken": REFRESH,
            "paymentUrl": "http://checkout.stripe.com/x",
            "clientSecret": "pi_3A_secret_9",
            "to": "a@b.io",
        }
    )
    assert re.fullmatch(r"\d{13}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-\d{12}", shown["refreshToken"])
    assert shown["paymentUrl"] == "http://checkout.redacted.invalid/1", "a link that is not https must stay visible"
    assert shown["clientSecret"] == "pi_redacted_secret_1"
    assert shown["to"] == "person-1@redacted.invalid"


def test_redacting_twice_changes_nothing_and_replay_counts_on() -> None:
    document = {
        "accessToken": JWT,
        "refreshToken": REFRESH,
        "password": "123456",
        "paymentUrl": "https://checkout.stripe.com/x",
        "clientSecret": "pi_3A_secret_9",
        "mail": "a@b.io",
        "appToken": TOKEN,
    }
    once = Redactor().json(document)
    replay = Redactor()
    assert replay.json(once) == once
    assert replay.text(json.dumps(once)) == json.dumps(once)
    assert replay.json({"password": "another"}) == {"password": "redacted-password-2"}


def test_free_text_teaches_no_numbers() -> None:
    redactor = Redactor()
    assert redactor.text("log: someone@else.example") == "log: person-0@redacted.invalid"
    assert redactor.json("a@b.io") == "person-1@redacted.invalid"


def test_short_values_are_redacted_by_field_only() -> None:
    redactor = Redactor()
    redactor.learn("123456", Kind.PASSWORD)
    assert redactor.json({"password": "123456", "id": "123456"}) == {"password": "redacted-password-1", "id": "123456"}


def test_the_terminal_may_name_hosts_and_people_but_no_secret() -> None:
    redactor = known_password()
    redactor.learn("my-shop.oneentry.cloud", Kind.HOST)
    text = f"https://my-shop.oneentry.cloud maya@shop.example {PASSWORD}"
    assert redactor.text(text, secrets_only=True) == text.replace(PASSWORD, "redacted-password-1")
    assert redactor.text(text) == "https://project.redacted.invalid person-0@redacted.invalid redacted-password-1"


def test_reset_counts_from_one_and_still_knows_earlier_values() -> None:
    redactor = known_password()
    redactor.reset()
    assert PASSWORD not in redactor.text(f"later: {PASSWORD}")
    assert redactor.learn("a-new-password", Kind.PASSWORD) == "redacted-password-1"


@pytest.mark.parametrize("value", ["None", "null", "...", ""])
def test_no_value_is_no_secret(value: str) -> None:
    assert Redactor().text(f'"accessToken": "{value}"') == f'"accessToken": "{value}"'


def test_an_unknown_password_of_several_words_is_replaced_whole_in_text() -> None:
    text = '"password": "correct horse battery", Authorization: Bearer opaque-token'
    redacted = '"password": "redacted-password-0", Authorization: Bearer redacted-access-token-0'
    assert Redactor().text(text) == redacted
