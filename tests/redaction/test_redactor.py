"""Redaction: every rule is needed, placeholders keep identity and shape, and redacting twice changes nothing."""

import json
import random
import re

import jwt
import pytest

from oneentry_scenarios.redaction import rules
from oneentry_scenarios.redaction.placeholders import REGEX
from oneentry_scenarios.redaction.redactor import Kind, Redactor

from .test_leaks import SAMPLES

PASSWORD = 'c4n&ry "pässword" /1+'
TOKEN = "canary-access-token-aaaa"
REFRESH = "1745494429101-2834edf8-1234-4234-8234-1234567890ab"
JWT = jwt.encode({"id": 16, "userIdentifier": "maya@shop.example", "iat": 1, "exp": 2}, "k" * 32)


def known_password() -> Redactor:
    redactor = Redactor()
    redactor.learn(PASSWORD, Kind.PASSWORD)
    return redactor


@pytest.mark.parametrize("kind", rules.NAMES)
def test_each_name_of_a_field_is_needed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    samples: list[dict[str, object]] = [{name: f"https://{TOKEN}"} for name in SAMPLES["fields"][kind].split()]
    before = [Redactor().json(sample) for sample in samples]
    assert TOKEN not in str(before)
    monkeypatch.setitem(rules.NAMES, kind, re.compile(r"(?!)"))  # not deleted: the order decides, and would change
    # Some would still be redacted by another name, but by a placeholder of another kind and shape.
    assert not [sample for sample, redacted in zip(samples, before, strict=True) if Redactor().json(sample) == redacted]


@pytest.mark.parametrize("kind", rules.SHAPES)
def test_each_shape_is_needed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    shape = SAMPLES["shapes"][kind]
    text = f"log: {shape}, and more"
    assert shape.split()[-1] not in Redactor().free_text(text)
    rest = "|".join(f"(?P<{each.name}>{shape.pattern})" for each, shape in rules.SHAPES.items() if each != kind)
    monkeypatch.setattr("oneentry_scenarios.redaction.redactor._SHAPE", re.compile(rest, re.VERBOSE))
    assert shape in Redactor().free_text(text)


def test_looking_for_hints_first_finds_the_same() -> None:
    shapes = re.compile("|".join(f"(?P<{kind.name}>{each.pattern})" for kind, each in rules.SHAPES.items()), re.VERBOSE)
    choices, samples = (
        random.Random(20250430),
        [*SAMPLES["shapes"].values(), ": ", "::", "1.", "eyJ", "@", " +4", "%40"],
    )
    for _ in range(1500):
        pieces = "".join(choices.choices(samples, k=4))
        text = pieces[choices.randrange(9) : len(pieces) - choices.randrange(9)]
        named = [pattern.sub(lambda match: f"<{match.lastgroup}>", text) for pattern in (rules.AnyShape(), shapes)]
        assert named[0] == named[1], text


@pytest.mark.parametrize("learn", ["value", "marker"])
def test_a_text_without_a_secret_is_looked_at_again_once_more_is_known(learn: str) -> None:
    redactor, text = Redactor(), "kennwort=geheimnis-1"
    assert redactor.stored_text(text) == text
    redactor.learn("geheimnis-1", Kind.SECRET) if learn == "value" else redactor.learn_markers(
        {"kennwort": Kind.PASSWORD}
    )
    assert "geheimnis" not in redactor.stored_text(text)


@pytest.mark.parametrize("place", SAMPLES["texts"])
def test_a_field_is_found_in_any_text(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SAMPLES["texts"][place].replace("SECRET", TOKEN)
    before = Redactor().free_text(text)
    assert TOKEN not in before
    monkeypatch.setitem(REGEX, "field", re.compile(r"(?!)"))
    assert Redactor().free_text(text) != before


def test_a_password_marker_of_another_language_is_learned() -> None:
    redactor = Redactor()
    redactor.learn_markers({"kennwort": Kind.PASSWORD})
    assert "geheim" not in json.dumps(redactor.json({"marker": "kennwort", "value": "geheim"}))


def test_the_same_secret_has_the_same_placeholder_and_another_one_another() -> None:
    redactor = Redactor()
    first, again, other = (redactor.json({"accessToken": each})["accessToken"] for each in ("a" * 9, "a" * 9, "b" * 9))
    assert first == again == "redacted-access-token-1"
    assert other == "redacted-access-token-2"
    assert redactor.free_text(f"sent {'a' * 9}") == "sent redacted-access-token-1"


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
    values = {"refreshToken": REFRESH, "paymentUrl": "http://checkout.stripe.com/x", "clientSecret": "pi_3A_secret_9"}
    shown = Redactor().json(values | {"to": "a@b.io"})
    assert re.fullmatch(r"\d{13}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-\d{12}", shown["refreshToken"])
    assert shown["paymentUrl"] == "http://checkout.redacted.invalid/1", "a link that is not https must stay visible"
    assert shown["clientSecret"] == "pi_redacted_secret_1"
    assert shown["to"] == "person-1@redacted.invalid"


def test_redacting_twice_changes_nothing_and_replay_counts_on() -> None:
    document = {"accessToken": JWT, "refreshToken": REFRESH, "password": "123456", "mail": "a@b.io", "appToken": TOKEN}
    document |= {"paymentUrl": "https://checkout.stripe.com/x", "clientSecret": "pi_3A_secret_9"}
    once = Redactor().json(document)
    replay = Redactor()
    assert replay.json(once) == once
    assert replay.free_text(json.dumps(once)) == json.dumps(once)
    assert replay.json({"password": "another"}) == {"password": "redacted-password-2"}


def test_free_text_teaches_no_numbers() -> None:
    redactor = Redactor()
    assert redactor.free_text("log: someone@else.example") == "log: person-0@redacted.invalid"
    assert redactor.json("a@b.io") == "person-1@redacted.invalid"


def test_short_values_are_redacted_by_field_only() -> None:
    redactor = Redactor()
    redactor.learn("123456", Kind.PASSWORD)
    assert redactor.json({"password": "123456", "id": "123456"}) == {"password": "redacted-password-1", "id": "123456"}


def test_the_terminal_may_name_hosts_and_people_but_no_secret() -> None:
    redactor = known_password()
    redactor.learn("my-shop.oneentry.cloud", Kind.HOST)
    text = f"https://my-shop.oneentry.cloud maya@shop.example {PASSWORD}"
    assert redactor.free_text(text, secrets_only=True) == text.replace(PASSWORD, "redacted-password-1")
    assert redactor.free_text(text) == "https://project.redacted.invalid person-0@redacted.invalid redacted-password-1"


def test_reset_counts_from_one_and_still_knows_earlier_values() -> None:
    redactor = known_password()
    redactor.reset()
    assert PASSWORD not in redactor.free_text(f"later: {PASSWORD}")
    assert redactor.learn("a-new-password", Kind.PASSWORD) == "redacted-password-1"


@pytest.mark.parametrize("value", ["None", "null", "...", ""])
def test_no_value_is_no_secret(value: str) -> None:
    assert Redactor().free_text(f'"accessToken": "{value}"') == f'"accessToken": "{value}"'


def test_an_unknown_password_of_several_words_is_replaced_whole_in_text() -> None:
    text = '"password": "correct horse battery", Authorization: Bearer opaque-token'
    redacted = '"password": "redacted-password-0", Authorization: Bearer redacted-access-token-0'
    assert Redactor().free_text(text) == redacted
