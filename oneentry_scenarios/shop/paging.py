"""Lists that come in pages: fetched until a record is found, or until the server shows no more."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from oneentry_scenarios.api.models import Page

#: How many records a call asks for; servers show fewer.
PAGE = 30
#: How many records a user group may read of a list unless the project says otherwise (documented).
DOCUMENTED_CAP = 10


class PagedResult(NamedTuple):
    """The records that `operation` returned, of a list with `total` records; `is_cut` if the server kept some back."""

    items: tuple[Any, ...]
    total: int
    operation: str
    is_cut: bool

    def with_id(self, record_id: int) -> list[Any]:
        """The records with this id; a correct list has at most one."""
        return [record for record in self.items if record.id == record_id]

    @property
    def newest(self) -> int:
        """The highest id; 0 if there is none."""
        return max((record.id for record in self.items), default=0)

    @property
    def total_may_be_capped(self) -> bool:
        """Whether `total` may count only what the user group may read, and so not grow."""
        return self.total == len(self.items) >= DOCUMENTED_CAP

    def would_show(self, record_id: int) -> bool:
        """Whether a record with this id, if it were in the list, would be among `items`, whatever the server hides."""
        ids = [record.id for record in self.items]
        is_newest_first = len(ids) > 1 and all(one >= other for one, other in pairwise(ids))
        if is_newest_first and record_id > ids[-1]:
            return True
        return not self.is_cut and not self.total_may_be_capped


def fetch_pages(fetch: Callable[[int, int], Page[Any]], wanted: int | None = None) -> PagedResult:
    """Call `fetch(offset, limit)` until the record with the id `wanted` is found, or until there are no more.

    If the first page has all records, it is the only call. A server that caps what it shows returns an empty page.
    """
    seen: list[Any] = []
    ids: set[int] = set()
    while True:
        page = fetch(len(seen), PAGE)
        # A record twice in one page is for the scenario to find; in two pages it has only moved between the calls.
        new = [record for record in page.items if record.id not in ids]
        seen += new
        ids |= {record.id for record in new}
        is_cut = wanted not in ids and len(seen) < page.total
        if not (is_cut and new):
            return PagedResult(tuple(seen), page.total, page.operation, is_cut)
