"""The shop as one person uses it: turns the features' names of products and accounts into calls of the client."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

from oneentry_scenarios.api import models
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.models import Listing, Order, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.api.orders import NewOrder, NewOrderLine
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import (
    NO_SUCH_ID,
    NO_SUCH_PRODUCT,
    Form,
    Line,
    OpenedSession,
    Person,
    PlacedOrder,
    Purchase,
    Quote,
    Renewal,
    SignOut,
    TwoPages,
)
from oneentry_scenarios.shop.ledger import Ledger, ListName
from oneentry_scenarios.shop.paging import PAGE, Page, PagedResult, fetch_pages

Answer = TypeVar("Answer", StoredOrder, PaymentSession)
Shown = TypeVar("Shown", bound=Page[Any])


class NotSignedIn(Exception):
    """A step needs a sign-in that the scenario did not make; names the line to add."""


class NotLookedBefore(Exception):
    """A step compares with what was there before, and the scenario did not look; names the line to add."""


class Shopper:
    """A person who uses the shop on one device. Each method makes one call.

    It writes what it does into the ledger. What it reads of the person's orders and payment sessions must agree with
    that: else it raises AssertionError. It also raises the errors of the client, and `NotInProfile` for a product or an
    account that the profile does not have. `fill_in` fills in an order's form with a buyer's name. `browsers`
    collects the devices of the scenario, as the shop shows them.
    """

    def __init__(
        self,
        client: OneEntry,
        ledger: Ledger,
        person: Person,
        device: str = "a device",
        fill_in: Callable[[str], Form] = lambda _: [],
        browsers: set[str] | None = None,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._profile = ledger.profile
        self.person = person
        self.device = device
        self._fill_in = fill_in
        self._sign_ins: list[SignIn] = []
        self._browsers = set() if browsers is None else browsers
        self._browsers.add(client.device.browser)

    @property
    def client(self) -> OneEntry:
        """This person's client, for calls that have no method here; the ledger does not know of them."""
        return self._client

    @property
    def sign_ins(self) -> list[SignIn]:
        """This person's sign-ins on this device, oldest first; raises NotSignedIn if there is none."""
        if not self._sign_ins:
            name = self.person.name
            raise NotSignedIn(f'{name} has not signed in here. Begin the scenario with "Given {name} has signed in".')
        return self._sign_ins

    @property
    def current_sign_in(self) -> SignIn:
        """The newest of `sign_ins`."""
        return self.sign_ins[-1]

    def sign_in(self, *, user: str | None = None, password: str | None = None, provider: str | None = None) -> SignIn:
        """Sign in; what is not given is this person's."""
        form = self._profile.sign_in
        user = self.person.user if user is None else user
        password = self.person.password if password is None else password
        self._ledger.signing(self.person.name)
        sign_in = self._client.auth_provider.auth(
            form.provider if provider is None else provider,
            [{"marker": form.user_field, "value": user}, {"marker": form.password_field, "value": password}],
        )
        return self._keep(sign_in)

    def renew(self, old: SignIn) -> Renewal:
        """Renew a sign-in."""
        self._ledger.signing(self.person.name)
        new = self._client.auth_provider.refresh(self._profile.sign_in.provider, old.refresh_token)
        return Renewal(self.person.name, old, self._keep(new))

    def sign_out(self) -> SignOut:
        """Sign out on this device. The client keeps its access token, so that later steps can try it."""
        sign_in = self.current_sign_in
        self._ledger.signing(self.person.name)
        done = self._client.auth_provider.logout(self._profile.sign_in.provider, sign_in.refresh_token)
        self._client.use_token(sign_in.access_token)
        self._ledger.ended("over", self.person.name, self.device)
        return SignOut(done, "auth_provider.logout")

    def sign_out_everywhere(self) -> SignOut:
        """Sign out on all devices. The client keeps its access token, so that later steps can try it."""
        self._ledger.signing(self.person.name)
        done = self._client.auth_provider.logout_all(self._profile.sign_in.provider)
        self._client.use_token(self.current_sign_in.access_token)
        self._ledger.ended("over", self.person.name)
        return SignOut(done, "auth_provider.logout_all")

    def look_at_devices(self) -> None:
        """Remember the devices on which this person is signed in now."""
        self._ledger.looked(self.person.name, "devices", self.devices())

    @property
    def seen_devices(self) -> Listing[models.ActiveSession]:
        """The devices as they were when this person last looked; raises NotLookedBefore."""
        if (look := self._ledger.before.get((self.person.name, "devices"))) is None:
            name = self.person.name
            raise NotLookedBefore(f'{name} has not looked before. Begin with "Given {name} has looked at the devices".')
        return cast("Listing[models.ActiveSession]", look.shown)

    def others(self, devices: Listing[models.ActiveSession], system: str = "") -> list[str]:
        """The browsers of those devices that are not of this scenario; those of other runs have the system Python."""
        shown = [each.device_info for each in devices]
        return sorted({each.browser for each in shown if system in ("", each.os)} - self._browsers)

    def devices(self) -> Listing[models.ActiveSession]:
        """The devices on which this person is signed in."""
        self._ledger.saw(self._client.access_token)
        shown = self._client.auth_provider.get_active_sessions_by_marker(self._profile.sign_in.provider)
        if self._ledger.is_fresh:
            expect("The list of open sessions", shown, {"devices that did not sign in": ([], self.others(shown))})
        return shown

    def provider(self) -> models.ProviderOfSignIn:
        """The way in which people sign in here."""
        return self._client.auth_provider.get_auth_provider_by_marker(self._profile.sign_in.provider)

    def user(self) -> models.User:
        """The user that the shop takes this person for."""
        self._ledger.saw(self._client.access_token)
        return self._client.users.get_user()

    def user_of(self, sign_in: SignIn) -> models.User:
        """The user that the shop takes the holder of a sign-in for."""
        before = self._client.access_token
        self._client.use_token(sign_in.access_token)
        try:
            return self.user()
        finally:
            self._client.use_token(before)

    def place(
        self, account: str, *lines: Line, buyer: str | None = None, storage: str | None = None, empty_form: bool = False
    ) -> PlacedOrder:
        """Place an order, in this person's name unless another `buyer` is given."""
        form = [] if empty_form else self._fill_in(self.person.buyer if buyer is None else buyer)
        purchase = Purchase(form, account, lines)
        new_order = self._new_order(purchase)
        self._ledger.ordering()
        order = self._client.orders.create_order(storage or self._profile.orders.storage, new_order)
        placed = self._placed(purchase, order)
        self._ledger.placed(placed)
        return placed

    def change(self, placed: PlacedOrder, *lines: Line) -> PlacedOrder:
        """Replace the products of an order."""
        purchase = replace(placed.purchase, lines=lines)
        self._ledger.ordering()
        order = self._client.orders.update_order_by_marker_and_id(
            self._profile.orders.storage, placed.order.id, self._new_order(purchase)
        )
        changed = self._placed(purchase, order)
        self._ledger.changed(placed.order.id, changed)
        return changed

    def read(self, order_id: int) -> StoredOrder:
        """Read an order back."""
        stored: StoredOrder = self.one_of("orders", order_id)
        return self._compared(stored, order_id)

    def listed(self, name: ListName, wanted: int) -> PagedResult[Any]:
        """This person's orders or payment sessions: until the one with the id `wanted`, or all that the shop shows."""
        return self._all_compared(name, fetch_pages(self._page_of(name), wanted))

    def two_pages(self, name: ListName, size: int) -> TwoPages:
        """The first two pages of this person's orders or payment sessions, of this size."""
        fetch = self._page_of(name)
        first, second = (self._all_compared(name, fetch(offset, size)) for offset in (0, size))
        return TwoPages(self.person.name, size, first, second)

    def preview(self, *lines: Line) -> Quote:
        """Ask what products would cost."""
        return Quote(lines, self._client.orders.preview_order(self._products(lines)))

    def statuses(self) -> Listing[models.OrderStatus]:
        """The statuses that an order can have."""
        return self._client.orders.get_all_statuses_by_storage_marker(self._profile.orders.storage)

    def open_session(self, order_id: int, type: str = "session") -> OpenedSession:  # noqa: A002  (the API's word)
        """Open a payment session: a "session" is paid on a hosted page, an "intent" inside the shop."""
        self._ledger.ordering()
        session = self._client.payments.create_session(order_id, type)
        opened = OpenedSession(self.person.name, order_id, type, session)
        self._ledger.opened(opened)
        return opened

    def sessions_of(self, order_id: int) -> Listing[PaymentSession]:
        """The payment sessions of an order."""
        sessions = self._client.payments.get_sessions_by_order_id(order_id)
        self._ledger.of_order(order_id, sessions)
        return Listing.of(map(self._compared, sessions), sessions.operation)

    def session(self, session_id: int) -> PaymentSession:
        """A payment session by its id."""
        session: PaymentSession = self.one_of("payment sessions", session_id)
        return self._compared(session, session_id)

    def look_at(self, name: ListName) -> None:
        """Remember this person's orders or payment sessions as they are now: how many, and the first that are shown."""
        shown = self.first_of(name)
        self._ledger.looked(self.person.name, name, shown)
        self._all_compared(name, shown)

    def first_of(self, name: ListName) -> PagedResult[Any]:
        """The first page of a list, not yet compared: it has the total, and if newest first, also what is new."""
        self._ledger.saw(self._client.access_token)
        page = self._page_of(name)(0, PAGE)
        return PagedResult(page.items, page.total, page.operation, len(page.items) < page.total)

    def one_of(self, name: ListName, id_: int) -> Any:
        """An order or a payment session, not yet compared."""
        if name == "orders":
            return self._client.orders.get_order_by_marker_and_id(self._profile.orders.storage, id_)
        return self._client.payments.get_session_by_id(id_)

    def accounts(self) -> Listing[models.PaymentAccount]:
        """The shop's payment accounts."""
        return self._client.payments.get_accounts()

    def order_form(self) -> models.Form:
        """The form that an order is placed with."""
        return self._client.forms.get_form_by_marker(self._profile.orders.form)

    def storage(self) -> models.OrderStorage:
        """The order storage, with the payment accounts that it offers."""
        return self._client.orders.get_orders_storage_by_marker(self._profile.orders.storage)

    def _placed(self, purchase: Purchase, order: Order) -> PlacedOrder:
        sign_in = self._sign_ins[-1] if self._sign_ins else None
        return PlacedOrder(self.person.name, purchase, order, sign_in)

    def _keep(self, sign_in: SignIn) -> SignIn:
        self._sign_ins.append(sign_in)
        self._ledger.signed_in(self.person.name, self.device, sign_in)
        return sign_in

    def _page_of(self, name: ListName) -> Callable[[int, int], Any]:
        history = partial(self._client.orders.get_all_orders_by_marker, self._profile.orders.storage)
        return history if name == "orders" else self._client.payments.get_sessions

    def _compared(self, answer: Answer, asked_for: int | None = None) -> Answer:
        __tracebackhide__ = True
        self._ledger.saw(self._client.access_token)
        self._ledger.read(self.person.name, answer, asked_for)
        return answer

    def _all_compared(self, name: ListName, shown: Shown) -> Shown:
        __tracebackhide__ = True
        self._ledger.saw(self._client.access_token)
        self._ledger.listed(self.person.name, name, shown)
        return shown

    def _new_order(self, purchase: Purchase) -> NewOrder:
        return {
            "formIdentifier": self._profile.orders.form,
            "paymentAccountIdentifier": self._profile.account(purchase.account),
            "formData": [{"type": type_, "marker": marker, "value": value} for type_, marker, value in purchase.form],
            "products": self._products(purchase.lines),
        }

    def _products(self, lines: tuple[Line, ...]) -> list[NewOrderLine]:
        return [{"productId": self._product_id(line.product), "quantity": line.quantity} for line in lines]

    def _product_id(self, name: str) -> int:
        return NO_SUCH_ID if name == NO_SUCH_PRODUCT else self._profile.product(name).id
