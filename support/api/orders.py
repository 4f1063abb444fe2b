"""Ordering: the calls of the official client's `Orders`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from support.api.errors import WrongUse
from support.api.models import Order

if TYPE_CHECKING:
    from support.api.transport import Reply, Transport

_BASE = "/api/content/orders-storage"


class NewFormField(TypedDict):
    """One filled-in field of an order's form."""

    type: str
    marker: str
    value: Any


class NewOrderLine(TypedDict):
    """A product and how many of it to order."""

    productId: int
    quantity: int


class NewOrder(TypedDict):
    """An order to place, as the wire names things; `formData` is the plain list of fields."""

    formIdentifier: str
    paymentAccountIdentifier: str
    formData: list[NewFormField]
    products: list[NewOrderLine]


class Orders:
    """Places orders in an order storage; texts are sent and read in `language`."""

    def __init__(self, transport: Transport, language: str) -> None:
        self._transport = transport
        self._language = language

    def create_order(self, storage: str, body: NewOrder) -> Order:
        """Place the order `body` in the storage with the marker `storage`.

        The server wants the form wrapped by language; this wraps it, and unwraps the answer's.
        """
        if not isinstance(body["formData"], list | tuple):
            raise WrongUse('formData is the list of fields itself, without a language: [{"type": ..., ...}, ...]')
        reply = self._transport.call(
            "orders.create_order",
            "POST",
            f"{_BASE}/marker/{quote(storage, safe='')}/orders",
            body={**body, "formData": {self._language: list(body["formData"])}},
        )
        return self._without_language(reply).into(Order)

    def _without_language(self, reply: Reply) -> Reply:
        form = reply.json.get("formData") if isinstance(reply.json, dict) else None
        if not isinstance(form, dict):
            return reply
        if self._language not in form:
            found = ", ".join(form) or "no language"
            raise reply.unreadable(f"formData: should be in {self._language}, is in {found}")
        return reply.with_json({**reply.json, "formData": form[self._language]})
