"""The documented flow from sign-in to payment session: what a client sends, and what the API returns."""

from typing import Any

AUTH_DATA: Any = [
    {"marker": "email_reg", "value": "your-user@email.com"},
    {"marker": "password_reg", "value": "123456"},
]
NAME: dict[str, object] = {"marker": "name", "type": "string", "value": "Christina Thomas"}
NEW_ORDER: dict[str, Any] = {
    "formIdentifier": "order",
    "paymentAccountIdentifier": "cash",
    "formData": {"en_US": [NAME]},
    "products": [{"productId": 14, "quantity": 1}],
}
ORDER = NEW_ORDER | {"id": 89, "currency": "USD", "totalSum": 340, "createdDate": "2025-04-30T20:15:29.254Z"}
#: In the current API, there is also an `amount`.
SESSION = {
    "id": 46,
    "createdDate": "2025-04-30T20:15:30.506Z",
    "updatedDate": "2025-04-30T20:15:30.506Z",
    "type": "session",
    "status": "waiting",
    "paymentAccountId": 1,
    "orderId": 89,
    "paymentUrl": None,
}
