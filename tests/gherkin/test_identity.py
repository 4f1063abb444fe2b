"""What scenarios are called: stable, unique, and readable wherever that is possible."""

import re

import pytest

from oneentry_scenarios.gherkin.identity import LONGEST_SLUG, ScenarioIdentity, slug


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("A payment is opened", (), "a-payment-is-opened"),
        ("Maya's order, 2 x 'A/B'", (), "maya-s-order-2-x-a-b-"),
        ("Paid by <account>", ("cash", "12.50 USD"), "paid-by-account---cash-12-50-usd"),
    ],
)
def test_a_slug_is_lower_case_with_hyphens(name: str, row: tuple[str, ...], expected: str) -> None:
    assert slug(name, row) == expected


def test_what_is_too_long_is_cut_and_stays_unique() -> None:
    first, second = slug("long " * 30), slug("long " * 30 + "er")
    assert len(first) == len(second) == LONGEST_SLUG
    assert first != second
    assert re.fullmatch(r"[a-z-]+-[0-9a-f]{8}", first)


@pytest.mark.parametrize("name", ["CON", "aux", "Nul", "com1", "LPT9", "pytestmark"])
def test_a_name_that_windows_or_pytest_reserves_ends_in_a_hash(name: str) -> None:
    assert re.fullmatch(rf"{name.lower()}-[0-9a-f]{{8}}", slug(name))
    assert slug(f"{name}x") == f"{name.lower()}x"


def test_other_scripts_stay_apart_in_names_and_rows() -> None:
    slugs = {slug("Заказ"), slug("Оплата"), slug("Order для"), slug("Order по"), slug("x", ("é",)), slug("x", ("è",))}
    assert len(slugs) == 6
    assert re.fullmatch(r"order-[0-9a-f-]{9}", slug("Order для"))


def test_identity_shows_the_row_in_its_title_and_not_in_its_name() -> None:
    identity = ScenarioIdentity("features/a.feature", "F", None, "Paid by <account>", {"account": "cash"}, 3)
    assert identity.title == "Paid by cash"
    assert identity.key == "a/paid-by-account---cash"
