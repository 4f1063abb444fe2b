"""Lists before and after: what proves that something is new, and what proves nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from oneentry_scenarios.shop.checks.lists import (
    HIDDEN,
    OTHER_RUN,
    expect_new,
    expect_none_of,
    expect_shown,
)
from oneentry_scenarios.shop.paging import PagedResult


@dataclass(frozen=True)
class Entry:
    id: int


Shown = PagedResult[Entry]


def shown(ids: Iterable[int], total: int | None = None) -> Shown:
    items = tuple(map(Entry, ids))
    total = len(items) if total is None else total
    return PagedResult(items, total, "orders.get_all_orders_by_marker", len(items) < total)


def alone() -> bool:
    return False


def with_another_run() -> bool:
    return True


def is_new(id_: int, before: Shown, after: Shown, other_runs: Callable[[], bool] = alone) -> list[Entry]:
    return expect_new("orders", id_, before, after, other_runs)


OLD = range(1, 201)
OLDEST_TEN = range(1, 11)
NEWEST_TEN = range(200, 190, -1)
NEW = 201


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (shown([]), shown([1]), 1),
        (shown(OLD), shown([*OLD, NEW]), NEW),
        (shown(NEWEST_TEN, 200), shown(range(NEW, 191, -1), NEW), NEW),
        (shown(NEWEST_TEN), shown(range(NEW, 191, -1)), NEW),
        (shown(OLDEST_TEN, 200), shown(OLDEST_TEN, NEW), None),
        (shown([200], 200), shown([NEW], NEW), NEW),
    ],
    ids=["first", "whole", "newest first, capped", "total capped, too", "oldest first, capped", "one shown"],
)
def test_a_new_entry_is_proved_by_the_list_or_by_its_total(before: Shown, after: Shown, found: int | None) -> None:
    assert [entry.id for entry in is_new(found or NEW, before, after)] == ([found] if found else [])


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (shown([]), shown([]), "entries with the number 201: expected 1, got 0"),
        (shown([]), shown([NEW, NEW]), "entries with the number 201: expected 1, got 2"),
        (shown([]), shown([NEW, 202]), "total: expected 1, got 2\n  later entries: expected [], got [202]"),
        (shown([]), shown([NEW], 0), "total: expected 1, got 0"),
        (shown([]), shown([], 1), "entries shown, of a total of 1: expected some, got none"),
        (shown(NEWEST_TEN, 200), shown(NEWEST_TEN, NEW), "entries with the number 201: expected 1, got 0"),
        (shown(OLDEST_TEN, 200), shown(OLDEST_TEN, 200), "total: expected 201, got 200"),
        (shown(OLDEST_TEN, 200), shown(OLDEST_TEN, 202), "total: expected 201, got 202"),
    ],
)
def test_a_wrong_list_is_found(before: Shown, after: Shown, problem: str) -> None:
    with pytest.raises(AssertionError) as error:
        is_new(NEW, before, after)
    assert problem in str(error.value)


def test_what_cannot_tell_is_skipped_with_a_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match=HIDDEN):
        is_new(NEW, shown(OLDEST_TEN), shown(OLDEST_TEN))
    with pytest.raises(pytest.skip.Exception, match=OTHER_RUN):
        is_new(NEW, shown(OLDEST_TEN, 200), shown(OLDEST_TEN, 202), with_another_run)
    with pytest.raises(pytest.skip.Exception, match=OTHER_RUN):
        expect_none_of("orders", NEW, shown([1], 1), shown([1], 2), with_another_run)
    assert is_new(NEW, shown([]), shown([NEW, 202]), with_another_run) == [Entry(NEW)]


def test_what_belongs_to_another_customer_is_neither_shown_nor_counted() -> None:
    expect_none_of("orders", NEW, shown([1]), shown([1]), alone)
    expect_none_of("orders", NEW, shown(OLDEST_TEN, 200), shown(OLDEST_TEN, 200), alone)
    with pytest.raises(AssertionError, match="entries of another customer: expected 0, got 1"):
        expect_none_of("orders", NEW, shown([1]), shown([1, NEW]), alone)
    with pytest.raises(AssertionError, match="total, after another customer's: expected 1, got 2"):
        expect_none_of("orders", NEW, shown([1]), shown([1], 2), alone)


def test_an_own_entry_that_a_whole_list_lacks_is_missed() -> None:
    expect_shown("orders", 5, shown(OLDEST_TEN, 200))
    expect_shown("orders", NEW, shown(OLDEST_TEN, 200))
    with pytest.raises(AssertionError, match="entries with the number 201: expected 1, got 0"):
        expect_shown("orders", NEW, shown([]))
