"""The shop in the words of the features: what they call products and accounts becomes calls of the client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from support import expectations

if TYPE_CHECKING:
    from support.api.client import OneEntry
    from support.api.models import Order, PaymentAccount, PaymentSession, SignIn
    from support.api.profile import Profile


@dataclass(frozen=True)
class Line:
    """So many of the product that the profile calls `product`."""

    product: str
    quantity: int


@dataclass(frozen=True)
class Purchase:
    """What somebody wants: in whose name, which products, paid by which account of the profile."""

    buyer: str
    account: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PlacedOrder:
    """What was wanted, and what the shop confirmed."""

    purchase: Purchase
    order: Order


class Shop:
    """A shop as one customer uses it."""

    def __init__(self, client: OneEntry, profile: Profile) -> None:
        self._client = client
        self.profile = profile

    def sign_in(self, user: str, password: str) -> SignIn:
        """Sign in, and see that the answer is this user's sign-in."""
        form = self.profile.sign_in
        sign_in = self._client.auth_provider.auth(
            form.provider,
            [{"marker": form.user_field, "value": user}, {"marker": form.password_field, "value": password}],
        )
        expectations.signed_in_as(user, form.provider, sign_in)
        return sign_in

    def place(self, purchase: Purchase) -> PlacedOrder:
        """Place an order."""
        names = self.profile.orders
        order = self._client.orders.create_order(
            names.storage,
            {
                "formIdentifier": names.form,
                "paymentAccountIdentifier": self.profile.account(purchase.account),
                "formData": [{"type": "string", "marker": names.name_field, "value": purchase.buyer}],
                "products": [
                    {"productId": self.profile.product(line.product).id, "quantity": line.quantity}
                    for line in purchase.lines
                ],
            },
        )
        return PlacedOrder(purchase, order)

    def open_session(self, order: Order) -> PaymentSession:
        """Open a payment session on a hosted page for an order."""
        return self._client.payments.create_session(order.id, "session")

    def session_of(self, order: Order) -> PaymentSession | None:
        """The payment session that the shop has for an order."""
        return self._client.payments.get_session_by_order_id(order.id)

    def account(self, name: str) -> PaymentAccount:
        """The shop's payment account that the profile calls `name`."""
        identifier = self.profile.account(name)
        accounts = {account.identifier: account for account in self._client.payments.get_accounts()}
        if identifier not in accounts:
            raise AssertionError(f"The shop offers no payment account {identifier!r}, only: {', '.join(accounts)}.")
        return accounts[identifier]
