"""Checks, where no scenario can show how they work."""

from datetime import UTC, datetime

import jwt
import pytest

from oneentry_scenarios.api.models import SignIn
from oneentry_scenarios.shop.checks.compare import expect, paired
from oneentry_scenarios.shop.checks.sign_in import signed_in_at
from oneentry_scenarios.shop.domain import SignOut

SECOND = 1_700_000_000


def sign_in(milliseconds: int) -> SignIn:
    token = jwt.encode({"iat": SECOND, "exp": SECOND + 3600}, "a key that is long enough for HS256")
    return SignIn(
        user_identifier="your-user@email.com",
        auth_provider_identifier="email",
        access_token=token,
        refresh_token=f"{milliseconds:013}-00000000-0000-4000-8000-000000000001",
    )


@pytest.mark.parametrize(
    ("milliseconds", "fraction"),
    [(SECOND * 1000 + 950, 0.95), (0, 0.0), (SECOND * 1000 - 5, 0.0), (SECOND * 1000 + 5000, 0.0)],
    ids=["live", "recorded", "another clock, early", "another clock, late"],
)
def test_a_sign_in_is_timed_by_its_refresh_token_where_that_agrees(milliseconds: int, fraction: float) -> None:
    assert signed_in_at(sign_in(milliseconds)) == datetime.fromtimestamp(SECOND + fraction, UTC)


def test_a_difference_names_operation_field_expected_and_found_and_shows_what_is_empty() -> None:
    fields = paired({"a": 1, "b": "x", "c": 0}, {"a": 1, "b": ""})
    with pytest.raises(AssertionError) as error:
        expect("The order", SignOut(True, "orders.create_order"), fields)
    assert str(error.value) == (
        'The order (orders.create_order) is not as expected:\n  b: expected x, got ""\n  c: expected 0, got nothing'
    )
