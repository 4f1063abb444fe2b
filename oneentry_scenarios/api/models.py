"""The API's answers as typed values, checked strictly: what is documented must be there, in the documented type.

An undocumented field is kept and visible (`model_extra`), never fatal. Names are the wire's in snake case.
Wire shapes after the official client's decoders (npm `oneentry` 1.0.149, Swift SDK) unless a docstring says otherwise.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from oneentry_scenarios.api.values import Amount, AmountAsText, Count, Id, Instant, Text


class ApiModel(BaseModel):
    """What every part of an answer has in common."""

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
        # A run that uses three of them should not wait for all.
        defer_build=True,
    )

    _operation: str = PrivateAttr("no operation")

    @property
    def operation(self) -> str:
        """The client's name for the call that this was an answer to, such as `orders.create_order`."""
        return self._operation

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, whichever call they answered."""
        return type(self) is type(other) and dict(self) == dict(other)

    def model_post_init(self, context: Any) -> None:
        """Remember which call this was an answer to."""
        self._operation = (context or {}).get("operation", self._operation)


class Named(ApiModel):
    """What has a number and a marker, its `identifier`."""

    id: Id
    identifier: Text


Item = TypeVar("Item", bound=ApiModel)


class Listing(tuple[Item, ...], Generic[Item]):
    """A list that the API returned, and the call that it answers."""

    operation: str

    @classmethod
    def of(cls, items: Iterable[Item], operation: str) -> Self:
        """These items as the response to `operation`."""
        listing = cls(items)
        listing.operation = operation
        return listing


class Page(ApiModel, Generic[Item]):
    """One page of a user's orders or payment sessions, and how many there are in all."""

    items: tuple[Item, ...] = Field(strict=False)
    total: Count


class SignIn(ApiModel):
    """What a sign-in or a renewal gives: who signed in where, and the tokens for the calls to come."""

    user_identifier: Text
    auth_provider_identifier: Text
    access_token: Text = Field(repr=False)
    refresh_token: Text = Field(repr=False)


class FormField(ApiModel):
    """One filled-in field of a form; the type of `value` depends on `type`."""

    type: Text
    marker: Text
    value: Any


class Counted(ApiModel):
    """How many of a product are meant."""

    quantity: Annotated[int, Field(gt=0)]


class OrderLine(Counted):
    """A product and how many of it were ordered."""

    product_id: Id


class Order(ApiModel):
    """An order as its creation answers it: `total_sum` is a number on the wire (reading one gives text).

    The account may be missing (observed: the vendor's shop demo), so may the date (Swift SDK); a currency may be empty.
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
    """A payment session of an order. `payment_url` is `None` for an account without a checkout page, such as cash.

    A subscription's session, in the same list, has no order. Types and statuses are free text in newer clients.
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
            raise ValueError(f"should not be before createdDate, {fields.data['created_date']}")
        return updated


class AccountSettings(ApiModel):
    """Whether an account can be paid to: the server looks at this, not at `testSettings` (observed)."""

    status: Text


class PaymentAccount(Named):
    """A way to pay: `identifier` is its marker, `type` is "stripe" or, for cash and the like, "custom"."""

    type: Text
    is_visible: bool
    is_used: bool | None = None
    test_mode: bool | None = None
    settings: AccountSettings | None = None


class Localized(ApiModel):
    """What something is called in the client's language."""

    title: Text


class PricedProduct(Counted):
    """A product in a preview: the price of one, and how many."""

    id: Id
    price: Amount


class OrderedProduct(PricedProduct):
    """A product as a placed order keeps it; `price` is a snapshot of what one cost then (documented)."""

    title: str


class StoredOrder(ApiModel):
    """An order as reading it answers: `total_sum` is text on the wire, and `form_data` is flat.

    `is_completed` is `None` for cash, else whether the order is paid (observed). Lists of 2025 have no `payment_url`.
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
    """A request to be paid back; `products` are by their id, as text (SDK 1.0.149, IRefundRequest)."""

    id: Id
    created_date: Instant
    status: Text
    amount: Amount
    note: str | None
    products: dict[str, Counted]
    order_id: Id


class OrderStatus(Named):
    """A state in which an order can be. Newer servers have several axes of them, each with a default (SDK 1.0.158)."""

    localize_infos: Localized
    position: int | None
    is_used: bool
    is_default: bool
    axis: Text | None = None


class AccountOfStorage(ApiModel):
    """A payment account that a storage offers."""

    identifier: Text


class OrderStorage(ApiModel):
    """Where orders are kept, with its form and the accounts it offers."""

    id: Id
    identifier: Text | None
    form_identifier: Text | None
    payment_account_identifiers: tuple[AccountOfStorage, ...] = Field(strict=False)
    general_type_id: int | None
    position: int | None


class OrderPreview(ApiModel):
    """What an order would cost, before and after discounts."""

    total_sum: Amount
    total_sum_with_discount: Amount
    total_due: Amount
    currency: str
    order_preview: tuple[PricedProduct, ...] = Field(strict=False)


class DeviceInfo(ApiModel):
    """What a device says of itself."""

    os: str
    browser: str
    location: str


class ActiveSession(ApiModel):
    """A device on which the user is signed in."""

    device_info: DeviceInfo


class ProviderOfSignIn(Named):
    """A way to sign in. The types inside `config` differ between versions, so it is left as it comes."""

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
