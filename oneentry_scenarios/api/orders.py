"""Orders: the operations of the official client's `Orders`."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from oneentry_scenarios.api import models
from oneentry_scenarios.api.errors import WrongUse
from oneentry_scenarios.api.models import Listing, Page
from oneentry_scenarios.api.transport import OperationGroup, marker_path


class NewFormField(TypedDict):
    """One filled-in field of an order's form."""

    type: str
    marker: str
    value: Any


class NewOrderLine(TypedDict):
    """A product and its quantity. `float` lets scenarios test how the API treats fractions."""

    productId: NotRequired[int]
    quantity: float


class NewOrder(TypedDict):
    """An order to place, with the API's key names; `formData` is a list of fields, without a language key."""

    formIdentifier: str
    paymentAccountIdentifier: str
    formData: Sequence[NewFormField]
    products: Sequence[NewOrderLine]
    statusIdentifier: NotRequired[str]
    couponCode: NotRequired[str]


class OrderUpdate(TypedDict, total=False):
    """Changes to an order, with the API's key names."""

    paymentAccountIdentifier: str
    statusIdentifier: str


class Orders(OperationGroup):
    """Places orders in an order storage and reads them, with texts in the client's language."""

    group, base = "orders", "/api/content/orders-storage"

    def create_order(self, storage: str, body: NewOrder) -> models.Order:
        """Place an order. The API keys forms by language: this adds the level and strips it from the response."""
        path, wrapped = marker_path(storage, "orders"), self._wrapped(body)
        reply = self._call("create_order", "POST", path, body=wrapped, form_layout="by language")
        # Observed: 201 (the vendor's live test, shop demo, payment-flow.spec.ts).
        return reply.require_created().into(models.Order)

    def update_order_by_marker_and_id(self, storage: str, order_id: int, body: NewOrder | OrderUpdate) -> models.Order:
        """Replace the parts of an order that `body` contains. The API refuses a body without an account (observed)."""
        path, query, wrapped = marker_path(storage, f"orders/{order_id}"), self._in_language(), self._wrapped(body)
        reply = self._call("update_order_by_marker_and_id", "PUT", path, query, wrapped, form_layout="by language")
        return reply.into(models.Order)

    def get_all_orders_by_marker(self, storage: str, offset: int = 0, limit: int = 30) -> Page[models.StoredOrder]:
        """Return one page of the user's orders. A project may cap the list, by default at 10 in all (documented)."""
        path = marker_path(storage, "orders")
        reply = self._get("get_all_orders_by_marker", path, form_layout="a list", limit=limit, offset=offset)
        return reply.into(Page[models.StoredOrder])

    def get_order_by_marker_and_id(self, storage: str, order_id: int) -> models.StoredOrder:
        """Return one of the user's orders."""
        path = marker_path(storage, f"orders/{order_id}")
        return self._get("get_order_by_marker_and_id", path, form_layout="a list").into(models.StoredOrder)

    def get_all_statuses_by_storage_marker(
        self, storage: str, offset: int = 0, limit: int = 30
    ) -> Listing[models.OrderStatus]:
        """Return the order statuses of a storage."""
        path = marker_path(storage, "order-statuses")
        reply = self._get("get_all_statuses_by_storage_marker", path, offset=offset, limit=limit)
        return reply.into_list(models.OrderStatus)

    def preview_order(self, products: Sequence[NewOrderLine], coupon_code: str | None = None) -> models.OrderPreview:
        """Return the price of an order of these products, with an optional coupon. Places no order."""
        body = {"products": list(products)} | ({"couponCode": coupon_code} if coupon_code else {})
        reply = self._call("preview_order", "POST", "/orders/preview", self._in_language(), body)
        return reply.into(models.OrderPreview)

    def get_all_orders_storage(self, offset: int = 0, limit: int = 30) -> Listing[models.OrderStorage]:
        """Return the project's order storages."""
        return self._get("get_all_orders_storage", "", limit=limit, offset=offset).into_list(models.OrderStorage)

    def get_orders_storage_by_marker(self, storage: str) -> models.OrderStorage:
        """Return one order storage."""
        return self._get("get_orders_storage_by_marker", marker_path(storage)).into(models.OrderStorage)

    def get_refunds(self, order_id: int) -> Listing[models.Refund]:
        """Return the refund requests of an order."""
        return self._call("get_refunds", "GET", _refund(order_id)).into_list(models.Refund)

    def create_refund_request(self, order_id: int, quantities: Mapping[int, int], note: str = "") -> bool:
        """Request a refund for products of an order; `quantities` maps product IDs to quantities."""
        body = {"products": {str(id_): {"quantity": quantity} for id_, quantity in quantities.items()}, "note": note}
        return self._confirms("create_refund_request", "POST", _refund(order_id), body)

    def cancel_refund_request(self, order_id: int) -> bool:
        """Withdraw the refund request of an order."""
        return self._confirms("cancel_refund_request", "DELETE", _refund(order_id))

    def _wrapped(self, body: NewOrder | OrderUpdate) -> dict[str, Any]:
        wrapped: dict[str, Any] = {**body}
        if "formData" in wrapped:
            if not isinstance(wrapped["formData"], list | tuple):
                raise WrongUse('formData must be a list of fields, without a language key: [{"type": ..., ...}, ...]')
            wrapped["formData"] = {self._transport.language: [*wrapped["formData"]]}
        return wrapped


def _refund(order_id: int) -> str:
    return f"/api/content/orders/{order_id}/refund"
