"""Lists in pages: fetched until the record is found or the list ends; and what they must show."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from oneentry_scenarios.api.models import Page
from oneentry_scenarios.shop.checks.lists import expect_shown
from oneentry_scenarios.shop.paging import PAGE, PagedResult, fetch_pages


class Entry(NamedTuple):
    id: int


def page(ids: Iterable[int], total: int) -> Page[Any]:
    return Page[Any].model_construct(items=tuple(map(Entry, ids)), total=total)


def listed(ids: Iterable[int], total: int | None = None) -> PagedResult:
    items = tuple(map(Entry, ids))
    total = len(items) if total is None else total
    return PagedResult(items, total, "orders.get_all_orders_by_marker", len(items) < total)


class Server:
    """Has entries 1 to `total`, shows `size` at once, and none beyond `cap`; it may not know what an offset is."""

    def __init__(self, total: int, size: int = PAGE, cap: int = 1000, *, knows_offset: bool = True) -> None:
        self.total, self.size, self.cap, self.knows_offset = total, size, cap, knows_offset
        self.asked: list[int] = []

    def __call__(self, offset: int, limit: int) -> Page[Any]:
        self.asked.append(offset)
        begin = offset if self.knows_offset else 0
        end = min(begin + min(limit, self.size), self.total, self.cap)
        return page(range(begin + 1, end + 1), self.total)


@pytest.mark.parametrize(
    ("server", "wanted", "asked", "is_cut"),
    [
        (Server(0), 5, [0], False),
        (Server(10), 99, [0], False),
        (Server(70), 5, [0], False),
        (Server(70), 40, [0, 30], False),
        (Server(70), 99, [0, 30, 60], False),
        (Server(70, size=20), None, [0, 20, 40, 60], False),
        (Server(12, cap=10), 5, [0], False),
        (Server(12, cap=10), 12, [0, 10], True),
        (Server(12, cap=10), None, [0, 10], True),
        (Server(70, knows_offset=False), 40, [0, 30], True),
    ],
)
def test_pages_are_asked_for_until_found_or_the_end(
    server: Server, wanted: int | None, asked: list[int], is_cut: bool
) -> None:
    found = fetch_pages(server, wanted)
    assert (server.asked, found.is_cut) == (asked, is_cut)
    assert len({entry.id for entry in found.items}) == len(found.items)


def test_an_entry_that_stands_twice_in_a_page_stays_twice() -> None:
    assert fetch_pages(lambda _offset, _limit: page([1, 1], 2), 1).with_id(1) == [Entry(1), Entry(1)]


@pytest.mark.parametrize(
    ("shown", "wanted", "would_show"),
    [
        (listed([]), 5, True),
        (listed([1, 2, 3]), 5, True),
        (listed([1, 2, 3], 4), 5, False),
        (listed(range(1, 11)), 50, False),
        (listed(range(10, 0, -1)), 50, True),
        (listed([9, 8, 7], 200), 10, True),
        (listed([9, 8, 7], 200), 8, True),
        (listed([9, 8, 7], 200), 5, False),
        (listed([3], 200), 5, False),
        (listed([8, 3, 7], 200), 9, False),
    ],
)
def test_what_a_list_would_show(shown: PagedResult, wanted: int, would_show: bool) -> None:
    assert shown.would_show(wanted) is would_show


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        (listed([]), "entries with ID 201: expected 1, got 0"),
        (listed([201, 201]), "entries with ID 201: expected 1, got 2"),
        (listed([], 1), "entries shown, of a total of 1: expected some, got none"),
        (listed(range(200, 190, -1), 201), "entries with ID 201: expected 1, got 0"),
    ],
)
def test_a_wrong_list_is_found(shown: PagedResult, problem: str) -> None:
    with pytest.raises(AssertionError) as error:
        expect_shown("orders", 201, shown)
    assert problem in str(error.value)
