"""The rules of signing in."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import jwt
import pytest

from oneentry_scenarios.mock_server import Server, fixed_clock
from oneentry_scenarios.mock_server.shop_data import User

from .caller import AUTH, DEVICES, INACTIVE_USER, OTHER_USER, Caller, refused


@pytest.fixture
def still_server() -> Iterator[Server]:
    """A server whose clock only its controls move."""
    with Server(clock=partial(fixed_clock, step=timedelta())) as server:
        yield server


def test_tokens_have_the_documented_form_and_claims(anyone: Caller) -> None:
    _, tokens = anyone.auth()
    claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
    assert [*claims] == ["id", "authProviderIdentifier", "userIdentifier", "userAgent", "iat", "exp"]
    assert (claims["id"], claims["userAgent"]) == (16, anyone.http.headers["user-agent"])
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(tokens["accessToken"])["alg"] == "HS256"
    # The refresh token begins with the moment of its access token.
    milliseconds, _, uuid = tokens["refreshToken"].partition("-")
    assert int(milliseconds) // 1000 == claims["iat"]
    assert (len(milliseconds), uuid[14]) == (13, "4")


def test_a_refused_device_leaves_the_refresh_token_valid(buyer: Caller, other_buyer: Caller) -> None:
    assert other_buyer.refresh(buyer.refresh_token) == refused("refresh_token_of_other_device")
    assert buyer.refresh(buyer.refresh_token)[0] == 201


def test_a_refresh_leaves_the_earlier_access_token_valid(buyer: Caller) -> None:
    buyer.refresh(buyer.refresh_token)
    assert buyer.user()[0] == 200


def test_a_refresh_token_expires(buyer: Caller, server: Server) -> None:
    server.controls.move_clock(timedelta(days=7))
    assert buyer.refresh(buyer.refresh_token) == refused("refresh_token_dead")


def test_an_access_token_lives_to_its_last_second(still_server: Server) -> None:
    with Caller(still_server.url) as buyer:
        milliseconds = int(buyer.sign_in().refresh_token.partition("-")[0]) % 1000
        still_server.controls.move_clock(timedelta(hours=1, milliseconds=-milliseconds - 1))
        assert buyer.user()[0] == 200
        still_server.controls.move_clock(timedelta(milliseconds=1))
        assert buyer.user() == refused("access_token_expired")


def test_two_devices_within_one_second_get_two_tokens(still_server: Server) -> None:
    url = still_server.url
    with Caller(url) as laptop, Caller(url, "phone") as phone:
        assert laptop.auth()[1]["accessToken"] != phone.auth()[1]["accessToken"]


def test_the_counters_of_a_provider_are_numbers(anyone: Caller) -> None:
    _, provider = anyone.get("/api/content/users-auth-providers/marker/email")
    config = provider["config"]
    assert (config["accessTokenTtlSec"], config["refreshTokenTtlMc"]) == (3600, 604_800)
    assert not [value for value in config.values() if isinstance(value, str)]


def test_another_user_on_the_same_device_replaces_no_session(buyer: Caller) -> None:
    buyer.auth(OTHER_USER)
    assert buyer.user()[1]["id"] == 16


def test_a_user_cannot_sign_another_out(buyer: Caller) -> None:
    _, theirs = buyer.auth(OTHER_USER)
    answer = buyer.post(f"{AUTH}/logout", {"refreshToken": theirs["refreshToken"]})
    assert answer == refused("refresh_token_dead")
    assert buyer.refresh(theirs["refreshToken"])[0] == 201


@pytest.mark.usefixtures("phone")
def test_active_sessions_name_each_device(buyer: Caller) -> None:
    _, sessions = buyer.get(f"{AUTH}/sessions")
    empty = {"browser": "", "location": ""}
    assert [each["deviceInfo"] for each in sessions] == [empty | DEVICES["phone"], DEVICES["laptop"]]


def test_only_the_right_password_shows_that_a_user_is_not_activated(anyone: Caller) -> None:
    assert anyone.auth(INACTIVE_USER) == refused("user_not_activated")
    wrong = User(0, INACTIVE_USER.identifier, "wrong", "email")
    assert anyone.auth(wrong) == refused("credentials_wrong")
