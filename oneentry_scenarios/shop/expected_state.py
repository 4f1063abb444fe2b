"""The expected state of a scenario's people: their orders, payment sessions and sign-ins.

Each action notes here what it creates and changes; everything else must stay unchanged. Responses are compared with
this state.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, NoReturn

from oneentry_scenarios.api.models import Listing, Page, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.shop.checks.compare import HasOperation, expect
from oneentry_scenarios.shop.domain import OpenedSession, PlacedOrder, StepMissing, message
from oneentry_scenarios.shop.entries import UNCHECKED, Entry, OneOf, order_fields, product_fields, session_fields
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.profile import Profile

#: A list of a person, by its name in messages.
ListName = Literal["orders", "payment sessions", "devices"]
#: The state of a sign-in; of a replaced or renewed one it is unknown.
SignInState = Literal["valid", "ended", "unknown"]


@dataclass(eq=False)
class SignInEntry:
    """A sign-in of `person` on `device`."""

    person: str
    device: str
    sign_in: SignIn
    state: SignInState = "valid"


class _Orders(dict[int, Entry[PlacedOrder]]):
    def __missing__(self, number: int) -> NoReturn:
        raise StepMissing(message("order-not-followed", number=number))


class RememberedList(NamedTuple):
    """A list as a person read it (`shown`), and the IDs or device names in the expected state then (`known`)."""

    shown: Any
    known: frozenset[object]


@dataclass
class ExpectedState:
    """The expected state of one scenario.

    is_mock_shop: the responses are the mock server's. Only the scenario fills and changes its shop; tokens are unique.
    lists_before: the lists as a person last looked at them.
    confirmations: each response to a placed or changed order.
    is_about_orders: a person tried to place, change or pay an order.
    is_about_sign_ins: a person did more than sign in once.
    inconclusive: why checks had no clear result in a shop with other users.
    issued_twice: errors about IDs, links, secrets and tokens that were issued twice.
    checked: the entries that were read or used since the last action.
    """

    profile: Profile
    is_mock_shop: bool
    orders: dict[int, Entry[PlacedOrder]] = field(default_factory=_Orders)
    sessions: dict[int, Entry[OpenedSession]] = field(default_factory=dict)
    sign_ins: list[SignInEntry] = field(default_factory=list)
    lists_before: dict[tuple[str, ListName], RememberedList] = field(default_factory=dict)
    confirmations: list[PlacedOrder] = field(default_factory=list)
    is_about_orders: bool = False
    is_about_sign_ins: bool = False
    inconclusive: set[str] = field(default_factory=set)
    issued_twice: list[str] = field(default_factory=list)
    checked: set[object] = field(default_factory=set)
    _issued: set[tuple[str, object]] = field(default_factory=set)

    def note_order_attempt(self) -> None:
        """Note an attempt to place, change or refund an order, or to open a payment session for it."""
        self.is_about_orders = True
        self.note_action()

    def note_sign_in_attempt(self, person: str) -> None:
        """Note an attempt to sign in, to renew a sign-in or to sign out."""
        self.is_about_sign_ins |= any(entry.person == person for entry in self.sign_ins)
        self.note_action()

    def note_action(self) -> None:
        """Note an action: what was read before it must be read again."""
        self.checked.clear()

    def note_placed_order(self, placed: PlacedOrder) -> None:
        """Note a placed order."""
        self._note_issued(placed.order, {"order ID": placed.order.id})
        self.orders[placed.order.id] = self.new_order(placed)
        self.confirmations.append(placed)

    def new_order(self, placed: PlacedOrder) -> Entry[PlacedOrder]:
        """Return the entry of a new order: reading it must return what was requested and confirmed, unpaid."""
        unpaid = {"completed (isCompleted)": False, "checkout link": None}
        return Entry(placed.owner, placed, self._fields_after_write(placed) | unpaid)

    def note_changed_order(self, order_id: int, placed: PlacedOrder, status: str | None = None) -> None:
        """Note a changed order, perhaps with a new `status`; its waiting payment session may be canceled."""
        entry, order = self._mark_changed(order_id), placed.order
        dates = entry.confirmed.order.created_date, order.created_date
        created = {} if None in dates else {"created": dates}
        expect("The changed order", order, {"order": (order_id, order.id), **created})
        entry.confirmed = placed
        entry.fields |= self._fields_after_write(placed)
        self.confirmations.append(placed)
        self._end_session(order_id)
        if status:
            entry.fields["status"] = status
        elif not self.is_mock_shop:
            entry.fields.pop("status", None)

    def note_opened_session(self, opened: OpenedSession) -> None:
        """Note an opened session, which the order now links to; an earlier one may be canceled (observed)."""
        session, order_id = opened.session, opened.order_id
        issued = {"ID": session.id, "checkout link": session.payment_url, "client secret": session.client_secret}
        self._note_issued(session, {f"payment session's {name}": value for name, value in issued.items() if value})
        fields = session_fields(session) | {"order": order_id, "checkout link": session.payment_url}
        if self.is_mock_shop:
            fields["client secret"] = session.client_secret
        else:
            fields["updated (updatedDate)"] = UNCHECKED  # a server may update it at any time
            if session.payment_url or session.client_secret:
                fields["status"] = UNCHECKED  # a payment provider may change it at any time
            else:
                fields["checkout link"] = UNCHECKED  # may arrive later, as with PayPal (observed)
        if order_id in self.orders:
            order = self._mark_changed(order_id)
            order.fields["checkout link"] = fields["checkout link"]
            if not self.is_mock_shop:  # the storage may have a status for orders with a waiting session (documented)
                order.fields.pop("status", None)
            self._end_session(order_id)
            total = order.confirmed.order.total_sum
            fields.setdefault("amount", OneOf((total, 100 * total)))  # may be filled in later, perhaps in cents
        self.sessions[session.id] = Entry(opened.owner, opened, fields)

    def note_payment_outcome(self, order_id: int, outcome: str) -> None:
        """Note that the payment provider settled the waiting session of an order."""
        self.note_action()
        self._end_session(order_id, outcome)
        order = self._mark_changed(order_id)
        order.fields["status"] = self.profile.order_status(outcome)
        order.fields["completed (isCompleted)"] = outcome == "completed"

    def note_sign_in(self, person: str, device: str, sign_in: SignIn) -> None:
        """Note a sign-in, which replaces an earlier one on the same device (observed)."""
        # Two access tokens of the same second may be equal (inferred), but never those of the mock server.
        access = {"access token": sign_in.access_token} if self.is_mock_shop else {}
        self._note_issued(sign_in, access | {"refresh token": sign_in.refresh_token})
        self.end_sign_ins("unknown", person, device)
        self.sign_ins.append(SignInEntry(person, device, sign_in))
        self.mark_sign_in_checked(sign_in.access_token)

    def end_sign_ins(self, state: SignInState, person: str, device: str | None = None) -> None:
        """Note that the sign-ins of a person ended, on one device or on all."""
        for entry in self.sign_ins:
            if entry.person == person and device in (None, entry.device) and entry.state == "valid":
                entry.state = state

    def expire_sign_ins(self) -> None:
        """Note that all access tokens have expired."""
        self.note_action()
        for entry in self.sign_ins:
            entry.state = "ended"

    def mark_sign_in_checked(self, access_token: str | None) -> None:
        """Note that a call with this token showed the state of its sign-in."""
        self.checked |= {each for each in self.sign_ins if each.sign_in.access_token == access_token}

    def check_list(self, person: str, name: ListName, shown: Page[Any] | PagedResult) -> None:
        """Check each record; in the mock server's shop, also compare the list and its total with the entries."""
        __tracebackhide__ = True
        for response in shown.items:
            self.check_record(person, response)
        if self.is_mock_shop:
            own = {id_ for id_, entry in self.entries(name).items() if entry.owner == person}
            strange = sorted({record.id for record in shown.items} - own)
            expect(
                f"The list of {name}",
                shown,
                {"entries in total": (len(own), shown.total), "entries of others": ([], strange)},
            )

    def check_record(self, reader: str, response: StoredOrder | PaymentSession, asked_for: int | None = None) -> None:
        """Compare a record that its owner reads with the entry of the ID `asked_for`, by default that of its own ID."""
        __tracebackhide__ = True
        is_order = isinstance(response, StoredOrder)
        entry = self.entries("orders" if is_order else "payment sessions").get(asked_for or response.id)
        if entry is None or entry.owner != reader:
            return
        subject = "The order as read" if is_order else "The payment session as read"
        expect(subject, response, self.compare_and_learn(entry, response))

    def check_sessions_of(self, order_id: int, sessions: Listing[PaymentSession]) -> None:
        """Check that an order in the mock server's shop has its payment sessions, or the newest one, as in 2025."""
        opened = sorted(session.confirmed.session.id for session in self._sessions_of(order_id))
        if self.is_mock_shop:
            returned = sorted(session.id for session in sessions)
            expected = returned if returned == opened[-1:] else opened
            expect("The order", sessions, {"IDs of its payment sessions": (expected, returned)})

    def compare_and_learn(
        self, entry: Entry[Any], response: StoredOrder | PaymentSession
    ) -> dict[str, tuple[object, object]]:
        """Return the expected and returned value of each field; add or replace what is not known yet (see `Entry`)."""
        # All orders of this state are in one storage, so its ID is known after the first order that was read.
        storages = [each.fields["storage"] for each in self.orders.values() if "storage" in each.fields]
        if isinstance(response, StoredOrder) and response.id in self.orders and storages:
            entry.fields["storage"] = storages[0]
        returned = order_fields(response) if isinstance(response, StoredOrder) else session_fields(response)
        compared = {name: (entry.fields.get(name, value), value) for name, value in returned.items()}
        for name, (expected, value) in compared.items():
            if name not in entry.fields or (isinstance(expected, OneOf) and expected is not UNCHECKED):
                entry.fields[name] = value
        self.checked.add(entry)
        return compared

    def remember_list(self, person: str, name: ListName, shown: object) -> None:
        """Remember a person's list as read: `shown` is compared with the same list later."""
        known = self.devices_of(person) if name == "devices" else self.entries(name)
        self.lists_before[person, name] = RememberedList(shown, frozenset(known))

    def devices_of(self, person: str) -> set[str]:
        """Return the devices on which a person is signed in."""
        return {entry.device for entry in self.sign_ins if entry.person == person and entry.state == "valid"}

    def entries(self, name: ListName) -> Mapping[int, Entry[Any]]:
        """Return all orders or all payment sessions, by ID."""
        return self.orders if name == "orders" else self.sessions

    def _fields_after_write(self, placed: PlacedOrder) -> dict[str, object]:
        order = placed.order
        confirmed = {"status": order.status_identifier, "created": order.created_date}
        return product_fields(placed.purchase.lines, self.profile) | {
            "order": order.id,
            "form fields": placed.purchase.form,
            "total": order.total_sum,
            "form": order.form_identifier,
            "payment account": self.profile.account(placed.purchase.account),
            **{name: value for name, value in confirmed.items() if value},
        }

    def _note_issued(self, response: HasOperation, values: Mapping[str, object]) -> None:
        """Note IDs, links, secrets and tokens; add an error for each that was issued before."""
        problem = f"({response.operation}) should be new, got one that was issued before"
        self.issued_twice += [f"The {each[0]} {problem}" for each in values.items() if each in self._issued]
        self._issued |= set(values.items())

    def _mark_changed(self, order_id: int) -> Entry[PlacedOrder]:
        self.orders[order_id].was_changed = True
        return self.orders[order_id]

    def _end_session(self, order_id: int, status: object = OneOf(("waiting", "canceled"))) -> None:
        """Note that the waiting session of an order ended, or by default that it may have been canceled."""
        for session in self._sessions_of(order_id):
            if session.fields["status"] == "waiting":
                session.fields["status"], session.was_changed = status, True
                if self.is_mock_shop:
                    session.fields.pop("updated (updatedDate)", None)

    def _sessions_of(self, order_id: int) -> Iterator[Entry[OpenedSession]]:
        return (entry for entry in self.sessions.values() if entry.fields["order"] == order_id)
