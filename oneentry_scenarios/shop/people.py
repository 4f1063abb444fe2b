"""The people of the features: who they are, and how each of them uses the shop."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.shop.checks.compare import HasOperation, expect
from oneentry_scenarios.shop.checks.lists import shows
from oneentry_scenarios.shop.checks.payments import session_of_order
from oneentry_scenarios.shop.checks.refusals import by_rule, reveals_nothing
from oneentry_scenarios.shop.domain import Form, Generate, Line, Person, PlacedOrder
from oneentry_scenarios.shop.ledger import Ledger, ListName
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.shopper import Shopper


@dataclass(kw_only=True)
class Personas:
    """Christina and Ben, registered customers, and a visitor, who is not registered: `people["Ben"].sign_in()`.

    `christina` and `ben` are user name and password; both are empty if the project has no such user. `is_fresh` says
    that nothing happened in the shop before. `connect` makes a client for a device. `generate` makes test data that
    replay finds again. `skip_without_second_user` ends a scenario that needs Ben if the project has one test user only.
    Orders carry `run_mark` if the profile names a form field for it.
    """

    christina: tuple[str, str]
    ben: tuple[str, str]
    profile: Profile
    is_fresh: bool
    connect: Callable[..., OneEntry]
    generate: Generate
    skip_without_second_user: Callable[[], None]
    run_mark: str | None
    ledger: Ledger = field(init=False)
    _shoppers: dict[tuple[str, str], Shopper] = field(default_factory=dict, init=False)
    _browsers: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Open the ledger."""
        self.ledger = Ledger(self.profile, self.is_fresh)

    def __getitem__(self, person: str) -> Shopper:
        """`person` on the usual device."""
        return self.on("the usual device", person)

    def on(self, device: str, person: str) -> Shopper:
        """`person` on another device."""
        if (person, device) not in self._shoppers:
            self._connected(person, device, device=f"{person} on {device}")
        return self._shoppers[person, device]

    def of_unknown_application(self, person: str) -> Shopper:
        """`person` in an application that the shop does not know."""
        device = "an unknown application"
        return self._connected(person, device, device=device, app_token="no-such-application")  # noqa: S106

    def refusal_of(self, person: str, attempt: Callable[[], HasOperation]) -> Refused:
        """The refusal of an attempt; raises AssertionError if there is none, or it is malformed or shows too much."""
        refusal = self.seen_nothing(person, attempt)
        if refusal is None:
            raise AssertionError("The shop should refuse this, got an empty list")
        return refusal

    def seen_nothing(self, person: str, attempt: Callable[[], HasOperation]) -> Refused | None:
        """The same of an attempt to see what others have; an empty list (`None`) is right, too."""
        try:
            answer = attempt()
        except Refused as refusal:
            by_rule(refusal)
            reveals_nothing(refusal, self.ledger, person)
            return refusal
        is_empty = isinstance(answer, tuple) and not answer
        expect("The refusal", answer, claims={"the shop refuses this": (is_empty, repr(answer))})
        return None

    def opened_or_refused(self, person: str, order_id: int) -> None:
        """Open another payment session for an order. A shop may do it or refuse: both were observed."""
        try:
            self[person].open_session(order_id)
        except Refused as refusal:
            by_rule(refusal)
            expect("The refusal", refusal, {"status": (400, refusal.status)})

    def try_to_order(self, person: str, account: str, *lines: Line, **more: Any) -> Refused:
        """Place an order that the shop must refuse; remember the orders that the customers have until then."""
        for shopper in self.signed_in():
            shopper.look_at("orders")
        return self.refusal_of(person, lambda: self[person].place(account, *lines, **more).order)

    def signed_in(self) -> Iterator[Shopper]:
        """Each person who is signed in, on the device of the newest sign-in."""
        alive = {each.person: each.device for each in self.ledger.sign_ins if each.state == "alive"}
        return (self.on(device, person) for person, device in alive.items())

    def sign_out_quietly(self) -> None:
        """Sign all people out on all devices: a project keeps sign-ins, and a later scenario counts them."""
        for entry in self.ledger.sign_ins:
            if entry.state == "alive":
                with suppress(OneEntryError):  # the scenario failed, and the sign-in may be over
                    self.on(entry.device, entry.person).sign_out()

    def _connected(self, name: str, place: str, **connection: str) -> Shopper:
        client, person = self.connect(**connection), self._person(name)
        shopper = Shopper(client, self.ledger, person, place, self._form, self._browsers)
        self._shoppers[name, place] = shopper
        return shopper

    def _form(self, buyer: str) -> Form:
        """An order's form, filled in as the profile says: each value that is made up is the same in each order."""
        names = self.profile.orders
        more = [
            (each.type, marker, self.generate(f"field {marker}", each.made_up) if each.faker else each.value)
            for marker, each in names.fields.items()
        ]
        mark = [("string", names.run_mark_field, self.run_mark)] if names.run_mark_field and self.run_mark else []
        return [(names.name_type or "string", names.name_field, buyer), *more, *mark]

    def _person(self, name: str) -> Person:
        if name == "Christina":
            return Person(name, *self.christina, buyer="Christina Thomas")
        if name == "Ben":
            if not self.ben[0]:
                self.skip_without_second_user()
            return Person(name, *self.ben, buyer=self.generate("name of Ben", lambda fake: fake.name()))
        return Person(name, "", "", buyer="Nobody")


def _find(buyer: Shopper, name: ListName, id_: int) -> None:
    shows(name, id_, buyer)
    buyer.look_at(name)


#: What can be done with an order of one's own, in the features' words. What is read is compared with the ledger.
#: A group without a permission is refused everywhere. So before customers try something with another customer's order,
#: they do the same with their own, and must succeed: that proves that a refusal is about whose order it is. A missing
#: permission fails here, in the shop's words.
DEEDS: dict[str, Callable[[Shopper, PlacedOrder], object]] = {
    "viewed it": lambda buyer, own: buyer.read(own.order.id),
    "changed it": lambda buyer, own: buyer.change(own, *own.purchase.lines),
    "canceled it": lambda buyer, own: buyer.cancel(own),
    "opened a payment session for it": lambda buyer, own: buyer.open_session(own.order.id),
    "viewed its payment session": lambda buyer, own: session_of_order(
        buyer.open_session(own.order.id).session, buyer.sessions_of(own.order.id)
    ),
    "found it in the order history": lambda buyer, own: _find(buyer, "orders", own.order.id),
    "found its payment session in the list": lambda buyer, own: _find(
        buyer, "payment sessions", buyer.open_session(own.order.id).session.id
    ),
}
