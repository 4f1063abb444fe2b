"""An order with its lines and payment sessions, and how both eras show it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oneentry_scenarios.mock_server.checks import render
from oneentry_scenarios.mock_server.clock import iso
from oneentry_scenarios.mock_server.forms import FormData
from oneentry_scenarios.mock_server.world import ALWAYS, Account, Era, Product, Storage, User, World


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

    def written(self, world: World, era: Era) -> dict[str, Any]:
        """The order as its creation and each change answer it."""
        status = {"statusIdentifier": self.status} if era is Era.CURRENT else {}
        return status | {
            "id": self.id,
            "formIdentifier": self.storage.form,
            "paymentAccountIdentifier": self.account.identifier,
            "formData": self.form_data,
            "products": [{"productId": line.product.id, "quantity": line.quantity} for line in self.lines],
            "currency": world.currency,
            "totalSum": self.total,
            "createdDate": iso(self.created),
        }

    def read(self, world: World, era: Era, language: str) -> dict[str, Any]:
        """The order as reading it and the list of orders answer it: the form flat, the total a text."""
        is_current = era is Era.CURRENT
        titles = {status.identifier: status.title for status in self.storage.statuses}
        total = render(self.total) if is_current else f"{self.total:.2f}"
        unpaid = False if self.account.type == "stripe" else None
        shown = {
            "id": self.id,
            "storageId": self.storage.id,
            "createdDate": iso(self.created),
            "statusIdentifier": self.status,
            "statusLocalizeInfos": world.localized(titles[self.status]),
            "formIdentifier": self.storage.form,
            "formData": self.form_data.get(language, []),
            "attributeSetIdentifier": self.storage.attribute_set,
            "totalSum": total,
            "currency": world.currency,
            "paymentAccountIdentifier": self.account.identifier,
            "paymentAccountLocalizeInfos": world.localized(self.account.title),
            "products": [self._line(line, is_current) for line in self.lines],
            "paymentUrl": self.sessions[-1].payment_url if self.sessions else None,
            "isCompleted": True if self.is_paid else unpaid,
        }
        return shown | ({"totalSumRaw": total} | ALWAYS["current order"] if is_current else {})

    @staticmethod
    def _line(line: OrderLine, is_current: bool) -> dict[str, Any]:
        product, more = line.product, {"isGift": False} if is_current else {}
        shown = {"id": product.id, "title": product.title, "sku": None, "previewImage": [] if is_current else None}
        return shown | {"price": product.price, "quantity": line.quantity} | more
