"""The rules of orders: storages, statuses, forms, prices, and access."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from oneentry_scenarios.mock_server.answers import Answers, RequestRefused, find_or_refuse
from oneentry_scenarios.mock_server.checks import Body, Call, render
from oneentry_scenarios.mock_server.clock import Clock
from oneentry_scenarios.mock_server.forms import FormData, read_form
from oneentry_scenarios.mock_server.shop_data import Account, Coupon, Product, ShopData, Status, Storage, User, Version


class OrderLine(NamedTuple):
    """A product and its quantity in an order, at the product's price: prices never change."""

    product: Product
    quantity: int


@dataclass
class PaymentSession:
    """One attempt to pay an order."""

    id: int
    created: datetime
    updated: datetime
    type: str
    status: str
    account: Account
    order: "Order"
    payment_url: str | None = None
    client_secret: str | None = None


@dataclass
class Refund:
    """A buyer's refund request; `products` maps IDs to `{"quantity": number}`, as in the API."""

    id: int
    created: datetime
    amount: Decimal
    note: str
    products: dict[str, dict[str, int]]
    status: str = "requested"


@dataclass
class Order:
    """An order, its payment sessions and its refund requests, oldest first."""

    id: int
    storage: Storage
    buyer: User
    created: datetime
    status: str
    account: Account
    form_data: FormData
    lines: tuple[OrderLine, ...]
    coupon: Coupon | None
    sessions: list[PaymentSession] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """The exact price, in the shop's currency."""
        return _total(self.lines, self.coupon)

    @property
    def is_paid(self) -> bool:
        """Whether a payment session completed."""
        return any(session.status == "completed" for session in self.sessions)

    def end_waiting(self, status: str, now: datetime) -> bool:
        """End the waiting payment session; return whether there was one."""
        waiting = [session for session in self.sessions if session.status == "waiting"]
        for session in waiting:
            session.status, session.updated = status, now
        return bool(waiting)


class Orders:
    """The shop's order storages and their orders."""

    def __init__(self, shop_data: ShopData, answer: Answers, clock: Clock) -> None:
        self._shop_data, self._answer, self._clock = shop_data, answer, clock
        self._orders: list[Order] = []

    def storages(self, call: Call) -> list[dict[str, Any]]:
        """Return all order storages."""
        return [self._show_storage(storage) for storage in self._shop_data.storages][call.page]

    def storage(self, call: Call) -> dict[str, Any]:
        """Return one order storage."""
        return self._show_storage(self._storage(call.marker))

    def statuses(self, call: Call) -> list[dict[str, Any]]:
        """Return the order statuses of a storage."""
        storage = self._storage(call.marker)
        known = [each for each in storage.statuses if self._answer.version is Version.CURRENT or each.axis == "order"]
        shown = [self._show_status(storage, status, position) for position, status in enumerate(known, start=1)]
        return shown[call.page]

    def create(self, call: Call) -> dict[str, Any]:
        """Place an order at current prices, with the given status or the storage's default."""
        storage = self._storage(call.marker)
        number, terms = self._shop_data.first_order + len(self._orders), self._terms(storage, call.body)
        order = Order(number, storage, call.user, self._clock.now(), **terms)
        self._orders.append(order)
        return self._written(order)

    def update(self, call: Call) -> dict[str, Any]:
        """Replace the parts of an order that the body has. Cancel waiting payment sessions; refuse paid orders."""
        order = self._find(call)
        terms = self._terms(order.storage, call.body, order)
        # Observed: an expired session cannot be canceled either, although it is unpaid.
        if ended := [str(session.id) for session in order.sessions if session.status in ("completed", "expired")]:
            raise RequestRefused("order_may_be_paid", sessions=", ".join(ended))
        order.end_waiting("canceled", self._clock.now())
        vars(order).update(terms)
        return self._written(order)

    def list(self, call: Call) -> dict[str, Any]:
        """Return the buyer's own orders in a storage, newest first."""
        storage = self._storage(call.marker)
        mine = [order for order in reversed(self._orders) if (order.storage, order.buyer) == (storage, call.user)]
        return {"items": [self._read(order, call.language) for order in mine][call.page], "total": len(mine)}

    def read(self, call: Call) -> dict[str, Any]:
        """Return one order of the buyer."""
        return self._read(self._find(call), call.language) | self._answer("order as read alone")

    def preview(self, call: Call) -> dict[str, Any]:
        """Return the price of an order without placing it."""
        lines, coupon = self._lines(call.body), self._coupon(call.body)
        shown = self._shown("line of a preview", lines)
        return self._answer("preview", raw_total=_total(lines), total=_total(lines, coupon), lines=shown)

    def refunds(self, call: Call) -> Sequence[dict[str, Any]]:
        """Return the refund requests of one of the buyer's orders."""
        order = self.of_buyer(call.user, call.id)
        return [self._answer("refund", refund=refund, order=order) for refund in order.refunds]

    def request_refund(self, call: Call) -> bool:
        """Request a refund for some products of a paid order."""
        order, body = self.of_buyer(call.user, call.id), call.body
        if not order.is_paid:
            raise RequestRefused("refund_of_unpaid_order")
        if any(refund.status == "requested" for refund in order.refunds):
            raise RequestRefused("refund_exists")
        ordered, wanted = {str(line.product.id): line for line in order.lines}, Body(body.value("products"), "products")
        amount, products = Decimal(), {}
        for id_ in wanted.fields:
            quantity = Body(wanted.value(id_), f"products.{id_}").integer("quantity", at_least=1)
            if (there := ordered[id_].quantity if id_ in ordered else 0) < quantity:
                raise RequestRefused("refund_not_ordered", ordered=there, product=id_, wanted=quantity)
            products[id_] = {"quantity": quantity}
            amount += ordered[id_].product.price * quantity
        number = 1 + sum(len(each.refunds) for each in self._orders)
        note = body.text("note") if "note" in body.fields else ""
        order.refunds.append(Refund(number, self._clock.now(), min(amount, order.total), note, products))
        return True

    def cancel_refund(self, call: Call) -> bool:
        """Withdraw a refund request."""
        order = self.of_buyer(call.user, call.id)
        find_or_refuse(order.refunds, "refund_not_found", status="requested").status = "canceled"
        return True

    def of_buyer(self, buyer: User, order_id: int) -> Order:
        """Return this buyer's order; another buyer's order is refused as not found."""
        return find_or_refuse(self._orders, "order_not_found", id=order_id, buyer=buyer)

    def _find(self, call: Call) -> Order:
        storage = self._storage(call.marker)
        order = self.of_buyer(call.user, call.id)
        if order.storage != storage:
            raise RequestRefused("order_not_found")
        return order

    def _storage(self, marker: str) -> Storage:
        return find_or_refuse(self._shop_data.storages, "storage_not_found", identifier=marker)

    def _terms(self, storage: Storage, body: Body, before: Order | None = None) -> dict[str, Any]:
        """Return the new attributes of an order; form, products, status and coupon that the body lacks are kept."""
        if before and "paymentAccountIdentifier" not in body.fields:
            raise RequestRefused("order_without_payment")
        if body.text("formIdentifier") != storage.form:
            raise RequestRefused("form_unknown")
        terms: dict[str, Any] = {} if before else {"status": storage.default_status}
        if not before or "formData" in body.fields:
            terms["form_data"] = read_form(storage, self._shop_data.languages, body)
        identifier = body.text("paymentAccountIdentifier")
        accounts = {each.identifier: each for each in self._shop_data.accounts}
        if identifier not in accounts:
            raise RequestRefused("account_unknown", account=identifier, known=", ".join(storage.accounts))
        terms["account"] = account = accounts[identifier]
        if identifier not in storage.accounts or not account.is_connected:
            raise RequestRefused("account_not_connected")
        if "statusIdentifier" in body.fields:
            terms["status"] = status = body.text("statusIdentifier")
            known = [each.identifier for each in storage.statuses if each.axis == "order"]
            if status not in known:
                raise RequestRefused("status_unknown", status=status, known=", ".join(known))
        if not before or "products" in body.fields:
            terms["lines"] = self._lines(body)
        if not before or body.fields.get("couponCode") is not None:
            terms["coupon"] = self._coupon(body)
        return terms

    def _coupon(self, body: Body) -> Coupon | None:
        if body.fields.get("couponCode") is None:
            return None
        return find_or_refuse(self._shop_data.coupons, "coupon_unknown", code=body.text("couponCode"))

    def _lines(self, body: Body) -> tuple[OrderLine, ...]:
        by_id = {product.id: product for product in self._shop_data.products}
        entries = list(body.objects("products"))
        for index, entry in enumerate(entries):
            for name in ("productId", "quantity"):
                if type(entry.fields.get(name)) not in (int, Decimal):
                    raise RequestRefused("product_line_malformed", index=index, field=name)
        wanted = [(entry.integer("productId"), entry.integer("quantity", at_least=1)) for entry in entries]
        if missing := [f"Product {product} not found" for product, _ in wanted if product not in by_id]:
            raise RequestRefused("product_not_found", missing="; ".join(missing))
        lines = tuple(OrderLine(by_id[product], quantity) for product, quantity in wanted)
        for line in lines:
            if line.product.stock is not None and line.quantity > line.product.stock:
                raise RequestRefused("out_of_stock", product=line.product.id)
        return lines

    def _written(self, order: Order) -> dict[str, Any]:
        """Return the response to the creation or change of an order."""
        lines = self._shown("line of an order as written", order.lines)
        return self._answer("order as written", order=order, lines=lines)

    def _read(self, order: Order, language: str) -> dict[str, Any]:
        """Return an order as read or listed: with a flat form, and the total as text."""
        titles = {status.identifier: status.title for status in order.storage.statuses}
        unpaid = False if order.account.type == "stripe" else None
        return self._answer(
            "order as read",
            order=order,
            status_title=titles[order.status],
            form_data=order.form_data.get(language, []),
            total=self._as_text(order.total),
            raw_total=self._as_text(_total(order.lines)),
            lines=self._shown("line of an order as read", order.lines),
            payment_url=order.sessions[-1].payment_url if order.sessions else None,
            is_completed=order.is_paid or unpaid,
        )

    def _as_text(self, amount: Decimal) -> str:
        return render(amount) if self._answer.version is Version.CURRENT else f"{amount:.2f}"

    def _shown(self, name: str, lines: tuple[OrderLine, ...]) -> Sequence[dict[str, Any]]:
        return [self._answer(name, line=line) for line in lines]

    def _show_storage(self, storage: Storage) -> dict[str, Any]:
        accounts = [{"identifier": identifier} for identifier in storage.accounts]
        position = self._shop_data.storages.index(storage) + 1
        return self._answer("order storage", storage=storage, position=position, accounts=accounts)

    def _show_status(self, storage: Storage, status: Status, position: int) -> dict[str, Any]:
        ends, identifier = storage.payment_statuses, status.identifier
        return self._answer(
            "order status",
            status=status,
            position=position,
            is_default=identifier == storage.default_status or status.axis != "order",
            is_success=identifier == ends.get("completed"),
            is_cancel=identifier == ends.get("canceled"),
            is_mapped=identifier in ends.values(),
        )


def _total(lines: tuple[OrderLine, ...], coupon: Coupon | None = None) -> Decimal:
    total = sum((line.product.price * line.quantity for line in lines), Decimal())
    off = coupon.amount + total * coupon.percent / 100 if coupon else Decimal()
    return max(Decimal(), total - off.quantize(Decimal("0.01"), ROUND_HALF_UP))
