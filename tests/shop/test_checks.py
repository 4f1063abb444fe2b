"""Checks and shoppers, where no scenario can show how they work."""

from decimal import Decimal

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.models import Listing, Order, PaymentSession, Refund
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.checks.orders import refund_withdrawn
from oneentry_scenarios.shop.checks.payments import session_of_order
from oneentry_scenarios.shop.domain import Confirmation, Identity, PlacedOrder, Purchase, StepMissing
from oneentry_scenarios.shop.entries import IdAndQuantity
from oneentry_scenarios.shop.expected_state import ExpectedState
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.shopper import Shopper


def test_a_difference_names_operation_field_expected_and_found_and_shows_what_is_empty() -> None:
    fields = {"a": (1, 1), "b": ("x", ""), "c": (True, None), "d": ([], [Decimal("10.50"), ("string", "name")])}
    fields["e"] = [IdAndQuantity(14, 1)], [IdAndQuantity(14, 2)]
    with pytest.raises(AssertionError) as error:
        expect("The order", Confirmation(True, "orders.create_order"), fields)
    assert str(error.value) == (
        'The order (orders.create_order) is not as expected:\n  b: expected x, got ""\n  c: expected true, got none\n'
        "  d: expected none, got 10.50, (string, name)\n  e: expected 1 of product 14, got 2 of product 14"
    )


def test_a_step_that_is_missing_is_named_as_the_line_to_add() -> None:
    with OneEntry(ClientConfig("https://shop.example", "your-app-token")) as client:
        ben = Identity("Ben", "ben@shop.example", "123456", "Ben Smith")
        shopper = Shopper(client, ExpectedState(Profile(), is_mock_shop=True), ben, "a device", lambda _: [], set())
        with pytest.raises(
            StepMissing, match=r'has not signed in on a device: .* "Given Ben has signed in on the computer"'
        ):
            shopper.sign_out()
        with pytest.raises(StepMissing, match='"Given Ben has viewed the list of devices"'):
            _ = shopper.seen_devices


def test_sessions_of_other_orders_and_a_refund_that_was_not_there_are_differences() -> None:
    one, other = (PaymentSession.model_construct(id=id_, order_id=id_ + 43) for id_ in (46, 47))
    found = Listing.of([one, other], "payments.get_session_by_order_id")
    with pytest.raises(AssertionError, match="payment sessions of other orders: expected none, got 46"):
        session_of_order(other, found)
    none: Listing[Refund] = Listing.of([], "orders.get_refunds")
    placed = PlacedOrder("Ben", Purchase([], "cash", ()), Order.model_construct(id=89), None)
    with pytest.raises(AssertionError, match="requests before the withdrawal: expected 1, got 0"):
        refund_withdrawn(placed, none, none)
