"""The rules without HTTP."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import jwt
import pytest

from oneentry_scenarios.mock_server import DEFAULT, OTHER, Controls, Era, FixedClock, Shop
from oneentry_scenarios.mock_server.checks import Body, Call, Device, Page, parse, render
from oneentry_scenarios.mock_server.refusals import Refusal, Refused
from oneentry_scenarios.mock_server.world import Field, Product, User

from .caller import INACTIVE_USER, OTHER_USER, YOUR_USER, ordered

LAPTOP = Device("laptop", {"os": "Linux", "browser": "Firefox", "location": "en-US"})
PHONE = Device("phone", {"os": "Android"})


def sign_in(shop: Shop, user: User = YOUR_USER, device: Device = LAPTOP) -> dict[str, Any]:
    entries = [{"marker": "email_reg", "value": user.identifier}, {"marker": "password_reg", "value": user.password}]
    shop.clock.tick()
    return shop.people.auth(
        Call(path={"marker": "email"}, body=Body({"authData": entries}), device=device, user_agent="node")
    )


def refresh(shop: Shop, token: str, device: Device = LAPTOP) -> dict[str, Any]:
    return shop.people.refresh(Call(path={"marker": "email"}, body=Body({"refreshToken": token}), device=device))


def bearer(tokens: dict[str, Any]) -> str:
    return f"Bearer {tokens['accessToken']}"


def order(shop: Shop, buyer: User = YOUR_USER, account: str = "cash", **changes: object) -> dict[str, Any]:
    body = Body(ordered(paymentAccountIdentifier=account, **changes))
    return shop.orders.create(Call(path={"marker": "orders"}, user=buyer, body=body))


def pay(shop: Shop, order_id: int, kind: str = "session", buyer: User = YOUR_USER) -> dict[str, Any]:
    return shop.payments.create(Call(user=buyer, body=Body({"orderId": order_id, "type": kind})))


def read(shop: Shop, order_id: int, language: str = "en_US") -> dict[str, Any]:
    path = {"marker": "orders", "id": str(order_id)}
    return shop.orders.read(Call(path=path, user=YOUR_USER, language=language))


def refusal_of(info: pytest.ExceptionInfo[Refused]) -> Refusal:
    return info.value.refusal


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def controls(shop: Shop) -> Controls:
    return Controls(lambda: shop)


class TestTokens:
    def test_an_access_token_is_a_signed_jwt_with_the_documented_claims(self, shop: Shop) -> None:
        tokens = sign_in(shop)
        claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
        assert [*claims] == ["id", "authProviderIdentifier", "userIdentifier", "userAgent", "iat", "exp"]
        assert (claims["id"], claims["userAgent"], claims["exp"] - claims["iat"]) == (16, "node", 3600)
        assert jwt.get_unverified_header(tokens["accessToken"])["alg"] == "HS256"

    def test_a_refresh_token_begins_with_the_moment_of_its_access_token(self, shop: Shop) -> None:
        tokens = sign_in(shop)
        claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
        milliseconds, _, uuid = tokens["refreshToken"].partition("-")
        assert int(milliseconds) // 1000 == claims["iat"]
        assert (len(milliseconds), uuid[14]) == (13, "4")

    def test_a_refresh_token_is_good_once(self, shop: Shop) -> None:
        first = sign_in(shop)
        second = refresh(shop, first["refreshToken"])
        with pytest.raises(Refused) as info:
            refresh(shop, first["refreshToken"])
        assert refusal_of(info) is Refusal.REFRESH_TOKEN_DEAD
        assert refresh(shop, second["refreshToken"]) != second

    def test_a_refused_device_leaves_the_refresh_token_good(self, shop: Shop) -> None:
        tokens = sign_in(shop)
        with pytest.raises(Refused) as info:
            refresh(shop, tokens["refreshToken"], PHONE)
        assert refusal_of(info) is Refusal.REFRESH_TOKEN_OF_OTHER_DEVICE
        refresh(shop, tokens["refreshToken"])

    def test_a_refresh_leaves_the_earlier_access_token_good(self, shop: Shop) -> None:
        tokens = sign_in(shop)
        refresh(shop, tokens["refreshToken"])
        assert shop.people.bearer(bearer(tokens)) == YOUR_USER

    def test_a_refresh_token_expires(self, shop: Shop, controls: Controls) -> None:
        tokens = sign_in(shop)
        controls.move_clock(timedelta(days=7))
        with pytest.raises(Refused) as info:
            refresh(shop, tokens["refreshToken"])
        assert refusal_of(info) is Refusal.REFRESH_TOKEN_DEAD

    def test_an_access_token_lives_to_its_last_second(self, shop: Shop, controls: Controls) -> None:
        tokens = sign_in(shop)
        controls.move_clock(timedelta(seconds=3599, milliseconds=997))
        assert shop.people.bearer(bearer(tokens)) == YOUR_USER
        controls.move_clock(timedelta(milliseconds=1))
        with pytest.raises(Refused) as info:
            shop.people.bearer(bearer(tokens))
        assert refusal_of(info) is Refusal.ACCESS_TOKEN_EXPIRED

    def test_two_devices_within_one_second_get_two_tokens(self) -> None:
        shop = Shop(clock=FixedClock(step=timedelta()))
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        assert laptop["accessToken"] != phone["accessToken"]


class TestSessionsOfPeople:
    def test_signing_in_again_replaces_this_devices_session_only(self, shop: Shop) -> None:
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        again = sign_in(shop)
        with pytest.raises(Refused) as info:
            shop.people.bearer(bearer(laptop))
        assert refusal_of(info) is Refusal.ACCESS_TOKEN_CLOSED
        assert shop.people.bearer(bearer(phone)) == shop.people.bearer(bearer(again)) == YOUR_USER

    def test_the_same_device_of_another_user_is_left_alone(self, shop: Shop) -> None:
        mine = sign_in(shop)
        sign_in(shop, OTHER_USER)
        assert shop.people.bearer(bearer(mine)) == YOUR_USER

    def test_signing_out_closes_one_device_at_once(self, shop: Shop) -> None:
        laptop, phone = sign_in(shop), sign_in(shop, device=PHONE)
        body = Body({"refreshToken": laptop["refreshToken"]})
        assert shop.people.logout(Call({"marker": "email"}, user=YOUR_USER, device=LAPTOP, body=body)) is True
        with pytest.raises(Refused) as info:
            shop.people.bearer(bearer(laptop))
        assert refusal_of(info) is Refusal.ACCESS_TOKEN_CLOSED
        assert shop.people.bearer(bearer(phone)) == YOUR_USER

    def test_nobody_signs_another_out(self, shop: Shop) -> None:
        theirs = sign_in(shop, OTHER_USER)
        body = Body({"refreshToken": theirs["refreshToken"]})
        with pytest.raises(Refused) as info:
            shop.people.logout(Call({"marker": "email"}, user=YOUR_USER, device=LAPTOP, body=body))
        assert refusal_of(info) is Refusal.REFRESH_TOKEN_DEAD
        assert shop.people.bearer(bearer(theirs)) == OTHER_USER

    def test_signing_out_everywhere_closes_every_device_of_this_user(self, shop: Shop) -> None:
        mine, theirs = [sign_in(shop), sign_in(shop, device=PHONE)], sign_in(shop, OTHER_USER)
        shop.people.logout_all(Call({"marker": "email"}, user=YOUR_USER))
        for tokens in mine:
            with pytest.raises(Refused):
                shop.people.bearer(bearer(tokens))
            with pytest.raises(Refused):
                refresh(shop, tokens["refreshToken"])
        assert shop.people.bearer(bearer(theirs)) == OTHER_USER

    def test_active_sessions_name_each_device(self, shop: Shop) -> None:
        sign_in(shop)
        sign_in(shop, device=PHONE)
        assert shop.people.active_sessions(Call({"marker": "email"}, user=YOUR_USER)) == [
            {"deviceInfo": {"os": "Linux", "browser": "Firefox", "location": "en-US"}},
            {"deviceInfo": {"os": "Android", "browser": "", "location": ""}},
        ]

    def test_who_is_not_activated_learns_it_only_with_the_right_password(self, shop: Shop) -> None:
        with pytest.raises(Refused) as info:
            sign_in(shop, INACTIVE_USER)
        assert refusal_of(info) is Refusal.USER_NOT_ACTIVATED
        with pytest.raises(Refused) as info:
            sign_in(shop, User(0, INACTIVE_USER.identifier, "wrong", "email"))
        assert refusal_of(info) is Refusal.CREDENTIALS_WRONG


class TestMoney:
    @pytest.mark.parametrize(
        ("products", "number", "text"),
        [
            ([(14, 1)], "340", "340.00"),
            ([(14, 10)], "3400", "3400.00"),
            ([(2, 1)], "10.5", "10.50"),
            ([(3, 3)], "0.3", "0.30"),
            ([(3, 1), (4, 3), (2, 7)], "133.57", "133.57"),
            ([(4, 2_147_483_647)], "42928198103.53", "42928198103.53"),
        ],
    )
    def test_a_total_is_exact(self, products: list[tuple[int, int]], number: str, text: str, shop: Shop) -> None:
        lines = [{"productId": product, "quantity": quantity} for product, quantity in products]
        created = order(shop, products=lines)
        assert f'"totalSum":{number},' in render(created)
        assert read(shop, created["id"])["totalSum"] == text

    def test_a_read_total_has_two_decimals_however_the_price_is_given(self) -> None:
        shop = Shop(replace(DEFAULT, products=(Product(14, "Product 14", Decimal(7)),)))
        assert read(shop, order(shop)["id"])["totalSum"] == "7.00"

    def test_numbers_are_read_exactly(self) -> None:
        assert parse(b"0.1") == Decimal("0.1")

    def test_a_whole_number_may_be_written_with_a_point(self) -> None:
        assert Body({"quantity": Decimal("2.0")}).integer("quantity") == 2

    @pytest.mark.parametrize("value", [True, "1", None, Decimal("1.5"), -1, 2**31, Decimal("1e999999"), [1]])
    def test_anything_else_is_no_whole_number(self, value: object) -> None:
        with pytest.raises(Refused) as info:
            Body({"quantity": value}).integer("quantity")
        assert refusal_of(info) is Refusal.FIELD_MALFORMED


class TestOrders:
    def test_an_order_begins_in_the_default_status_and_unpaid(self, shop: Shop) -> None:
        cash, card = order(shop), order(shop, account="stripe")
        assert read(shop, cash["id"])["statusIdentifier"] == "inProgress"
        assert read(shop, cash["id"])["isCompleted"] is None
        assert read(shop, card["id"])["isCompleted"] is False

    def test_a_form_is_read_in_the_language_it_was_sent_in(self, shop: Shop) -> None:
        created = order(shop)
        assert created["formData"].keys() == {"en_US"}
        assert read(shop, created["id"])["formData"] == created["formData"]["en_US"]
        assert read(shop, created["id"], "de_DE")["formData"] == []

    def test_a_language_without_its_required_field_is_refused_even_beside_a_good_one(self) -> None:
        shop = Shop(OTHER)
        good = {"marker": "besteller", "type": "string", "value": "Maya"}
        floor = {"marker": "etage", "type": "integer", "value": 0}
        body = {
            "formIdentifier": "bestellformular",
            "paymentAccountIdentifier": "karte",
            "formData": {"de_DE": [good, floor], "fr_FR": [floor]},
            "products": [{"productId": 501, "quantity": 1}],
        }
        call = Call(path={"marker": "bestellungen"}, user=OTHER.users[0], body=Body(body))
        with pytest.raises(Refused, match="'besteller' is required"):
            shop.orders.create(call)
        body["formData"] = {"de_DE": [good, floor], "fr_FR": [good]}
        assert shop.orders.create(call)["id"] == 7001

    def test_the_number_0_does_not_fill_a_required_field(self) -> None:
        storage = replace(DEFAULT.storages[0], fields=(Field("floor", "integer"),))
        shop = Shop(replace(DEFAULT, storages=(storage,)))
        floor = {"marker": "floor", "type": "integer", "value": 0}
        with pytest.raises(Refused) as info:
            order(shop, formData={"en_US": [floor]})
        assert refusal_of(info) is Refusal.FORM_FIELD_MISSING
        assert order(shop, formData={"en_US": [floor | {"value": 7}]})["id"] == 89

    def test_another_storages_order_is_not_found(self) -> None:
        shop = Shop(OTHER)
        body = {
            "formIdentifier": "aboformular",
            "paymentAccountIdentifier": "karte",
            "formData": {"de_DE": [{"marker": "abonnent", "type": "string", "value": "Maya"}]},
            "products": [{"productId": 501, "quantity": 1}],
        }
        buyer = OTHER.users[0]
        shop.orders.create(Call(path={"marker": "abos"}, user=buyer, body=Body(body)))
        with pytest.raises(Refused) as info:
            shop.orders.read(Call(path={"marker": "bestellungen", "id": "7001"}, user=buyer))
        assert refusal_of(info) is Refusal.ORDER_NOT_FOUND
        assert shop.orders.list(Call(path={"marker": "bestellungen"}, user=buyer, page=Page(0, 30)))["total"] == 0

    def test_an_account_that_is_not_linked_to_the_storage_is_refused(self, shop: Shop) -> None:
        with pytest.raises(Refused) as info:
            order(shop, account="voucher")
        assert refusal_of(info) is Refusal.ACCOUNT_NOT_CONNECTED

    def test_a_refused_order_leaves_nothing_behind(self, shop: Shop) -> None:
        with pytest.raises(Refused):
            order(shop, products=[{"productId": 99, "quantity": 1}])
        assert shop.orders.list(Call(path={"marker": "orders"}, user=YOUR_USER, page=Page(0, 30)))["total"] == 0
        assert order(shop)["id"] == DEFAULT.first_order

    def test_an_update_cancels_what_waits_and_keeps_the_rest(self, shop: Shop) -> None:
        created = order(shop, account="stripe")
        pay(shop, created["id"])
        path = {"marker": "orders", "id": str(created["id"])}
        changed = ordered(products=[{"productId": 1, "quantity": 2}], statusIdentifier="expired")
        updated = shop.orders.update(Call(path=path, user=YOUR_USER, body=Body(changed)))
        assert updated | {"totalSum": 340} == order(shop) | {
            "id": 89,
            "products": [{"productId": 1, "quantity": 2}],
            "createdDate": created["createdDate"],
        }
        assert updated["totalSum"] == 240
        assert read(shop, 89)["statusIdentifier"] == "expired"
        sessions = shop.payments.by_order(Call(path={"id": "89"}, user=YOUR_USER))
        assert isinstance(sessions, list)
        assert [session["status"] for session in sessions] == ["canceled"]


class TestPayments:
    @pytest.mark.parametrize(
        ("account", "kind", "link", "secret"),
        [
            ("cash", "session", None, None),
            ("cash", "intent", None, None),
            ("stripe", "session", "https://checkout.stripe.com/c/pay/cs_", None),
            ("stripe", "intent", None, "pi_"),
        ],
    )
    def test_only_stripe_has_a_link_or_a_secret(
        self, account: str, kind: str, link: str | None, secret: str | None, shop: Shop
    ) -> None:
        session = pay(shop, order(shop, account=account)["id"], kind)
        assert (session["paymentUrl"] or "").startswith(link or "")
        assert (session["paymentUrl"] is None) == (link is None)
        assert session.get("clientSecret", "").startswith(secret or "")
        assert ("clientSecret" in session) == (secret is not None)

    @pytest.mark.parametrize(
        ("end", "session_status", "order_status", "is_completed"),
        [
            (Controls.complete_payment, "completed", "paid_for", True),
            (Controls.cancel_payment, "canceled", "canceled", False),
            (Controls.expire_payment, "expired", "expired", False),
        ],
    )
    def test_the_order_follows_its_session(
        self, end: Any, session_status: str, order_status: str, is_completed: bool, shop: Shop, controls: Controls
    ) -> None:
        created = order(shop, account="stripe")
        session = pay(shop, created["id"])
        shop.clock.tick()
        end(controls, created["id"])
        now = shop.payments.session(Call(path={"id": str(session["id"])}, user=YOUR_USER))
        assert now["status"] == session_status
        assert now["createdDate"] == session["createdDate"] < now["updatedDate"]
        assert read(shop, created["id"])["statusIdentifier"] == order_status
        assert read(shop, created["id"])["isCompleted"] is is_completed

    def test_a_new_session_cancels_the_one_that_waits(self, shop: Shop) -> None:
        created = order(shop, account="stripe")
        first, second = pay(shop, created["id"]), pay(shop, created["id"])
        sessions = shop.payments.by_order(Call(path={"id": str(created["id"])}, user=YOUR_USER))
        assert sessions == [first | {"status": "canceled"}, second]
        assert read(shop, created["id"])["statusIdentifier"] == "inProgress"
        assert read(shop, created["id"])["paymentUrl"] == second["paymentUrl"]

    def test_after_a_canceled_payment_the_buyer_may_try_again(self, shop: Shop, controls: Controls) -> None:
        created = order(shop, account="stripe")
        pay(shop, created["id"])
        controls.cancel_payment(created["id"])
        pay(shop, created["id"])
        assert read(shop, created["id"])["statusIdentifier"] == "inProgress"

    def test_a_fractional_total_is_only_stripes_trouble(self, shop: Shop) -> None:
        fraction = [{"productId": 2, "quantity": 1}]
        assert pay(shop, order(shop, products=fraction)["id"])["status"] == "waiting"
        with pytest.raises(Refused) as info:
            pay(shop, order(shop, account="stripe", products=fraction)["id"])
        assert refusal_of(info) is Refusal.TOTAL_FRACTIONAL
        two_halves = [{"productId": 2, "quantity": 2}]
        assert pay(shop, order(shop, account="stripe", products=two_halves)["id"])["status"] == "waiting"

    def test_a_control_without_a_waiting_session_says_what_to_do(self, shop: Shop, controls: Controls) -> None:
        created = order(shop)
        with pytest.raises(LookupError, match="order 89 has no waiting payment session: create one first"):
            controls.complete_payment(created["id"])

    def test_in_2025_the_session_of_an_order_is_one_object_or_null(self) -> None:
        shop = Shop(era=Era.Y2025)
        created = order(shop)
        call = Call(path={"id": str(created["id"])}, user=YOUR_USER)
        assert shop.payments.by_order(call) is None
        pay(shop, created["id"])
        newest = pay(shop, created["id"])
        assert "amount" not in newest
        assert shop.payments.by_order(call) == newest


class TestPages:
    @pytest.mark.parametrize(
        ("offset", "limit", "shown"),
        [
            (0, 30, range(10)),
            (0, 3, range(3)),
            (5, 50, range(5, 10)),
            (9, 1, [9]),
            (10, 30, []),
            (0, 0, []),
            (99, 9, []),
        ],
    )
    def test_no_page_reaches_beyond_the_tenth_record(self, offset: int, limit: int, shown: Any) -> None:
        records: list[dict[str, Any]] = [{"id": number} for number in range(25)]
        assert [record["id"] for record in Page(offset, limit).cut(records)] == [*shown]
