"""The rules of signing in, without HTTP."""

from datetime import timedelta

import jwt
import pytest

from oneentry_scenarios.mock_server import FixedClock, ServerControls, ShopRules
from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused
from oneentry_scenarios.mock_server.world import User

from .caller import INACTIVE_USER, OTHER_USER, YOUR_USER
from .rule_calls import LAPTOP, PHONE, bearer, refresh, refused, sign_in


class TestTokens:
    def test_an_access_token_is_a_signed_jwt_with_the_documented_claims(self, shop: ShopRules) -> None:
        tokens = sign_in(shop)
        claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
        assert [*claims] == ["id", "authProviderIdentifier", "userIdentifier", "userAgent", "iat", "exp"]
        assert (claims["id"], claims["userAgent"], claims["exp"] - claims["iat"]) == (16, "node", 3600)
        assert jwt.get_unverified_header(tokens["accessToken"])["alg"] == "HS256"

    def test_a_refresh_token_begins_with_the_moment_of_its_access_token(self, shop: ShopRules) -> None:
        tokens = sign_in(shop)
        claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
        milliseconds, _, uuid = tokens["refreshToken"].partition("-")
        assert int(milliseconds) // 1000 == claims["iat"]
        assert (len(milliseconds), uuid[14]) == (13, "4")

    def test_a_refresh_token_is_good_once(self, shop: ShopRules) -> None:
        first = sign_in(shop)
        second = refresh(shop, first["refreshToken"])
        with refused(Refusal.REFRESH_TOKEN_DEAD):
            refresh(shop, first["refreshToken"])
        assert refresh(shop, second["refreshToken"]) != second

    def test_a_refused_device_leaves_the_refresh_token_good(self, shop: ShopRules) -> None:
        tokens = sign_in(shop)
        with refused(Refusal.REFRESH_TOKEN_OF_OTHER_DEVICE):
            refresh(shop, tokens["refreshToken"], PHONE)
        refresh(shop, tokens["refreshToken"])

    def test_a_refresh_leaves_the_earlier_access_token_good(self, shop: ShopRules) -> None:
        tokens = sign_in(shop)
        refresh(shop, tokens["refreshToken"])
        assert shop.people.bearer(bearer(tokens)) == YOUR_USER

    def test_a_refresh_token_expires(self, shop: ShopRules, controls: ServerControls) -> None:
        tokens = sign_in(shop)
        controls.move_clock(timedelta(days=7))
        with refused(Refusal.REFRESH_TOKEN_DEAD):
            refresh(shop, tokens["refreshToken"])

    def test_an_access_token_lives_to_its_last_second(self, shop: ShopRules, controls: ServerControls) -> None:
        tokens = sign_in(shop)
        controls.move_clock(timedelta(seconds=3599, milliseconds=997))
        assert shop.people.bearer(bearer(tokens)) == YOUR_USER
        controls.move_clock(timedelta(milliseconds=1))
        with refused(Refusal.ACCESS_TOKEN_EXPIRED):
            shop.people.bearer(bearer(tokens))

    def test_two_devices_within_one_second_get_two_tokens(self) -> None:
        shop = ShopRules(clock=FixedClock(step=timedelta()))
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        assert laptop["accessToken"] != phone["accessToken"]


class TestSessionsOfPeople:
    def test_signing_in_again_replaces_this_devices_session_only(self, shop: ShopRules) -> None:
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        again = sign_in(shop)
        with refused(Refusal.ACCESS_TOKEN_CLOSED):
            shop.people.bearer(bearer(laptop))
        assert shop.people.bearer(bearer(phone)) == shop.people.bearer(bearer(again)) == YOUR_USER

    def test_the_same_device_of_another_user_is_left_alone(self, shop: ShopRules) -> None:
        mine = sign_in(shop)
        sign_in(shop, OTHER_USER)
        assert shop.people.bearer(bearer(mine)) == YOUR_USER

    def test_signing_out_closes_one_device_at_once(self, shop: ShopRules) -> None:
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        body = Body({"refreshToken": laptop["refreshToken"]})
        assert shop.people.logout(Call({"marker": "email"}, user=YOUR_USER, device=LAPTOP, body=body)) is True
        with refused(Refusal.ACCESS_TOKEN_CLOSED):
            shop.people.bearer(bearer(laptop))
        assert shop.people.bearer(bearer(phone)) == YOUR_USER

    def test_nobody_signs_another_out(self, shop: ShopRules) -> None:
        theirs = sign_in(shop, OTHER_USER)
        body = Body({"refreshToken": theirs["refreshToken"]})
        with refused(Refusal.REFRESH_TOKEN_DEAD):
            shop.people.logout(Call({"marker": "email"}, user=YOUR_USER, device=LAPTOP, body=body))
        assert shop.people.bearer(bearer(theirs)) == OTHER_USER

    def test_signing_out_everywhere_closes_every_device_of_this_user(self, shop: ShopRules) -> None:
        mine, theirs = [sign_in(shop), sign_in(shop, device=PHONE)], sign_in(shop, OTHER_USER)
        shop.people.logout_all(Call({"marker": "email"}, user=YOUR_USER))
        for tokens in mine:
            with pytest.raises(RequestRefused):
                shop.people.bearer(bearer(tokens))
            with pytest.raises(RequestRefused):
                refresh(shop, tokens["refreshToken"])
        assert shop.people.bearer(bearer(theirs)) == OTHER_USER

    def test_active_sessions_name_each_device(self, shop: ShopRules) -> None:
        sign_in(shop)
        sign_in(shop, device=PHONE)
        assert shop.people.active_sessions(Call({"marker": "email"}, user=YOUR_USER)) == [
            {"deviceInfo": {"os": "Linux", "browser": "Firefox", "location": "en-US"}},
            {"deviceInfo": {"os": "Android", "browser": "", "location": ""}},
        ]

    def test_who_is_not_activated_learns_it_only_with_the_right_password(self, shop: ShopRules) -> None:
        with refused(Refusal.USER_NOT_ACTIVATED):
            sign_in(shop, INACTIVE_USER)
        with refused(Refusal.CREDENTIALS_WRONG):
            sign_in(shop, User(0, INACTIVE_USER.identifier, "wrong", "email"))
