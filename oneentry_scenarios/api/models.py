"""Typed API responses, validated strictly: each documented field must be present and have the documented type.

Undocumented fields are kept (`model_extra`) and never an error. Names are the API's in snake case.
Shapes follow the official client's decoders (npm `oneentry` 1.0.149, Swift SDK) unless a docstring says otherwise.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from oneentry_scenarios.api.values import Amount, AmountAsText, Count, Id, Instant, Text


class ApiModel(BaseModel):
    """Base class for all parts of a response."""

    # Models are built on first use (`defer_build`): most runs use only a few.
    model_config = ConfigDict(strict=True, extra="allow", frozen=True, hide_input_in_errors=True, defer_build=True)
    model_config |= ConfigDict(alias_generator=to_camel, populate_by_name=True)

    @property
    def operation(self) -> str:
        """The client's name for the call that returned this, for example `orders.create_order`."""
        return str(vars(self).get("_operation", "no operation"))

    def model_post_init(self, context: Any) -> None:
        """Keep the name of the operation."""
        if context:  # not a private attribute: pydantic's take a third of the time to validate a response
            vars(self)["_operation"] = context["operation"]


class Named(ApiModel):
    """An object with an ID and a marker, its `identifier`."""

    id: Id
    identifier: Text


Item = TypeVar("Item", bound=ApiModel)


class Listing(tuple[Item, ...], Generic[Item]):
    """A list that the API returned, and its operation."""

    operation: str

    @classmethod
    def of(cls, items: Iterable[Item], operation: str) -> Self:
        """Create the list of these items as the response to `operation`."""
        listing = cls(items)
        listing.operation = operation
        return listing


class Page(ApiModel, Generic[Item]):
    """One page of a list, and the total number of its items."""

    items: tuple[Item, ...] = Field(strict=False)
    total: Count


class SignIn(ApiModel):
    """The response to a sign-in or its renewal: user, auth provider and tokens."""

    user_identifier: Text
    auth_provider_identifier: Text
    access_token: Text = Field(repr=False)
    refresh_token: Text = Field(repr=False)


class FormField(ApiModel):
    """One completed field of a form; the type of `value` depends on `type`."""

    type: Text
    marker: Text
    value: Any


class Counted(ApiModel):
    """The quantity of a product."""

    quantity: Annotated[int, Field(gt=0)]


class OrderLine(Counted):
    """A product in an order, and its quantity."""

    product_id: Id


class Order(ApiModel):
    """The response to creating or updating an order: `totalSum` is a JSON number (a string when an order is read).

    The account can be missing (observed: the vendor's shop demo), and the date (Swift SDK); the currency can be empty.
    """

    id: Id
    form_identifier: Text
    payment_account_identifier: str | None = None
    form_data: tuple[FormField, ...] = Field(strict=False)
    products: tuple[OrderLine, ...] = Field(strict=False)
    currency: str
    total_sum: Amount
    created_date: Instant | None = None
    status_identifier: Text | None = None


class PaymentSession(ApiModel):
    """A payment session of an order. `payment_url` is `None` for accounts without a checkout page, for example cash.

    Sessions of subscriptions are in the same list and have no order. Newer clients allow any type and status.
    """

    id: Id
    created_date: Instant
    updated_date: Instant
    type: Text
    status: Text
    payment_account_id: Id | None
    order_id: Id | None
    payment_url: Text | None = Field(repr=False)
    amount: Amount | None = None
    client_secret: Text | None = Field(default=None, repr=False)

    @field_validator("updated_date")
    @classmethod
    def _not_before_created(cls, updated: datetime, fields: ValidationInfo) -> datetime:
        if updated < fields.data.get("created_date", updated):
            raise ValueError(f"should not be earlier than createdDate, {fields.data['created_date']}")
        return updated


class AccountSettings(ApiModel):
    """The connection of a payment account. The server uses these settings, not `testSettings` (observed)."""

    status: Text


class PaymentAccount(Named):
    """A payment account: `identifier` is its marker, `type` is "stripe" or, for example for cash, "custom"."""

    type: Text
    is_visible: bool
    is_used: bool | None = None
    test_mode: bool | None = None
    settings: AccountSettings | None = None


class Localized(ApiModel):
    """A title in the client's language."""

    title: Text


class PricedProduct(Counted):
    """A product in a preview: unit price and quantity."""

    id: Id
    price: Amount


class OrderedProduct(PricedProduct):
    """A product in a stored order; `price` is the unit price when the order was placed (documented)."""

    title: str


class StoredOrder(ApiModel):
    """The response to reading an order: `totalSum` is a string and `formData` a list of fields.

    `is_completed` is `None` for cash, else whether the order is paid (observed). Lists of 2025 have no `paymentUrl`.
    """

    id: Id
    storage_id: Id
    created_date: Instant
    form_data: tuple[FormField, ...] = Field(strict=False)
    total_sum: AmountAsText
    currency: str
    payment_url: Text | None = Field(default=None, repr=False)
    products: tuple[OrderedProduct, ...] = Field(strict=False)
    is_completed: bool | None = None
    status_identifier: Text | None = None
    form_identifier: Text | None = None
    payment_account_identifier: Text | None = None


class Refund(ApiModel):
    """A refund request; the keys of `products` are product IDs as strings (SDK 1.0.149, IRefundRequest)."""

    id: Id
    created_date: Instant
    status: Text
    amount: Amount
    note: str | None
    products: dict[str, Counted]
    order_id: Id


class OrderStatus(Named):
    """An order status. Newer servers have several axes of statuses, each with a default (SDK 1.0.158)."""

    localize_infos: Localized
    position: int | None
    is_used: bool
    is_default: bool
    axis: Text | None = None


class AccountOfStorage(ApiModel):
    """A payment account of an order storage."""

    identifier: Text


class OrderStorage(ApiModel):
    """An order storage, with its form and payment accounts."""

    id: Id
    identifier: Text | None
    form_identifier: Text | None
    payment_account_identifiers: tuple[AccountOfStorage, ...] = Field(strict=False)
    general_type_id: int | None
    position: int | None


class OrderPreview(ApiModel):
    """The price of an order, before and after discounts."""

    total_sum: Amount
    total_sum_with_discount: Amount
    total_due: Amount
    currency: str
    order_preview: tuple[PricedProduct, ...] = Field(strict=False)


class DeviceInfo(ApiModel):
    """Operating system, browser and location of a device."""

    os: str
    browser: str
    location: str


class ActiveSession(ApiModel):
    """A device on which the user is signed in."""

    device_info: DeviceInfo


class AuthProviderInfo(Named):
    """An auth provider. `config` is not validated, because its types differ between versions."""

    type: Text
    form_identifier: Text | None
    user_group_identifier: Text
    is_active: bool
    is_check_code: bool
    config: dict[str, Any]


class User(Named):
    """The signed-in user."""

    auth_provider_identifier: Text
    form_identifier: Text | None = None
