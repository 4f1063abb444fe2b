"""The rules of ordering, without HTTP."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from oneentry_scenarios.mock_server import DEFAULT, OTHER, ShopRules
from oneentry_scenarios.mock_server.checks import Body, Call, page, parse, render
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused
from oneentry_scenarios.mock_server.world import Field, Product

from .caller import YOUR_USER, ordered
from .rule_calls import order, pay, read, refused


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
    def test_a_total_is_exact(self, products: list[tuple[int, int]], number: str, text: str, shop: ShopRules) -> None:
        lines = [{"productId": product, "quantity": quantity} for product, quantity in products]
        created = order(shop, products=lines)
        assert f'"totalSum":{number},' in render(created)
        assert read(shop, created["id"])["totalSum"] == text

    def test_a_read_total_has_two_decimals_however_the_price_is_given(self) -> None:
        shop = ShopRules(replace(DEFAULT, products=(Product(14, "Product 14", Decimal(7)),)))
        assert read(shop, order(shop)["id"])["totalSum"] == "7.00"

    def test_numbers_are_read_exactly(self) -> None:
        assert parse(b"0.1") == Decimal("0.1")

    def test_a_whole_number_may_be_written_with_a_point(self) -> None:
        assert Body({"quantity": Decimal("2.0")}).integer("quantity") == 2

    @pytest.mark.parametrize("value", [True, "1", None, Decimal("1.5"), -1, 2**31, Decimal("1e999999"), [1]])
    def test_anything_else_is_no_whole_number(self, value: object) -> None:
        with refused(Refusal.FIELD_MALFORMED):
            Body({"quantity": value}).integer("quantity")


class TestOrders:
    def test_an_order_begins_in_the_default_status_and_unpaid(self, shop: ShopRules) -> None:
        cash, card = order(shop), order(shop, account="stripe")
        assert read(shop, cash["id"])["statusIdentifier"] == "inProgress"
        assert read(shop, cash["id"])["isCompleted"] is None
        assert read(shop, card["id"])["isCompleted"] is False

    def test_a_form_is_read_in_the_language_it_was_sent_in(self, shop: ShopRules) -> None:
        created = order(shop)
        assert created["formData"].keys() == {"en_US"}
        assert read(shop, created["id"])["formData"] == created["formData"]["en_US"]
        assert read(shop, created["id"], "de_DE")["formData"] == []

    def test_a_language_without_its_required_field_is_refused_even_beside_a_good_one(self) -> None:
        shop = ShopRules(OTHER)
        good = {"marker": "besteller", "type": "string", "value": "Maya"}
        floor = {"marker": "etage", "type": "integer", "value": 0}
        body = {
            "formIdentifier": "bestellformular",
            "paymentAccountIdentifier": "karte",
            "formData": {"de_DE": [good, floor], "fr_FR": [floor]},
            "products": [{"productId": 501, "quantity": 1}],
        }
        call = Call(path={"marker": "bestellungen"}, user=OTHER.users[0], body=Body(body))
        with pytest.raises(RequestRefused, match="'besteller' is required"):
            shop.orders.create(call)
        body["formData"] = {"de_DE": [good, floor], "fr_FR": [good]}
        assert shop.orders.create(call)["id"] == 7001

    def test_the_number_0_does_not_fill_a_required_field(self) -> None:
        storage = replace(DEFAULT.storages[0], fields=(Field("floor", "integer"),))
        shop = ShopRules(replace(DEFAULT, storages=(storage,)))
        floor = {"marker": "floor", "type": "integer", "value": 0}
        with refused(Refusal.FORM_FIELD_MISSING):
            order(shop, formData={"en_US": [floor]})
        assert order(shop, formData={"en_US": [floor | {"value": 7}]})["id"] == 89

    def test_another_storages_order_is_not_found(self) -> None:
        shop = ShopRules(OTHER)
        body = {
            "formIdentifier": "aboformular",
            "paymentAccountIdentifier": "karte",
            "formData": {"de_DE": [{"marker": "abonnent", "type": "string", "value": "Maya"}]},
            "products": [{"productId": 501, "quantity": 1}],
        }
        buyer = OTHER.users[0]
        shop.orders.create(Call(path={"marker": "abos"}, user=buyer, body=Body(body)))
        with refused(Refusal.ORDER_NOT_FOUND):
            shop.orders.read(Call(path={"marker": "bestellungen", "id": "7001"}, user=buyer))
        assert shop.orders.list(Call(path={"marker": "bestellungen"}, user=buyer))["total"] == 0

    def test_an_account_that_is_not_linked_to_the_storage_is_refused(self, shop: ShopRules) -> None:
        with refused(Refusal.ACCOUNT_NOT_CONNECTED):
            order(shop, account="voucher")

    def test_a_refused_order_leaves_nothing_behind(self, shop: ShopRules) -> None:
        with pytest.raises(RequestRefused):
            order(shop, products=[{"productId": 99, "quantity": 1}])
        assert shop.orders.list(Call(path={"marker": "orders"}, user=YOUR_USER))["total"] == 0
        assert order(shop)["id"] == DEFAULT.first_order

    def test_an_update_cancels_what_waits_and_keeps_the_rest(self, shop: ShopRules) -> None:
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
        assert [*range(25)][page({"offset": str(offset), "limit": str(limit)})] == [*shown]
