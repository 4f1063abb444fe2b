"""Checks, where no scenario can show how they work."""

import pytest

from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import SignOut


def test_a_difference_names_operation_field_expected_and_found_and_shows_what_is_empty() -> None:
    fields = {"a": (1, 1), "b": ("x", ""), "c": (0, "nothing")}
    with pytest.raises(AssertionError) as error:
        expect("The order", SignOut(True, "orders.create_order"), fields)
    assert str(error.value) == (
        'The order (orders.create_order) is not as expected:\n  b: expected x, got ""\n  c: expected 0, got nothing'
    )
