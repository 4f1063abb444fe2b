"""The people of the features, and their access to the shop."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.shop.checks import lists as list_checks
from oneentry_scenarios.shop.checks import payments as payment_checks
from oneentry_scenarios.shop.checks import refusals as refusal_checks
from oneentry_scenarios.shop.checks.compare import HasOperation, expect
from oneentry_scenarios.shop.domain import FilledForm, Generate, Identity, Line, PlacedOrder
from oneentry_scenarios.shop.expected_state import ExpectedState, ListName
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.shopper import Shopper
from oneentry_scenarios.shop.simulator import Simulator

Attempt = Callable[[], HasOperation]
#: The device of a person whose step names none.
USUAL_DEVICE = "the usual device"


@dataclass(kw_only=True)
class Personas:
    """The customers Christina and Ben, and a visitor, who is not registered: `people["Ben"].sign_in()`.

    christina, ben: user name and password; Ben's are empty if there is no second test user.
    is_mock_shop: see `ExpectedState`.
    connect: creates a client for a device.
    generate: generates test data that replay reuses.
    skip_without_second_user: skips a scenario that needs Ben.
    run_id: carried by orders if the profile names a form field for it.
    """

    christina: tuple[str, str]
    ben: tuple[str, str]
    profile: Profile
    is_mock_shop: bool
    connect: Callable[..., OneEntry]
    generate: Generate
    skip_without_second_user: Callable[[], None]
    run_id: str | None
    expected: ExpectedState = field(init=False)
    _shoppers: dict[tuple[str, str], Shopper] = field(default_factory=dict, init=False)
    _browsers: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Create the expected state."""
        self.expected = ExpectedState(self.profile, self.is_mock_shop)

    def __getitem__(self, person: str) -> Shopper:
        """Return `person` on the usual device."""
        return self.on(USUAL_DEVICE, person)

    def on(self, device: str, person: str) -> Shopper:
        """Return the shopper for `person` on `device`; create it on first use."""
        if (person, device) not in self._shoppers:
            self._add(person, device, self.connect(device=f"{person} on {device}"))
        return self._shoppers[person, device]

    def of_unknown_application(self, person: str) -> Shopper:
        """Return `person` in an application that the shop does not know."""
        device = "an unknown application"
        return self._add(person, device, self.connect(device=device, app_token="no-such-application"))  # noqa: S106

    def refusal_of(self, person: str, attempt: Attempt) -> Refused:
        """Return the refusal of an attempt; raises AssertionError without one, or if it is malformed or leaks data."""
        return cast("Refused", self.refusal_or_nothing(person, attempt, may_be_empty=False))

    def refusal_or_nothing(self, person: str, attempt: Attempt, *, may_be_empty: bool = True) -> Refused | None:
        """Return the refusal of an attempt, or `None` if the shop returned an empty list (`may_be_empty`)."""
        try:
            response = attempt()
        except Refused as refusal:
            refusal_checks.by_rule(refusal)
            refusal_checks.reveals_nothing(refusal, self.expected, person)
            return refusal
        shown = f"{type(response).__name__} {getattr(response, 'id', '')}" if response else "an empty list"
        condition = f"the shop refuses the request of {person}"
        expect("The response", response, conditions={condition: (may_be_empty and not response, shown)})
        return None

    def opened_or_refused(self, person: str, order_id: int) -> None:
        """Try to open another payment session for an order; a shop may allow or refuse it (both observed)."""
        try:
            self[person].open_session(order_id)
        except Refused as refusal:
            refusal_checks.by_rule(refusal)
            expect("The refusal", refusal, {"status": (400, refusal.status)})

    def try_to_order(self, person: str, account: str, *lines: Line, **more: Any) -> Refused:
        """Try to place an order that the shop must refuse; first remember the orders of all signed-in customers."""
        for shopper in self.signed_in():
            shopper.look_at("orders")
        return self.refusal_of(person, lambda: self[person].place(account, *lines, **more).order)

    def place_and_settle(
        self, simulator: Simulator, person: str, account: str, line: Line, outcome: str
    ) -> PlacedOrder:
        """Place an order, open a payment session for it, and let the payment provider end the payment."""
        placed = self[person].place(account, line)
        self[person].open_session(placed.order.id)
        simulator.settle_payment(placed.order.id, outcome)
        self.expected.note_payment_outcome(placed.order.id, outcome)
        return placed

    def signed_in(self) -> Iterator[Shopper]:
        """Return each signed-in person, on the device of the newest sign-in."""
        alive = {each.person: each.device for each in self.expected.sign_ins if each.state == "valid"}
        return (self.on(device, person) for person, device in alive.items())

    def sign_out_quietly(self) -> None:
        """Sign all people out everywhere: a project keeps sign-ins, and a later scenario counts them."""
        for entry in self.expected.sign_ins:
            if entry.state == "valid":
                with suppress(OneEntryError):  # after a failed scenario, the sign-in may have ended
                    self.on(entry.device, entry.person).sign_out()

    def _add(self, name: str, device: str, client: OneEntry) -> Shopper:
        shopper = Shopper(client, self.expected, self._identity_of(name), device, self._form, self._browsers)
        self._shoppers[name, device] = shopper
        return shopper

    def _form(self, buyer_name: str) -> FilledForm:
        """Return an order's form, completed by the profile; generated values are the same in each order."""
        form = self.profile.orders
        more = [
            (each.type, key, self.generate(f"field {key}", partial(each.generated, key)) if each.faker else each.value)
            for key, each in form.fields.items()
        ]
        run = [("string", form.run_mark_field, self.run_id)] if form.run_mark_field and self.run_id else []
        return [(form.name_type or "string", form.name_field, buyer_name), *more, *run]

    def _identity_of(self, name: str) -> Identity:
        if name == "Christina":
            return Identity(name, *self.christina, buyer_name="Christina Thomas")
        if name == "Ben":
            if not self.ben[0]:
                self.skip_without_second_user()
            return Identity(name, *self.ben, buyer_name=self.generate("name of Ben", lambda fake: fake.name()))
        return Identity(name, "", "", buyer_name="Nobody")


def _find(shopper: Shopper, name: ListName, id_: int) -> None:
    list_checks.shows(name, id_, shopper)
    shopper.look_at(name)


#: Actions on a customer's own order, by their words in features. A user group without a permission is always refused.
#: So customers first perform the action on their own order: its success proves that the refusal for another customer's
#: order is about ownership. A missing permission fails here, with the shop's message.
OWN_ORDER_ACTIONS: dict[str, Callable[[Shopper, PlacedOrder], object]] = {
    "viewed it": lambda shopper, own: shopper.read_order(own.order.id),
    "changed it": lambda shopper, own: shopper.change(own, *own.purchase.lines),
    "canceled it": lambda shopper, own: shopper.cancel(own),
    "opened a payment session for it": lambda shopper, own: shopper.open_session(own.order.id),
    "viewed its payment session": lambda shopper, own: payment_checks.session_of_order(
        shopper.open_session(own.order.id).session, shopper.sessions_of(own.order.id)
    ),
    "looked up its payment session by ID": lambda shopper, own: shopper.read_session(
        shopper.open_session(own.order.id).session.id
    ),
    "found it in the order history": lambda shopper, own: _find(shopper, "orders", own.order.id),
    "found its payment session in the list": lambda shopper, own: _find(
        shopper, "payment sessions", shopper.open_session(own.order.id).session.id
    ),
}
