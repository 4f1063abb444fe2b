"""The rules of ordering."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from oneentry_scenarios.mock_server import DEFAULT_SHOP, Server
from oneentry_scenarios.mock_server.shop_data import OTHER, Field, Product, ShopData

from .caller import JSON, ORDERS, SESSIONS, Caller, ordered, refused


@contextmanager
def buyer_in(shop_data: ShopData) -> Iterator[Caller]:
    """The first user of another shop, signed in."""
    with Server(shop_data=shop_data) as server, Caller(server.url, shop_data=shop_data) as caller:
        yield caller.sign_in()


def in_the_other_shop(**changes: object) -> dict[str, Any]:
    return {
        "formIdentifier": "bestellformular",
        "paymentAccountIdentifier": "karte",
        "products": [{"productId": 501, "quantity": 1}],
    } | changes


NAMED = Field("name", "string", shortest=2, longest=4)


@pytest.mark.parametrize(
    ("products", "number", "text"),
    [
        ([(14, 10)], "3400", "3400"),
        ([(2, 1)], "10.5", "10.5"),
        ([(3, 3)], "0.3", "0.3"),
        ([(3, 1), (4, 3), (2, 7)], "133.57", "133.57"),
        ([(4, 2_147_483_647)], "42928198103.53", "42928198103.53"),
    ],
)
def test_a_total_is_exact(products: list[tuple[int, int]], number: str, text: str, buyer: Caller) -> None:
    lines = [{"productId": product, "quantity": quantity} for product, quantity in products]
    assert f'"totalSum":{number},' in buyer.http.post(ORDERS, json=ordered(products=lines)).text
    assert buyer.read(89)["totalSum"] == text


def test_a_read_total_has_no_decimals_however_the_price_is_given() -> None:
    with buyer_in(DEFAULT_SHOP._replace(products=(Product(14, "Product 14", Decimal("7.00")),))) as buyer:
        assert buyer.read(buyer.order()["id"])["totalSum"] == "7"


def test_a_whole_number_may_be_written_with_a_point(buyer: Caller) -> None:
    assert json.loads(order_of(buyer, "2.0"))["totalSum"] == 680


@pytest.mark.parametrize(
    "quantity", ["true", '"1"', "null", "1.5", "-1", "2147483648", "1e999999", "[1]", "1.00000000000000000001"]
)
def test_any_other_quantity_is_refused(quantity: str, buyer: Caller) -> None:
    message = json.loads(order_of(buyer, quantity))["message"]
    assert message.startswith(('"products[0].quantity" must be ', "products.0.quantity must be a number "))


def order_of(buyer: Caller, quantity: str) -> str:
    """The answer to an order of this quantity, written in JSON."""
    content = json.dumps(ordered()).replace('"quantity": 1', f'"quantity": {quantity}')
    return buyer.http.post(ORDERS, content=content, headers=JSON).text


def test_a_form_is_read_in_the_language_it_was_sent_in(buyer: Caller) -> None:
    created = buyer.order()
    assert created["formData"].keys() == {"en_US"}
    assert buyer.read(created["id"])["formData"] == created["formData"]["en_US"]
    assert buyer.read(created["id"], "de_DE")["formData"] == []


def test_a_language_without_its_required_field_is_refused_even_beside_a_valid_one() -> None:
    name = {"marker": "besteller", "type": "string", "value": "Maya"}
    floor = {"marker": "etage", "type": "integer", "value": 0}
    path = ORDERS.replace("/orders/", "/bestellungen/")
    with buyer_in(OTHER) as buyer:
        body = in_the_other_shop(formData={"de_DE": [name, floor], "fr_FR": [floor]})
        assert buyer.post(path, body) == refused("form_field_missing", marker="besteller")
        body = in_the_other_shop(formData={"de_DE": [name, floor], "fr_FR": [name]})
        assert buyer.post(path, body)[1]["id"] == 7001


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        (Field("more", "list"), ["3"], None),
        (Field("more", "entity"), [40], None),
        (Field("more", "timeInterval"), [["2026-11-24T09:00:00.000Z", "2026-11-24T10:00:00.000Z"]], None),
        (Field("more", "radioButton"), "1", None),
        (Field("more", "float"), 7.5, None),
        (Field("more", "text"), [{"htmlValue": "<p>x</p>", "plainValue": "x", "params": {}}], None),
        *[
            (Field("more", kind), value, "form_value_not_a_list")
            for kind in ("list", "entity", "timeInterval")
            for value in ("3", 40, {"a": 1}, None)
        ],
        # The number 0 does not fill a required field.
        (Field("floor", "integer"), 0, "form_field_missing"),
        (Field("floor", "integer"), 7, None),
        # A text is measured without its blanks.
        (NAMED, "  Maya  ", None),
        *[(NAMED, name, "form_field_missing") for name in ("Mayas", "M", " M ", "  ", "")],
        (Field("name", "string", is_required=False, shortest=2), " ", None),
    ],
)
def test_a_value_is_read_as_sent_or_refused(field: Field, value: object, refusal: str | None) -> None:
    entry = {"marker": field.marker, "type": field.type, "value": value}
    with buyer_in(DEFAULT_SHOP._replace(storages=(DEFAULT_SHOP.storages[0]._replace(fields=(field,)),))) as buyer:
        status, answer = buyer.post(ORDERS, ordered(formData={"en_US": [entry]}))
        if refusal:
            assert (status, answer) == refused(refusal, marker=field.marker)
        else:
            assert (status, answer["formData"]) == (201, {"en_US": [entry]})
            assert buyer.read(89)["formData"] == [entry]


def test_another_storages_order_is_not_found() -> None:
    form = {"de_DE": [{"marker": "besteller", "type": "string", "value": "Maya"}]}
    path = ORDERS.replace("/orders/", "/bestellungen/")
    with buyer_in(OTHER) as buyer:
        body = in_the_other_shop(formData=form)
        assert buyer.post(ORDERS.replace("/orders/", "/abos/"), body)[1]["id"] == 7001
        assert buyer.get(f"{path}/7001") == refused("order_not_found")
        assert buyer.get(path) == (200, {"items": [], "total": 0})


def test_an_account_that_is_not_linked_to_the_storage_is_refused(buyer: Caller) -> None:
    answer = buyer.post(ORDERS, ordered(paymentAccountIdentifier="voucher"))
    assert answer == refused("account_not_connected")


def test_an_order_may_have_no_products_and_begin_in_another_status(buyer: Caller) -> None:
    status, created = buyer.post(ORDERS, ordered(products=[], statusIdentifier="expired"))
    assert (status, created["products"], created["totalSum"]) == (201, [], 0)
    assert created["statusIdentifier"] == buyer.read(89)["statusIdentifier"] == "expired"


def test_a_coupon_lowers_the_total_in_preview_and_order(buyer: Caller) -> None:
    products = [{"productId": 4, "quantity": 3}]  # 59.97, less 15 %
    body = {"products": products, "couponCode": "SPRING2025"}
    _, preview = buyer.post("/api/content/orders-storage/orders/preview", body)
    assert [preview[name] for name in ("totalSum", "totalSumWithDiscount", "totalDue")] == [59.97, 50.97, 50.97]
    _, order = buyer.post(ORDERS, ordered(**body))
    assert order["totalSum"] == 50.97
    read = buyer.read(order["id"])
    assert (read["totalSum"], read["totalSumRaw"]) == ("50.97", "59.97")


def test_a_coupon_lowers_no_total_below_zero() -> None:
    with buyer_in(OTHER) as buyer:
        body = {"products": [{"productId": 502, "quantity": 1}], "couponCode": "HERBST"}
        assert buyer.post("/api/content/orders-storage/orders/preview", body)[1]["totalDue"] == 0


def test_an_update_without_form_and_products_keeps_both(buyer: Caller) -> None:
    created = buyer.order()
    change = {"formIdentifier": "order", "paymentAccountIdentifier": "cash", "statusIdentifier": "canceled"}
    answer = buyer.call("PUT", f"{ORDERS}/89", change)
    assert answer == (200, created | {"statusIdentifier": "canceled"})


def test_the_order_as_it_was_read_cancels_it_with_another_status(buyer: Caller) -> None:
    buyer.order("stripe")
    buyer.pay(89)
    read = buyer.read(89)
    products = [{"productId": line["id"]} | line for line in read["products"]]
    form = {"en_US": read["formData"]}
    changed = read | {"formData": form, "products": products, "statusIdentifier": "canceled"}
    assert buyer.call("PUT", f"{ORDERS}/89", changed)[0] == 200
    assert buyer.read(89)["statusIdentifier"] == "canceled"


def test_an_order_whose_session_expired_is_refused_as_a_paid_one(buyer: Caller, server: Server) -> None:
    buyer.order("stripe")
    buyer.pay(89)
    server.controls.settle_payment(89, "expired")
    buyer.pay(89)
    answer = buyer.call("PUT", f"{ORDERS}/89", ordered(statusIdentifier="canceled"))
    assert answer == refused("order_may_be_paid", sessions=46)


def test_an_update_cancels_what_waits_and_keeps_the_rest(buyer: Caller) -> None:
    created = buyer.order("stripe")
    buyer.pay(89)
    changes = {"products": [{"productId": 1, "quantity": 2}], "statusIdentifier": "expired"}
    now = created | changes | {"paymentAccountIdentifier": "cash", "totalSum": 240}
    assert buyer.call("PUT", f"{ORDERS}/89", ordered(**changes)) == (200, now)
    assert buyer.read(89)["statusIdentifier"] == "expired"
    _, sessions = buyer.get(f"{SESSIONS}/order/89")
    assert [session["status"] for session in sessions] == ["canceled"]
