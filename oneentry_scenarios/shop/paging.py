"""Lists that come in pages: looked through until what is wanted is found, or the server shows no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=_Numbered)
Record_co = TypeVar("Record_co", bound=_Numbered, covariant=True)

#: As many records as we ask for at once; servers show fewer (documented: 10 in all by default).
PAGE = 30


class Page(Protocol[Record_co]):
    """What the client answers for a list: some of its records, and how many there are in all."""

    @property
    def items(self) -> tuple[Record_co, ...]: ...  # noqa: D102
    @property
    def total(self) -> int: ...  # noqa: D102
    @property
    def operation(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Listed(Generic[Record]):
    """What was seen, by `operation`, of a list whose server says that it has `total` records."""

    items: tuple[Record, ...]
    total: int
    operation: str
    is_cut: bool = False

    def __iter__(self) -> Iterator[Record]:
        """Over the records that were seen."""
        return iter(self.items)

    def with_id(self, record_id: int) -> list[Record]:
        """The records of this id; a sound list has one or none."""
        return [record for record in self.items if record.id == record_id]

    def expect_whole(self, what: str) -> None:
        """See that nothing was kept back.

        Raises:
            AssertionError: the server shows only a part of the list, and what is wanted is not in it.
        """
        if self.is_cut:
            raise AssertionError(
                f"The list of {what} ({self.operation}) is not as expected:\n"
                f"  expected items up to its total, {self.total}, got {len(self.items)}\n"
                f"So nobody can tell whether what was just made is among them. OneEntry lets a user group read 10 "
                f"records unless told otherwise: raise that number for {what} in the admin panel, in the permissions "
                f"of the user's group, or run as a test user that has fewer."
            )


def look_through(fetch: Callable[[int, int], Page[Record]], wanted: int | None = None) -> Listed[Record]:
    """Fetch pages by `fetch(offset, limit)` until the record `wanted` was seen, or all were.

    A server that shows all at once is asked once. One that caps what it shows answers an empty page in the end.
    """
    seen: list[Record] = []
    ids: set[int] = set()
    while True:
        page = fetch(len(seen), PAGE)
        # A record that stands twice in one page is the scenario's business; in two pages it only moved on meanwhile.
        new = [record for record in page.items if record.id not in ids]
        seen += new
        ids |= {record.id for record in new}
        if wanted in ids or len(seen) >= page.total or not new:
            return Listed(tuple(seen), page.total, page.operation, is_cut=wanted not in ids and len(seen) < page.total)
