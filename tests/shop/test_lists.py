"""Lists: what they must show, where a server shows only a part of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from oneentry_scenarios.shop.checks.lists import expect_shown
from oneentry_scenarios.shop.paging import PagedResult


@dataclass(frozen=True)
class Entry:
    id: int


def shown(ids: Iterable[int], total: int | None = None) -> PagedResult[Entry]:
    items = tuple(map(Entry, ids))
    total = len(items) if total is None else total
    return PagedResult(items, total, "orders.get_all_orders_by_marker", len(items) < total)


NEWEST_TEN = range(200, 190, -1)
NEW = 201


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        (shown([]), "entries with the number 201: expected 1, got 0"),
        (shown([NEW, NEW]), "entries with the number 201: expected 1, got 2"),
        (shown([], 1), "entries shown, of a total of 1: expected some, got none"),
        (shown(NEWEST_TEN, NEW), "entries with the number 201: expected 1, got 0"),
    ],
)
def test_a_wrong_list_is_found(after: PagedResult[Entry], problem: str) -> None:
    with pytest.raises(AssertionError) as error:
        expect_shown("orders", NEW, after)
    assert problem in str(error.value)
