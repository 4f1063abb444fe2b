"""A shopper, where no scenario can show how it works."""

import pytest

from oneentry_scenarios.api.client import define_one_entry
from oneentry_scenarios.shop.domain import Person
from oneentry_scenarios.shop.ledger import Ledger
from oneentry_scenarios.shop.profile import Profile
from oneentry_scenarios.shop.shopper import Shopper, StepMissing

BEN = Person("Ben", "ben@shop.example", "123456", "Ben Smith")


def test_a_step_that_is_missing_is_named_as_the_line_to_add() -> None:
    with define_one_entry("https://shop.example", "your-app-token") as client:
        shopper = Shopper(client, Ledger(Profile(), is_fresh=True), BEN, "a device", lambda _: [], set())
        with pytest.raises(StepMissing, match=r'Ben has not signed in here\. .* "Given Ben has signed in"'):
            shopper.sign_out()
        with pytest.raises(StepMissing, match='"Given Ben has looked at the devices"'):
            _ = shopper.seen_devices
