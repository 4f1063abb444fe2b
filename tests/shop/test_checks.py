"""Checks and shoppers, where no scenario can show how they work."""

from decimal import Decimal

import pytest

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import Confirmation, Identity, StepMissing
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
        with pytest.raises(StepMissing, match=r'Ben has not signed in on a device\. .* "Given Ben has signed in"'):
            shopper.sign_out()
        with pytest.raises(StepMissing, match='"Given Ben has viewed the list of devices"'):
            _ = shopper.seen_devices
