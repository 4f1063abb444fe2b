"""What a scenario knows of its people: their orders, payment sessions and sign-ins, and what each action changes.

An action writes what it makes and changes; all else stays as it is. What is read is compared with that, and what is new
in it is learned: from then on it stays, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from oneentry_scenarios.api.models import Listing, Page, PaymentSession, SignIn, StoredOrder
from oneentry_scenarios.shop.checks.compare import HasOperation, expect
from oneentry_scenarios.shop.domain import OpenedSession, PlacedOrder
from oneentry_scenarios.shop.entries import Entry, Made, OneOf, order_fields, ordered, session_fields, sold
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.profile import Profile

#: A list of a person's, by its name in messages.
ListName = Literal["orders", "payment sessions", "devices"]
#: What a sign-in can still be used for; of a replaced or renewed one it is unknown.
SignInState = Literal["alive", "over", "unknown"]


@dataclass(eq=False)
class SignInEntry:
    """A sign-in of `person` on `device`."""

    person: str
    device: str
    sign_in: SignIn
    state: SignInState = "alive"


class Look(NamedTuple):
    """A list as it was when somebody looked, and what the ledger had then: numbers, or names of devices."""

    shown: Any
    known: frozenset[object]


@dataclass
class Ledger:
    """The people of one scenario in a shop. `is_fresh` says that nothing happened in the shop before the scenario.

    `before` are people's lists as they were when somebody last looked; `uncertain` is what could not be told in a shop
    that others use, too, `repeated` what was given out twice, and `confirmed` each answer to an order or its change.
    `is_about_orders` says that somebody tried to order or to pay, `is_about_sign_ins` that somebody did more than to
    sign in once. `seen` are the entries that were read, or used, since the last action of anyone.
    """

    profile: Profile
    is_fresh: bool
    orders: dict[int, Entry[PlacedOrder]] = field(default_factory=dict)
    sessions: dict[int, Entry[OpenedSession]] = field(default_factory=dict)
    sign_ins: list[SignInEntry] = field(default_factory=list)
    before: dict[tuple[str, ListName], Look] = field(default_factory=dict)
    confirmed: list[PlacedOrder] = field(default_factory=list)
    is_about_orders: bool = False
    is_about_sign_ins: bool = False
    uncertain: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    _given: set[tuple[str, object]] = field(default_factory=set)

    def ordering(self) -> None:
        """Someone tries to order, to change an order or to open a payment session for it."""
        self.is_about_orders = True
        self.acted()

    def signing(self, person: str) -> None:
        """Someone tries to sign in, to renew a sign-in or to sign out."""
        self.is_about_sign_ins |= any(entry.person == person for entry in self.sign_ins)
        self.acted()

    def acted(self) -> None:
        """Someone does something: what was read before says nothing any more."""
        self.seen.clear()

    def placed(self, placed: PlacedOrder) -> None:
        """An order was placed: it will read as it was asked for and confirmed, and nobody has paid it."""
        order = placed.order
        self._give(order, {"order number": order.id})
        unpaid = {"completed (isCompleted)": False, "checkout link": None}
        self.orders[order.id] = Entry(placed.owner, placed, self._asked_for(placed) | unpaid)
        self.confirmed.append(placed)

    def changed(self, order_id: int, placed: PlacedOrder, status: str | None = None) -> None:
        """An order was changed, perhaps to a `status`, and is the same order. A session that waited may be canceled."""
        entry, order = self._touch(self.orders, order_id), placed.order
        dates = entry.made.order.created_date, order.created_date
        created = {} if None in dates else {"created": dates}
        expect("The changed order", order, {"order": (order_id, order.id), **created})
        entry.made = placed
        entry.fields |= self._asked_for(placed)
        self.confirmed.append(placed)
        self._end_session(order_id)
        if status:
            entry.fields["status"] = status
        elif not self.is_fresh:
            entry.fields.pop("status", None)

    def opened(self, opened: OpenedSession) -> None:
        """A session was opened, and the order leads to it. One that waited before may have been canceled (observed)."""
        session = opened.session
        given = {"number": session.id, "checkout link": session.payment_url, "client secret": session.client_secret}
        self._give(session, {f"payment session's {name}": value for name, value in given.items() if value})
        amount = {}
        # A project's account may have a page whose link comes later, as PayPal has (observed).
        link = session.payment_url or (None if self.is_fresh or session.client_secret else OneOf())
        if opened.order_id in self.orders:
            order = self._touch(self.orders, opened.order_id)
            order.fields["checkout link"] = link
            if not self.is_fresh:  # the storage may have a status for orders with a session that waits (documented)
                order.fields.pop("status", None)
            self._end_session(opened.order_id)
            total = order.made.order.total_sum
            amount = {"amount": OneOf((total, 100 * total))}  # it may be filled in later
        fields = amount | session_fields(session) | {"order": opened.order_id, "checkout link": link}
        if self.is_fresh:
            fields["client secret"] = session.client_secret
        else:
            fields["updated (updatedDate)"] = OneOf()  # a server may do so without being asked
            if session.payment_url or session.client_secret:
                fields["status"] = OneOf()  # at a payment provider it may move on by itself
        self.sessions[session.id] = Entry(opened.owner, opened, fields)

    def settled(self, order_id: int, outcome: str) -> None:
        """The payment provider has settled the waiting session of an order."""
        self.acted()
        self._end_session(order_id, outcome)
        order = self._touch(self.orders, order_id)
        order.fields |= {
            "status": self.profile.order_status(outcome),
            "completed (isCompleted)": outcome == "completed",
        }

    def signed_in(self, person: str, device: str, sign_in: SignIn) -> None:
        """Someone signed in, which replaces an earlier sign-in on the same device (observed)."""
        # The claims of two access tokens of one second can be the same (inferred); the mock server's never are.
        access = {"access token": sign_in.access_token} if self.is_fresh else {}
        self._give(sign_in, access | {"refresh token": sign_in.refresh_token})
        self.ended("unknown", person, device)
        self.sign_ins.append(SignInEntry(person, device, sign_in))
        self.saw(sign_in.access_token)

    def ended(self, state: SignInState, person: str, device: str | None = None) -> None:
        """The sign-ins of a person ended, on one device or on all."""
        for entry in self.sign_ins:
            if entry.person == person and device in (None, entry.device) and entry.state == "alive":
                entry.state = state

    def time_passed(self) -> None:
        """So much time passed that no access token is good any more."""
        self.acted()
        for entry in self.sign_ins:
            entry.state = "over"

    def saw(self, access_token: str | None) -> None:
        """A call with this token showed whether its sign-in is alive."""
        self.seen |= {each for each in self.sign_ins if each.sign_in.access_token == access_token}

    def listed(self, person: str, name: ListName, shown: Page[Any] | PagedResult) -> None:
        """Compare a person's list in the same way; in a fresh shop, it has and counts what the person made."""
        __tracebackhide__ = True
        for answer in shown.items:
            self.read(person, answer)
        if self.is_fresh:
            own = {id_ for id_, entry in self.entries(name).items() if entry.owner == person}
            strange = sorted({record.id for record in shown.items} - own)
            expect(f"The list of {name}", shown, {"total": (len(own), shown.total), "others' entries": ([], strange)})

    def read(self, reader: str, answer: StoredOrder | PaymentSession, asked_for: int | None = None) -> None:
        """Compare what its owner reads with what is known of it, or of the number `asked_for`, and learn the rest."""
        __tracebackhide__ = True
        is_order = isinstance(answer, StoredOrder)
        entry = self.entries("orders" if is_order else "payment sessions").get(asked_for or answer.id)
        if entry is None or entry.owner != reader:
            return
        subject = "The order that is read back" if is_order else "The payment session found"
        expect(subject, answer, self.compare(entry, answer))

    def of_order(self, order_id: int, sessions: Listing[PaymentSession]) -> None:
        """In a fresh shop, an order has the payment sessions opened for it; servers of 2025 show only the newest."""
        opened = sorted(session.made.session.id for session in self._sessions_of(order_id))
        if self.is_fresh:
            shown = sorted(session.id for session in sessions)
            wanted = opened if shown != opened[-1:] else shown
            expect("The order", sessions, {"numbers of its payment sessions": (wanted, shown)})

    def compare(self, entry: Entry[Any], answer: StoredOrder | PaymentSession) -> dict[str, tuple[object, object]]:
        """The fields, with what is expected and what is shown; what is not known yet is learned."""
        # All orders of a scenario are in one storage.
        storages = [each.fields["storage"] for each in self.orders.values() if "storage" in each.fields]
        if isinstance(answer, StoredOrder) and storages:
            entry.fields["storage"] = storages[0]
        shown = order_fields(answer) if isinstance(answer, StoredOrder) else session_fields(answer)
        compared = {}
        for name, found in shown.items():
            wanted = entry.fields.get(name, OneOf((found,)))
            compared[name] = wanted, found
            if isinstance(wanted, OneOf) and wanted:
                entry.fields[name] = found
        self.seen.add(entry)
        return compared

    def looked(self, person: str, name: ListName, shown: object) -> None:
        """Remember what a list of a person was like."""
        known = self.devices_of(person) if name == "devices" else self.entries(name)
        self.before[person, name] = Look(shown, frozenset(known))

    def devices_of(self, person: str) -> set[str]:
        """The devices on which a person is signed in."""
        return {entry.device for entry in self.sign_ins if entry.person == person and entry.state == "alive"}

    def entries(self, name: ListName) -> Mapping[int, Entry[Any]]:
        """All orders or all payment sessions, by number."""
        return self.orders if name == "orders" else self.sessions

    def _asked_for(self, placed: PlacedOrder) -> dict[str, object]:
        order, profile, lines = placed.order, self.profile, placed.purchase.lines
        products = [product for product, _ in sold(lines, profile)]
        known = {
            "status": order.status_identifier,
            "created": order.created_date,
            "currency": products[0].currency.upper() if products else None,
        }
        return {
            "order": order.id,
            "form fields": placed.purchase.form,
            "products": ordered(lines, profile),
            "prices of the products": [product.price for product in products],
            "total": order.total_sum,
            "form": order.form_identifier,
            "payment account": profile.account(placed.purchase.account),
        } | {name: value for name, value in known.items() if value}

    def _give(self, answer: HasOperation, values: Mapping[str, object]) -> None:
        """Each number, link, secret and token is given once."""
        again = [what for what, value in values.items() if (what, value) in self._given]
        self.repeated += [
            f"The {what} ({answer.operation}) should be new, got one that was given before" for what in again
        ]
        self._given |= set(values.items())

    def _touch(self, entries: dict[int, Entry[Made]], id_: int) -> Entry[Made]:
        entries[id_].is_touched = True
        return entries[id_]

    def _end_session(self, order_id: int, status: object = OneOf(("waiting", "canceled"))) -> None:
        """The session of an order that waited has ended, or may have."""
        for session in self._sessions_of(order_id):
            if session.fields["status"] == "waiting":
                session.fields["status"], session.is_touched = status, True
                if self.is_fresh:
                    session.fields.pop("updated (updatedDate)", None)

    def _sessions_of(self, order_id: int) -> Iterator[Entry[OpenedSession]]:
        return (entry for entry in self.sessions.values() if entry.fields["order"] == order_id)
