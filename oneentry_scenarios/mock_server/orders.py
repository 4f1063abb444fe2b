"""The rules of ordering: storages, statuses, forms, prices, and who may see an order."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.clock import Clock, iso
from oneentry_scenarios.mock_server.forms import FormData, read_form
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused, first_or_refuse
from oneentry_scenarios.mock_server.world import Account, Era, Product, Storage, User, World


@dataclass(frozen=True)
class OrderLine:
    """A product in an order, at its price: prices of a world never change."""

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
class Order:
    """An order and its payment sessions, oldest first."""

    id: int
    storage: Storage
    buyer: User
    created: datetime
    status: str
    account: Account
    form_data: FormData
    lines: tuple[OrderLine, ...]
    sessions: list[PaymentSession] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """The exact price, in the shop's currency."""
        return sum((line.product.price * line.quantity for line in self.lines), Decimal())

    @property
    def is_paid(self) -> bool:
        """Whether a payment session completed."""
        return any(session.status == "completed" for session in self.sessions)

    def end_waiting(self, status: str, now: datetime) -> bool:
        """End the payment session that still waits; false if none does."""
        waiting = [session for session in self.sessions if session.status == "waiting"]
        for session in waiting:
            session.status, session.updated = status, now
        return bool(waiting)


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
        shown = [
            {
                "id": status.id,
                "identifier": status.identifier,
                "localizeInfos": self._world.localized(status.title),
                "position": position,
                "isUsed": True,
                "isDefault": status.identifier == storage.default_status,
            }
            for position, status in enumerate(storage.statuses, start=1)
        ]
        return shown[call.page]

    def create(self, call: Call) -> dict[str, Any]:
        """Place an order at current prices, in the status given or the storage's default one."""
        storage = self._storage(call.marker)
        form_data, account, lines, status = self._read(storage, call.body)
        order = Order(
            id=self._world.first_order + len(self._orders),
            storage=storage,
            buyer=call.user,
            created=self._clock.now(),
            status=status,
            account=account,
            form_data=form_data,
            lines=lines,
        )
        self._orders.append(order)
        return self._show_written(order)

    def update(self, call: Call) -> dict[str, Any]:
        """Replace what the body has of an order. Waiting payment sessions are cancelled; a paid order is refused."""
        order = self._find(call)
        form_data, account, lines, status = self._read(order.storage, call.body, order)
        # Observed: an expired session cannot be cancelled either, though nobody paid it.
        ended = [str(session.id) for session in order.sessions if session.status in ("completed", "expired")]
        if ended:
            raise RequestRefused(Refusal.ORDER_MAY_BE_PAID, sessions=", ".join(ended))
        order.end_waiting("canceled", self._clock.now())
        order.form_data, order.account, order.lines, order.status = form_data, account, lines, status
        return self._show_written(order)

    def list(self, call: Call) -> dict[str, Any]:
        """The buyer's own orders in a storage, newest first."""
        storage = self._storage(call.marker)
        mine = [order for order in reversed(self._orders) if (order.storage, order.buyer) == (storage, call.user)]
        return {"items": [self._show_read(order, call.language) for order in mine][call.page], "total": len(mine)}

    def read(self, call: Call) -> dict[str, Any]:
        """One order of the buyer."""
        shown = self._show_read(self._find(call), call.language)
        if self._era is Era.CURRENT:
            shown |= {
                "discountConfig": None,
                "totalSumRaw": shown["totalSum"],
                "isPartial": None,
                "paymentStrategy": "once",
            }
        return shown

    def preview(self, call: Call) -> dict[str, Any]:
        """The price of an order that is not placed."""
        lines = self._lines(call.body)
        total = sum((line.product.price * line.quantity for line in lines), Decimal())
        return {
            "totalSum": total,
            "totalSumWithDiscount": total,
            "discountConfig": {
                "bonus": None,
                "coupon": None,
                "orderDiscounts": [],
                "productDiscounts": [],
                "settings": {"allowGiftStacking": False, "allowStacking": False, "maxDiscountValue": None},
            },
            "currency": self._world.currency,
            "orderPreview": [
                {
                    "id": line.product.id,
                    "price": line.product.price,
                    "quantity": line.quantity,
                    "discountPrice": None,
                    "isGift": False,
                }
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
    ) -> tuple[FormData, Account, tuple[OrderLine, ...], str]:
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
        known = ", ".join(storage.accounts)
        account = first_or_refuse(found, Refusal.ACCOUNT_UNKNOWN, account=identifier, known=known)
        if account.identifier not in storage.accounts or not account.is_connected:
            raise RequestRefused(Refusal.ACCOUNT_NOT_CONNECTED)
        status = before.status if before else storage.default_status
        if "statusIdentifier" in body.fields:
            status = body.text("statusIdentifier")
        identifiers = [each.identifier for each in storage.statuses]
        if status not in identifiers:
            raise RequestRefused(Refusal.STATUS_UNKNOWN, status=status, known=", ".join(identifiers))
        return form_data, account, self._lines(body, before), status

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
        missing = [f"Product {product} not found" for product, _ in wanted if product not in by_id]
        if missing:
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

    def _show_written(self, order: Order) -> dict[str, Any]:
        status = {"statusIdentifier": order.status} if self._era is Era.CURRENT else {}
        return status | {
            "id": order.id,
            "formIdentifier": order.storage.form,
            "paymentAccountIdentifier": order.account.identifier,
            "formData": order.form_data,
            "products": [{"productId": line.product.id, "quantity": line.quantity} for line in order.lines],
            "currency": self._world.currency,
            "totalSum": order.total,
            "createdDate": iso(order.created),
        }

    def _show_read(self, order: Order, language: str) -> dict[str, Any]:
        titles = {status.identifier: status.title for status in order.storage.statuses}
        unpaid = False if order.account.type == "stripe" else None
        return {
            "id": order.id,
            "storageId": order.storage.id,
            "createdDate": iso(order.created),
            "statusIdentifier": order.status,
            "statusLocalizeInfos": self._world.localized(titles[order.status]),
            "formIdentifier": order.storage.form,
            "formData": order.form_data.get(language, []),
            "attributeSetIdentifier": order.storage.attribute_set,
            "totalSum": f"{order.total:.2f}",
            "currency": self._world.currency,
            "paymentAccountIdentifier": order.account.identifier,
            "paymentAccountLocalizeInfos": self._world.localized(order.account.title),
            "products": [
                {
                    "id": line.product.id,
                    "title": line.product.title,
                    "sku": None,
                    "previewImage": None,
                    "price": line.product.price,
                    "quantity": line.quantity,
                }
                for line in order.lines
            ],
            "paymentUrl": order.sessions[-1].payment_url if order.sessions else None,
            "isCompleted": True if order.is_paid else unpaid,
        }
