"""Lists in pages: fetched until the record is found or the list ends."""

from dataclasses import dataclass

import pytest

from oneentry_scenarios.shop.paging import PAGE, PagedResult, fetch_pages


@dataclass(frozen=True)
class Entry:
    id: int


@dataclass(frozen=True)
class Shown:
    items: tuple[Entry, ...]
    total: int
    operation: str = "orders.get_all_orders_by_marker"


class Server:
    """Has entries 1 to `total`, shows `size` at once, and none beyond `cap`; it may not know what an offset is."""

    def __init__(self, total: int, size: int = PAGE, cap: int = 1000, *, knows_offset: bool = True) -> None:
        self.total, self.size, self.cap, self.knows_offset = total, size, cap, knows_offset
        self.asked: list[int] = []

    def __call__(self, offset: int, limit: int) -> Shown:
        self.asked.append(offset)
        begin = offset if self.knows_offset else 0
        end = min(begin + min(limit, self.size), self.total, self.cap)
        return Shown(tuple(Entry(number + 1) for number in range(begin, end)), self.total)

    def look(self, wanted: int | None = None) -> PagedResult[Entry]:
        return fetch_pages(self, wanted)


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
    listed = server.look(wanted)
    assert (server.asked, listed.is_cut) == (asked, is_cut)
    assert len({entry.id for entry in listed}) == len(listed.items)


def test_an_entry_that_stands_twice_in_a_page_stays_twice() -> None:
    listed = fetch_pages(lambda _offset, _limit: Shown((Entry(1), Entry(1)), 2), 1)
    assert listed.with_id(1) == [Entry(1), Entry(1)]


NEWEST = tuple(Entry(number) for number in (9, 8, 7))
OLDEST = tuple(Entry(number) for number in (1, 2, 3))
WHOLE_TEN = tuple(Entry(number) for number in range(1, 11))


@pytest.mark.parametrize(
    ("items", "total", "wanted", "would_show"),
    [
        ((), 0, 5, True),
        (OLDEST, 3, 5, True),
        (OLDEST, 4, 5, False),
        (WHOLE_TEN, 10, 50, False),
        (WHOLE_TEN[::-1], 10, 50, True),
        (NEWEST, 200, 10, True),
        (NEWEST, 200, 8, True),
        (NEWEST, 200, 5, False),
        ((Entry(3),), 200, 5, False),
        ((Entry(8), Entry(3), Entry(7)), 200, 9, False),
    ],
)
def test_what_a_list_would_show(items: tuple[Entry, ...], total: int, wanted: int, would_show: bool) -> None:
    listed = PagedResult(items, total, "orders.get_all_orders_by_marker", len(items) < total)
    assert listed.would_show(wanted) is would_show
