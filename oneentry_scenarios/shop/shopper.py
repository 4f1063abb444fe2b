"""One person's use of the shop: client calls with the features' names of products and accounts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from oneentry_scenarios.api import models
from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.models import Listing, Order, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.api.orders import NewOrder, NewOrderLine, OrderUpdate
from oneentry_scenarios.redaction.placeholders import claims_of
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import (
    NO_SUCH_ID,
    NO_SUCH_MARKER,
    Confirmation,
    FilledForm,
    Identity,
    Line,
    OpenedSession,
    PlacedOrder,
    PreviewedPrice,
    Purchase,
    Renewal,
    StepMissing,
    TwoPages,
    message,
)
from oneentry_scenarios.shop.expected_state import ExpectedState, ListName
from oneentry_scenarios.shop.paging import PAGE, PagedResult, fetch_pages

Fetched = TypeVar("Fetched", StoredOrder, PaymentSession)
Shown = TypeVar("Shown", PagedResult, models.Page[Any])


@dataclass(eq=False, repr=False)
class Shopper:
    """A person who uses the shop on one device. Most methods make one call and note its effect in `expected`.

    client: for calls without a method here; `expected` does not note them.
    fill_in: returns an order's form for a buyer's name. browsers: the devices of the scenario.

    Each method that returns the person's own orders or payment sessions also checks them: it raises AssertionError if
    they differ from `expected`. Methods raise NotInProfile for names that the profile lacks, and the client's errors.
    """

    client: OneEntry
    expected: ExpectedState
    identity: Identity
    device: str
    fill_in: Callable[[str], FilledForm]
    browsers: set[str]
    _sign_ins: list[SignIn] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Add this device to `browsers`."""
        self._profile = self.expected.profile
        self.browsers.add(self.client.device.browser)

    @property
    def sign_ins(self) -> list[SignIn]:
        """This person's sign-ins on this device, oldest first; raises StepMissing if there is none."""
        if not self._sign_ins:
            raise StepMissing(message("not-signed-in", name=self.identity.name, device=self.device))
        return self._sign_ins

    @property
    def current_sign_in(self) -> SignIn:
        """The newest of `sign_ins`."""
        return self.sign_ins[-1]

    def sign_in(self, **wrong: str) -> SignIn:
        """Sign in as this person; `wrong` replaces `user`, `password` or `provider`."""
        form = self._profile.sign_in
        given = {"user": self.identity.user, "password": self.identity.password, "provider": form.provider, **wrong}
        markers = {form.user_field: given["user"], form.password_field: given["password"]}
        self.expected.note_sign_in_attempt(self.identity.name)
        auth_data: list[AuthField] = [{"marker": marker, "value": value} for marker, value in markers.items()]
        return self._keep(self.client.auth_provider.auth(given["provider"], auth_data))

    def renew(self, old: SignIn) -> Renewal:
        """Renew a sign-in; first wait for the next second: two tokens of one second may be equal (inferred)."""
        time.sleep(max(0, min(1, (claims_of(old.access_token) or {}).get("iat", 0) + 1 - time.time())))
        self.expected.note_sign_in_attempt(self.identity.name)
        new = self.client.auth_provider.refresh(self._profile.sign_in.provider, old.refresh_token)
        return Renewal(self.identity.name, old, self._keep(new))

    def sign_out(self, *, everywhere: bool = False) -> Confirmation:
        """Sign out on this device or everywhere. The client keeps its access token for later attempts."""
        sign_in, provider = self.current_sign_in, self._profile.sign_in.provider
        self.expected.note_sign_in_attempt(self.identity.name)
        auth = self.client.auth_provider
        is_confirmed = auth.logout_all(provider) if everywhere else auth.logout(provider, sign_in.refresh_token)
        self.client.access_token = sign_in.access_token
        self.expected.end_sign_ins("ended", self.identity.name, None if everywhere else self.device)
        return Confirmation(is_confirmed, f"auth_provider.logout{'_all' if everywhere else ''}")

    def look_at_devices(self) -> None:
        """Remember the devices on which this person is signed in now."""
        self.expected.remember_list(self.identity.name, "devices", self.devices())

    @property
    def seen_devices(self) -> Listing[models.ActiveSession]:
        """The devices as this person last looked at them; raises StepMissing if the person has not looked."""
        if (look := self.expected.lists_before.get((self.identity.name, "devices"))) is None:
            raise StepMissing(message("devices-not-viewed", name=self.identity.name))
        return cast("Listing[models.ActiveSession]", look.shown)

    def foreign_browsers(self, devices: Listing[models.ActiveSession], system: str = "") -> list[str]:
        """Return the browsers of devices outside this scenario; `system="Python"`: only those of other runs."""
        infos = [each.device_info for each in devices]
        return sorted({each.browser for each in infos if system in ("", each.os)} - self.browsers)

    def devices(self) -> Listing[models.ActiveSession]:
        """Return the devices on which this person is signed in; raises StepMissing if not signed in on this one."""
        self.expected.mark_sign_in_checked(self.current_sign_in.access_token)
        shown = self.client.auth_provider.get_active_sessions_by_marker(self._profile.sign_in.provider)
        if self.expected.is_mock_shop:
            expect("The list of devices", shown, {"devices that did not sign in": ([], self.foreign_browsers(shown))})
        return shown

    def user(self) -> models.User:
        """Return the user that the shop identifies this person as."""
        self.expected.mark_sign_in_checked(self.client.access_token)
        return self.client.users.get_user()

    def user_of(self, sign_in: SignIn) -> models.User:
        """Return the user that the shop identifies by the access token of a sign-in."""
        before = self.client.access_token
        self.client.access_token = sign_in.access_token
        try:
            return self.user()
        finally:
            self.client.access_token = before

    def place(
        self,
        account: str,
        *lines: Line,
        buyer_name: str | None = None,
        coupon: str | None = None,
        storage: str | None = None,
        empty_form: bool = False,
    ) -> PlacedOrder:
        """Place an order, in this person's name unless another `buyer_name` is given."""
        form = [] if empty_form else self.fill_in(self.identity.buyer_name if buyer_name is None else buyer_name)
        purchase = Purchase(form, account, lines, coupon)
        new_order = self._new_order(purchase)
        self.expected.note_order_attempt()
        order = self.client.orders.create_order(storage or self._profile.orders.storage, new_order)
        placed = self._placed(purchase, order)
        if storage is None:  # the expected state has the orders of one storage
            self.expected.note_placed_order(placed)
        return placed

    def place_often(self, times: int, account: str, line: Line) -> None:
        """Place the same order several times."""
        for _ in range(times):
            self.place(account, line)

    def change(self, placed: PlacedOrder, *lines: Line, account: str | None = None) -> PlacedOrder:
        """Replace the products or the payment account of an order and keep everything else."""
        before = placed.purchase
        purchase = before._replace(lines=lines or before.lines, account=account or before.account)
        return self._update(placed, purchase, self._new_order(purchase))

    def cancel(self, placed: PlacedOrder, read: StoredOrder | None = None, *, status_only: bool = False) -> PlacedOrder:
        """Cancel an order: send it, with the other fields of `read`, and the canceled status; or the `status_only`."""
        status: OrderUpdate = {"statusIdentifier": self._profile.order_status("canceled")}
        other_fields = read.model_dump(mode="json", by_alias=True) if read else {}
        whole = cast("NewOrder", {**other_fields, **self._new_order(placed.purchase), **status})
        return self._update(placed, placed.purchase, status if status_only else whole)

    def ask_for_refund(self, placed: PlacedOrder, line: Line) -> Confirmation:
        """Request a refund for some products of an order."""
        self.expected.note_order_attempt()
        quantities = {self._product_id(line.product): int(line.quantity)}
        is_confirmed = self.client.orders.create_refund_request(placed.order.id, quantities)
        return Confirmation(is_confirmed, "orders.create_refund_request")

    def withdraw_refund(self, placed: PlacedOrder) -> Confirmation:
        """Withdraw the refund request of an order."""
        self.expected.note_order_attempt()
        return Confirmation(self.client.orders.cancel_refund_request(placed.order.id), "orders.cancel_refund_request")

    def refunds_of(self, placed: PlacedOrder) -> Listing[models.Refund]:
        """Return the refund requests of an order."""
        return self.client.orders.get_refunds(placed.order.id)

    def read_order(self, order_id: int) -> StoredOrder:
        """Read an order and check it: raises AssertionError if it differs from the expected state."""
        return self._compared(cast("StoredOrder", self.fetch_by_id("orders", order_id)), order_id)

    def listed(self, name: ListName, wanted: int) -> PagedResult:
        """Return and check this person's orders or payment sessions, up to the page with the ID `wanted`, or all."""
        return self._all_compared(name, fetch_pages(self._page_of(name), wanted))

    def two_pages(self, name: ListName, size: int) -> TwoPages:
        """Return and check the first two pages, of this size, of this person's orders or payment sessions."""
        fetch = self._page_of(name)
        first, second = (self._all_compared(name, fetch(offset, size)) for offset in (0, size))
        return TwoPages(self.identity.name, size, first, second)

    def preview(self, *lines: Line, coupon: str | None = None) -> PreviewedPrice:
        """Request a price preview of products."""
        return PreviewedPrice(lines, self.client.orders.preview_order(self._products(lines), self._coupon_code(coupon)))

    def open_session(self, order_id: int, type: str = "session") -> OpenedSession:  # noqa: A002  (the API's word)
        """Open a payment session: a "session" is paid on a hosted page, an "intent" on the shop's own page."""
        self.expected.note_order_attempt()
        session = self.client.payments.create_session(order_id, type)
        opened = OpenedSession(self.identity.name, order_id, type, session)
        self.expected.note_opened_session(opened)
        return opened

    def sessions_of(self, order_id: int) -> Listing[PaymentSession]:
        """Return and check the payment sessions of an order, like `read_session`."""
        sessions = self.client.payments.get_session_by_order_id(order_id)
        self.expected.check_sessions_of(order_id, sessions)
        return Listing.of(map(self._compared, sessions), sessions.operation)

    def read_session(self, session_id: int) -> PaymentSession:
        """Read a payment session and check it: raises AssertionError if it differs from the expected state."""
        return self._compared(cast("PaymentSession", self.fetch_by_id("payment sessions", session_id)), session_id)

    def look_at(self, name: ListName) -> None:
        """Check and remember the total and the first page of this person's orders or payment sessions."""
        shown = self.first_of(name)
        self.expected.remember_list(self.identity.name, name, shown)
        self._all_compared(name, shown)

    def first_of(self, name: ListName) -> PagedResult:
        """Return the first page of a list, not yet compared; it has the total and, if newest first, new records."""
        self.expected.mark_sign_in_checked(self.client.access_token)
        page = self._page_of(name)(0, PAGE)
        return PagedResult(page.items, page.total, page.operation, len(page.items) < page.total)

    def fetch_by_id(self, name: ListName, id_: int) -> Any:
        """Return an order or a payment session, not yet compared."""
        if name == "orders":
            return self.client.orders.get_order_by_marker_and_id(self._profile.orders.storage, id_)
        return self.client.payments.get_session_by_id(id_)

    def _placed(self, purchase: Purchase, order: Order) -> PlacedOrder:
        return PlacedOrder(self.identity.name, purchase, order, next(reversed(self._sign_ins), None))

    def _keep(self, sign_in: SignIn) -> SignIn:
        self._sign_ins.append(sign_in)
        self.expected.note_sign_in(self.identity.name, self.device, sign_in)
        return sign_in

    def _page_of(self, name: ListName) -> Callable[[int, int], Any]:
        history = partial(self.client.orders.get_all_orders_by_marker, self._profile.orders.storage)
        return history if name == "orders" else self.client.payments.get_sessions

    def _compared(self, response: Fetched, asked_for: int | None = None) -> Fetched:
        __tracebackhide__ = True
        self.expected.mark_sign_in_checked(self.client.access_token)
        self.expected.check_record(self.identity.name, response, asked_for)
        return response

    def _all_compared(self, name: ListName, shown: Shown) -> Shown:
        __tracebackhide__ = True
        self.expected.mark_sign_in_checked(self.client.access_token)
        self.expected.check_list(self.identity.name, name, shown)
        return shown

    def _update(self, placed: PlacedOrder, purchase: Purchase, update: NewOrder | OrderUpdate) -> PlacedOrder:
        self.expected.note_order_attempt()
        order = self.client.orders.update_order_by_marker_and_id(self._profile.orders.storage, placed.order.id, update)
        changed = self._placed(purchase, order)
        self.expected.note_changed_order(placed.order.id, changed, update.get("statusIdentifier"))
        return changed

    def _coupon_code(self, name: str | None) -> str | None:
        return NO_SUCH_MARKER if name == NO_SUCH_MARKER else name and self._profile.coupon(name)

    def _new_order(self, purchase: Purchase) -> NewOrder:
        new_order: NewOrder = {
            "formIdentifier": self._profile.orders.form,
            "paymentAccountIdentifier": self._profile.account(purchase.account),
            "formData": [{"type": type_, "marker": marker, "value": value} for type_, marker, value in purchase.form],
            "products": self._products(purchase.lines),
        }
        if code := self._coupon_code(purchase.coupon):
            new_order["couponCode"] = code
        return new_order

    def _products(self, lines: tuple[Line, ...]) -> list[NewOrderLine]:
        named: list[NewOrderLine] = [
            {"productId": self._product_id(line.product), "quantity": line.quantity} for line in lines if line.product
        ]
        return named or [{"quantity": line.quantity} for line in lines]

    def _product_id(self, name: str) -> int:
        return NO_SUCH_ID if name == NO_SUCH_MARKER else self._profile.product(name).id
