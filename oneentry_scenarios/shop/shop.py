"""The shop as people use it: what features call products and accounts becomes calls of the client."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.shop import checks
from oneentry_scenarios.shop.paging import Listed, look_through

if TYPE_CHECKING:
    from oneentry_scenarios.api.client import OneEntry
    from oneentry_scenarios.api.models import (
        ActiveSession,
        Order,
        OrderPreview,
        OrderStorage,
        PaymentAccount,
        PaymentSession,
        SignIn,
        StoredOrder,
        User,
    )
    from oneentry_scenarios.api.orders import NewFormField, NewOrder
    from oneentry_scenarios.shop.profile import Profile

#: An id that no shop has given to anything.
NO_SUCH_ID = 987_654_321
#: A marker that no shop has given to anything.
NO_SUCH_MARKER = "no-such-marker"


@dataclass(frozen=True)
class Line:
    """So many of the product that the profile calls `product`; a `product` of `None` is one that does not exist."""

    product: str | None
    quantity: float


@dataclass(frozen=True)
class Purchase:
    """What somebody wants: in whose name, which products, paid by which account of the profile."""

    buyer: str
    account: str
    lines: tuple[Line, ...]

    def with_lines(self, *lines: Line) -> Purchase:
        """The same buyer and account, with other products."""
        return replace(self, lines=lines)


@dataclass(frozen=True)
class PlacedOrder:
    """What was wanted, with which run mark on its form if with any, and what the shop confirmed."""

    purchase: Purchase
    order: Order
    run_mark: str | None = None

    @property
    def operation(self) -> str:
        """Which call confirmed it."""
        return self.order.operation


@dataclass(frozen=True)
class Person:
    """A registered customer; `buyer` is the name on the order form."""

    user: str
    password: str
    buyer: str


class Shop:
    """A shop as one person uses it on one device. Orders carry `run_mark` if the profile has a form field for it."""

    def __init__(self, client: OneEntry, profile: Profile, person: Person, run_mark: str | None = None) -> None:
        self._client = client
        self.profile = profile
        self.person = person
        self._run_mark = run_mark if profile.orders.run_mark_field else None
        self._sign_in: SignIn | None = None

    @property
    def signed_in(self) -> SignIn:
        """The sign-in of this person here."""
        if self._sign_in is None:
            raise AssertionError('Nobody has signed in here. Begin the scenario with "Given Christina has signed in".')
        return self._sign_in

    def sign_in(self, *, user: str | None = None, password: str | None = None, provider: str | None = None) -> SignIn:
        """Sign in, and see that the answer is this user's sign-in. What is not given is as it should be."""
        form = self.profile.sign_in
        provider = form.provider if provider is None else provider
        user = self.person.user if user is None else user
        password = self.person.password if password is None else password
        sign_in = self._client.auth_provider.auth(
            provider,
            [{"marker": form.user_field, "value": user}, {"marker": form.password_field, "value": password}],
        )
        checks.signed_in_as(user, provider, sign_in)
        self._sign_in = sign_in
        return sign_in

    def renew(self, refresh_token: str) -> SignIn:
        """Renew a sign-in by its refresh token."""
        provider = self.profile.sign_in.provider
        self._sign_in = self._client.auth_provider.refresh(provider, refresh_token)
        checks.signed_in_as(self.person.user, provider, self._sign_in)
        return self._sign_in

    def sign_out(self) -> None:
        """Sign out on this device; the client keeps its tokens, to try them again."""
        done = self._client.auth_provider.logout(self.profile.sign_in.provider, self.signed_in.refresh_token)
        checks.done("auth_provider.logout", done)
        self._client.use_token(self.signed_in.access_token)

    def sign_out_everywhere(self) -> None:
        """Sign out on all devices; the client keeps its tokens, to try them again."""
        done = self._client.auth_provider.logout_all(self.profile.sign_in.provider)
        checks.done("auth_provider.logout_all", done)
        self._client.use_token(self.signed_in.access_token)

    def leave(self) -> None:
        """Sign out if signed in, whatever the shop says to that."""
        if self._sign_in is not None:
            with suppress(OneEntryError):
                self.sign_out()

    def devices(self) -> tuple[ActiveSession, ...]:
        """The devices on which this person is signed in."""
        return self._client.auth_provider.get_active_sessions_by_marker(self.profile.sign_in.provider)

    def user(self) -> User:
        """Whom the shop takes this person for."""
        return self._client.users.get_user()

    def place(self, purchase: Purchase, *, storage: str | None = None, empty_form: bool = False) -> PlacedOrder:
        """Place an order."""
        storage = self.profile.orders.storage if storage is None else storage
        order = self._client.orders.create_order(storage, self._new_order(purchase, empty_form=empty_form))
        return PlacedOrder(purchase, order, self._run_mark)

    def change(self, placed: PlacedOrder, purchase: Purchase) -> PlacedOrder:
        """Replace what was ordered by `purchase`."""
        order = self._client.orders.update_order_by_marker_and_id(
            self.profile.orders.storage, placed.order.id, self._new_order(purchase)
        )
        checks.order_changed(placed.order, order)
        return PlacedOrder(purchase, order, self._run_mark)

    def read(self, order_id: int) -> StoredOrder:
        """Read an order back."""
        return self._client.orders.get_order_by_marker_and_id(self.profile.orders.storage, order_id)

    def history(self, wanted: int | None = None) -> Listed[StoredOrder]:
        """This person's orders, as far as the shop shows them, or until the order `wanted` was seen."""
        storage = self.profile.orders.storage
        return look_through(
            lambda offset, limit: self._client.orders.get_all_orders_by_marker(storage, offset, limit), wanted
        )

    def preview(self, purchase: Purchase) -> OrderPreview:
        """What a purchase would cost."""
        return self._client.orders.preview_order(self._new_order(purchase)["products"])

    def default_status(self) -> str:
        """The status in which the storage's orders begin; there must be exactly one."""
        statuses = self._client.orders.get_all_statuses_by_storage_marker(self.profile.orders.storage)
        defaults = [status.identifier for status in statuses if status.is_default]
        checks.one_default(defaults)
        return defaults[0]

    def open_session(self, order_id: int, type: str = "session") -> PaymentSession:  # noqa: A002  (the API's word)
        """Open a payment session: a "session" is on a hosted page, an "intent" inside the shop."""
        return self._client.payments.create_session(order_id, type)

    def session_of(self, order_id: int) -> PaymentSession | None:
        """The payment session that the shop has for an order."""
        return self._client.payments.get_session_by_order_id(order_id)

    def session(self, session_id: int) -> PaymentSession:
        """A payment session by its own id."""
        return self._client.payments.get_session_by_id(session_id)

    def sessions(self, wanted: int | None = None) -> Listed[PaymentSession]:
        """This person's payment sessions, as far as the shop shows them, or until the session `wanted` was seen."""
        return look_through(self._client.payments.get_sessions, wanted)

    def account(self, name: str) -> PaymentAccount:
        """The shop's payment account that the profile calls `name`."""
        identifier = self.profile.account(name)
        accounts = {account.identifier: account for account in self._client.payments.get_accounts()}
        checks.has_account(identifier, accounts)
        return accounts[identifier]

    def storage(self) -> OrderStorage:
        """Where orders are kept, with the accounts that it offers."""
        return self._client.orders.get_orders_storage_by_marker(self.profile.orders.storage)

    def _new_order(self, purchase: Purchase, *, empty_form: bool = False) -> NewOrder:
        names = self.profile.orders
        form: list[NewFormField] = [{"type": "string", "marker": names.name_field, "value": purchase.buyer}]
        if names.run_mark_field and self._run_mark:
            form.append({"type": "string", "marker": names.run_mark_field, "value": self._run_mark})
        return {
            "formIdentifier": names.form,
            "paymentAccountIdentifier": self.profile.account(purchase.account),
            "formData": [] if empty_form else form,
            "products": [
                {
                    "productId": NO_SUCH_ID if line.product is None else self.profile.product(line.product).id,
                    "quantity": line.quantity,
                }
                for line in purchase.lines
            ],
        }


def refusal_of(attempt: Callable[[], object]) -> Refused:
    """The shop's refusal of an attempt.

    Raises:
        AssertionError: the shop let it happen, or its refusal has not the documented form.
    """
    try:
        answer = attempt()
    except Refused as refusal:
        checks.well_formed(refusal)
        return refusal
    operation = getattr(answer, "operation", "the call")
    raise AssertionError(
        f"The refusal ({operation}) is not as expected:\n  expected that the shop refuses this, got {answer!r}"
    )
