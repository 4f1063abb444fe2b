"""The rules of ordering: storages, statuses, forms, prices, and who may see an order."""

from decimal import Decimal
from typing import Any

from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.clock import Clock
from oneentry_scenarios.mock_server.forms import FormData, read_form
from oneentry_scenarios.mock_server.order import Order, OrderLine
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused, first_or_refuse
from oneentry_scenarios.mock_server.world import ALWAYS, Account, Era, Status, Storage, User, World


class Orders:
    """The shop's order storages and their orders."""

    def __init__(self, world: World, era: Era, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._era = era
        self._orders: list[Order] = []

    def storages(self, call: Call) -> list[dict[str, Any]]:
        """All order storages."""
        return [self._show_storage(storage) for storage in self._world.storages][call.page]

    def storage(self, call: Call) -> dict[str, Any]:
        """One order storage."""
        return self._show_storage(self._storage(call.marker))

    def statuses(self, call: Call) -> list[dict[str, Any]]:
        """The states that orders of a storage can be in."""
        storage = self._storage(call.marker)
        known = [each for each in storage.statuses if self._era is Era.CURRENT or each.axis == "order"]
        shown = [self._show_status(storage, status, position) for position, status in enumerate(known, start=1)]
        return shown[call.page]

    def create(self, call: Call) -> dict[str, Any]:
        """Place an order at current prices, in the status given or the storage's default one."""
        storage = self._storage(call.marker)
        number, terms = self._world.first_order + len(self._orders), self._read(storage, call.body)
        order = Order(number, storage, call.user, self._clock.now(), *terms)
        self._orders.append(order)
        return order.written(self._world, self._era)

    def update(self, call: Call) -> dict[str, Any]:
        """Replace what the body has of an order. Waiting payment sessions are cancelled; a paid order is refused."""
        order = self._find(call)
        terms = self._read(order.storage, call.body, order)
        # Observed: an expired session cannot be cancelled either, though nobody paid it.
        if ended := [str(session.id) for session in order.sessions if session.status in ("completed", "expired")]:
            raise RequestRefused(Refusal.ORDER_MAY_BE_PAID, sessions=", ".join(ended))
        order.end_waiting("canceled", self._clock.now())
        order.status, order.account, order.form_data, order.lines = terms
        return order.written(self._world, self._era)

    def list(self, call: Call) -> dict[str, Any]:
        """The buyer's own orders in a storage, newest first."""
        storage = self._storage(call.marker)
        mine = [order for order in reversed(self._orders) if (order.storage, order.buyer) == (storage, call.user)]
        shown = [order.read(self._world, self._era, call.language) for order in mine]
        return {"items": shown[call.page], "total": len(mine)}

    def read(self, call: Call) -> dict[str, Any]:
        """One order of the buyer."""
        shown = self._find(call).read(self._world, self._era, call.language)
        return shown | (ALWAYS["current order, read alone"] if self._era is Era.CURRENT else {})

    def preview(self, call: Call) -> dict[str, Any]:
        """The price of an order that is not placed."""
        lines = self._lines(call.body)
        total = sum((line.product.price * line.quantity for line in lines), Decimal())
        return {
            "totalSum": total,
            "totalSumWithDiscount": total,
            **ALWAYS["preview"],
            "currency": self._world.currency,
            "orderPreview": [
                {"id": line.product.id, "price": line.product.price, "quantity": line.quantity} | ALWAYS["preview line"]
                for line in lines
            ],
            "bonusApplied": 0,
            "totalDue": total,
        }

    def of_buyer(self, buyer: User, order_id: int) -> Order:
        """This buyer's order; another buyer's order is refused as not found."""
        found = (order for order in self._orders if (order.id, order.buyer) == (order_id, buyer))
        return first_or_refuse(found, Refusal.ORDER_NOT_FOUND)

    def _find(self, call: Call) -> Order:
        storage = self._storage(call.marker)
        order = self.of_buyer(call.user, call.id)
        if order.storage != storage:
            raise RequestRefused(Refusal.ORDER_NOT_FOUND)
        return order

    def _storage(self, marker: str) -> Storage:
        found = (storage for storage in self._world.storages if storage.identifier == marker)
        return first_or_refuse(found, Refusal.STORAGE_NOT_FOUND, marker=marker)

    def _read(
        self, storage: Storage, body: Body, before: Order | None = None
    ) -> tuple[str, Account, FormData, tuple[OrderLine, ...]]:
        """What an order becomes; form, products and status that the body lacks stay as `before`."""
        if before and "paymentAccountIdentifier" not in body.fields:
            raise RequestRefused(Refusal.ORDER_WITHOUT_PAYMENT)
        if body.text("formIdentifier") != storage.form:
            raise RequestRefused(Refusal.FORM_UNKNOWN)
        if before and "formData" not in body.fields:
            form_data = before.form_data
        else:
            form_data = read_form(storage, self._world.languages, body)
        identifier = body.text("paymentAccountIdentifier")
        found = (account for account in self._world.accounts if account.identifier == identifier)
        refusal, known = Refusal.ACCOUNT_UNKNOWN, ", ".join(storage.accounts)
        account = first_or_refuse(found, refusal, account=identifier, known=known)
        if account.identifier not in storage.accounts or not account.is_connected:
            raise RequestRefused(Refusal.ACCOUNT_NOT_CONNECTED)
        status = before.status if before else storage.default_status
        if "statusIdentifier" in body.fields:
            status = body.text("statusIdentifier")
        identifiers = [each.identifier for each in storage.statuses if each.axis == "order"]
        if status not in identifiers:
            raise RequestRefused(Refusal.STATUS_UNKNOWN, status=status, known=", ".join(identifiers))
        return status, account, form_data, self._lines(body, before)

    def _lines(self, body: Body, before: Order | None = None) -> tuple[OrderLine, ...]:
        if "couponCode" in body.fields:
            raise RequestRefused(Refusal.COUPON_UNKNOWN, coupon=body.text("couponCode"))
        if before and "products" not in body.fields:
            return before.lines
        by_id = {product.id: product for product in self._world.products}
        entries = list(body.objects("products"))
        for index, entry in enumerate(entries):
            for name in ("productId", "quantity"):
                if type(entry.fields.get(name)) not in (int, Decimal):
                    raise RequestRefused(Refusal.PRODUCT_LINE_MALFORMED, index=index, field=name)
        wanted = [(entry.integer("productId"), entry.integer("quantity", at_least=1)) for entry in entries]
        if missing := [f"Product {product} not found" for product, _ in wanted if product not in by_id]:
            raise RequestRefused(Refusal.PRODUCT_NOT_FOUND, missing="; ".join(missing))
        lines = tuple(OrderLine(by_id[product], quantity) for product, quantity in wanted)
        for line in lines:
            if line.product.stock is not None and line.quantity > line.product.stock:
                raise RequestRefused(Refusal.OUT_OF_STOCK, product=line.product.id)
        return lines

    def _show_storage(self, storage: Storage) -> dict[str, Any]:
        return {
            "id": storage.id,
            "localizeInfos": self._world.localized(storage.title),
            "position": self._world.storages.index(storage) + 1,
            "identifier": storage.identifier,
            "formIdentifier": storage.form,
            "generalTypeId": 21,
            "paymentAccountIdentifiers": [{"identifier": identifier} for identifier in storage.accounts],
        }

    def _show_status(self, storage: Storage, status: Status, position: int) -> dict[str, Any]:
        shown = {
            "id": status.id,
            "identifier": status.identifier,
            "localizeInfos": self._world.localized(status.title),
            "position": position,
            "isUsed": True,
            "isDefault": status.identifier == storage.default_status or status.axis != "order",
        }
        if self._era is Era.CURRENT:
            ends = storage.payment_statuses
            shown |= {
                "axis": status.axis,
                "isFinalSuccess": status.identifier == ends.get("completed"),
                "isCancelFinal": status.identifier == ends.get("canceled"),
                "isMapped": status.identifier in ends.values(),
            }
        return shown
