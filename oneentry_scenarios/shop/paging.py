"""Paged lists: fetched until a record is found or the server returns no more records."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from oneentry_scenarios.api.models import Page

#: Records requested per call; servers may return fewer.
PAGE = 30
#: Records of a list that a user group may read by default (documented).
DOCUMENTED_CAP = 10


class PagedResult(NamedTuple):
    """The records that `operation` returned, of a list with `total` records; `is_cut` if some were not returned."""

    items: tuple[Any, ...]
    total: int
    operation: str
    is_cut: bool

    def with_id(self, record_id: int) -> list[Any]:
        """Return the records with this ID; a correct list has at most one."""
        return [record for record in self.items if record.id == record_id]

    @property
    def newest(self) -> int:
        """The highest ID; 0 in an empty list."""
        return max((record.id for record in self.items), default=0)

    @property
    def total_may_be_capped(self) -> bool:
        """Whether `total` may be the user group's limit: then it stays the same when records are added."""
        return self.total == len(self.items) >= DOCUMENTED_CAP

    def would_show(self, record_id: int) -> bool:
        """Return whether `items` would contain this record if the list has it: no cap or unread page can hide it."""
        ids = [record.id for record in self.items]
        is_newest_first = len(ids) > 1 and all(one >= other for one, other in pairwise(ids))
        return (is_newest_first and record_id > ids[-1]) or not (self.is_cut or self.total_may_be_capped)


def fetch_pages(fetch: Callable[[int, int], Page[Any]], wanted: int | None = None) -> PagedResult:
    """Call `fetch(offset, limit)` until the record with the ID `wanted` is found or no new records are returned.

    If the first page has all records, no other call is made. A server with a cap returns an empty page beyond it.
    """
    seen: list[Any] = []
    ids: set[int] = set()
    while True:
        page = fetch(len(seen), PAGE)
        # A duplicate within a page must fail the scenario; across pages, the record only moved between the calls.
        new = [record for record in page.items if record.id not in ids]
        seen += new
        ids |= {record.id for record in new}
        is_cut = wanted not in ids and len(seen) < page.total
        if not (is_cut and new):
            return PagedResult(tuple(seen), page.total, page.operation, is_cut)
