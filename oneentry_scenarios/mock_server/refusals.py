"""Every refusal of the mock server: a stable name, a status and a message."""

from collections.abc import Iterable
from enum import Enum, unique
from typing import TypeVar

Found = TypeVar("Found")


@unique
class Refusal(Enum):
    """Status and message of each refusal; the fidelity table in this package's README gives the message's source."""

    # Of any operation
    APP_TOKEN_REFUSED = 403, "Resource is closed"
    PERMISSION_MISSING = 403, "Permission data not found. Provide the permission for requested url"
    PATH_UNKNOWN = 404, "Cannot {method} {path}"
    ACCESS_TOKEN_MISSING = 401, 'Unauthorized, send the header Authorization with "Bearer" and an access token'
    ACCESS_TOKEN_UNKNOWN = 401, "Unauthorized: this access token was not given out here"
    ACCESS_TOKEN_EXPIRED = 401, "Unauthorized: the access token has expired, refresh it or sign in again"
    ACCESS_TOKEN_CLOSED = 401, "Unauthorized: the session of this access token is closed, sign in again"
    DEVICE_MISSING = 400, "Missing x-device-metadata header"
    DEVICE_MALFORMED = 400, "Invalid x-device-metadata format"
    LANGUAGE_MALFORMED = 400, "langCode must match /^[a-zA-Z_]{{2,5}}$/"
    PAGE_MALFORMED = 400, "{field} must be an integer number that is not negative"
    ID_MALFORMED = 400, "Validation failed (numeric string is expected)"
    BODY_NOT_JSON = 400, "The body is not JSON: {reason}"
    BODY_NOT_DECLARED_JSON = 400, "Send the body as JSON, with the header Content-Type: application/json"
    FIELD_MISSING = 400, '"{field}" is required'
    FIELD_MALFORMED = 400, '"{field}" must be {kind}'
    FIELD_NOT_ALLOWED = 400, '"{field}" is not allowed'
    # Of people
    PROVIDER_UNKNOWN = 400, "auth provider not defined"
    PROVIDER_NOT_FOUND = 404, "Auth provider '{identifier}' not found"
    PROVIDER_WITHOUT_FORM = 400, "form is not defined"
    CREDENTIALS_MISSED = 400, "Login or password values are missed"
    CREDENTIALS_WRONG = 401, "Wrong password"
    USER_NOT_ACTIVATED = 401, "User is not activated"
    REFRESH_TOKEN_DEAD = 400, "The refresh token is unknown, used, expired or of a closed session: sign in again"
    REFRESH_TOKEN_OF_OTHER_DEVICE = 400, "The refresh token belongs to another device: send its x-device-metadata"
    # Of forms and orders
    FORM_NOT_FOUND = 404, "Form '{identifier}' not found"
    STORAGE_NOT_FOUND = 404, "Order storage '{identifier}' not found"
    ORDER_NOT_FOUND = 404, "Order not found"
    FORM_UNKNOWN = 400, "Incorrect formIdentifier for provided config"
    FORM_DATA_FLAT = 400, '"formData" must be of type object'
    FORM_DATA_EMPTY = 400, "empty form data section"
    FORM_LANGUAGE_UNKNOWN = 400, "formData's language '{language}' must be one of [{known}]"
    FORM_KEY_MISSING = 400, "formData's marker '{marker}' {key} is required"
    FORM_MARKER_UNKNOWN = (
        400,
        "form includes an attribute's marker that is not presented in corresponding form's attributes sets",
    )
    FORM_TYPE_UNKNOWN = 400, "formData's marker '{marker}' type must be one of [{known}]"
    FORM_TYPE_WRONG = 400, "wrong form's attribute type"
    FORM_VALUE_NOT_A_LIST = 400, "formData's marker '{marker}' value must be an array"
    FORM_FIELD_MISSING = 400, "required values are missing or incorrect: {marker}"
    ACCOUNT_UNKNOWN = 400, "There is no payment account '{account}': this order storage has [{known}]"
    ACCOUNT_NOT_CONNECTED = 400, "Your payment account is not connected."
    STATUS_UNKNOWN = 400, "There is no order status '{status}': this order storage has [{known}]"
    PRODUCT_LINE_MALFORMED = 400, "products.{index}.{field} must be a number conforming to the specified constraints"
    PRODUCT_NOT_FOUND = 404, "{missing}"
    OUT_OF_STOCK = 400, "Product {product} is out of stock"
    COUPON_UNKNOWN = 400, "There is no coupon '{coupon}'"
    ORDER_WITHOUT_PAYMENT = 400, "Order must have a payment"
    ORDER_MAY_BE_PAID = (
        400,
        "Can't update the order. Payment sessions {sessions} could not be canceled — the order may have been paid.",
    )
    # Of payments
    SESSION_NOT_FOUND = 404, "Payment session not found"
    ORDER_ALREADY_PAID = 400, "The order is already paid"
    TOTAL_FRACTIONAL = 500, "invalid input syntax for type integer"
    ACCOUNT_NOT_FOUND = 404, "Payment account not found"

    def __init__(self, status: int, template: str) -> None:
        self.status = status
        self.template = template


class RequestRefused(Exception):
    """The shop refuses a request. `details` fill the placeholders of the refusal's message."""

    def __init__(self, refusal: Refusal, **details: object) -> None:
        self.refusal = refusal
        super().__init__(refusal.template.format(**details))


def find(records: Iterable[Found], refusal: Refusal, **wanted: object) -> Found:
    """The first record with these attributes; without one, the request is refused, and they fill the message."""
    for each in records:
        if all(getattr(each, name) == value for name, value in wanted.items()):
            return each
    raise RequestRefused(refusal, **wanted)
