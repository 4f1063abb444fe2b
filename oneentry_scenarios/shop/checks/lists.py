"""What must hold of a user's orders and payment sessions as a list, before and after something was made.

A list may be newest or oldest first, and the server may show only a part of it (documented: ten records by default). So
what is in the list is proved by what it shows or, where the part that it shows cannot have it, by its total.
"""

from collections.abc import Callable

from oneentry_scenarios.shop.checks.compare import cannot_tell, expect
from oneentry_scenarios.shop.domain import HistoryPages
from oneentry_scenarios.shop.paging import PagedResult, Record
from oneentry_scenarios.shop.shopper import Shopper

#: Whether another run uses the shop as the same test user.
OtherRuns = Callable[[], bool]

HIDDEN = (
    "the project shows only a part of the user's orders or payment sessions, and their total does not grow: raise the "
    "number of records that the test users' group may read, in the admin panel"
)
OTHER_RUN = (
    "another run orders as the same test user at the same time, so what is new in a list may be its own: "
    "use other test users, or run one after the other"
)


def expect_new(
    name: str, id_: int, before: PagedResult[Record], after: PagedResult[Record], other_runs: OtherRuns
) -> list[Record]:
    """The list has one record more than `before`, with this id; returns it, or nothing where the list is cut.

    Raises:
        AssertionError: the record is missing, is there twice, or is not the only new one.
        Skipped: the project shows too little of the list, or another run is in the way.
    """
    __tracebackhide__ = True
    expect_some(name, before)
    expect_shown(name, id_, after)
    found, newer = after.with_id(id_), after.newer_than(id_)
    stays = after.total == before.total and after.total_may_be_capped
    if not newer and (stays or after.total == before.total + 1):
        return cannot_tell(HIDDEN) if stays and not found else found
    if other_runs():
        return found or cannot_tell(OTHER_RUN)
    expect(_the(name), after, {"total": (before.total + 1, after.total), "later entries": ([], newer)})
    return found


def expect_shown(name: str, id_: int, shown: PagedResult[Record]) -> None:
    """The list shows this record once, unless it is cut where the record would be."""
    __tracebackhide__ = True
    expect_some(name, shown)
    found = shown.with_id(id_)
    if found or shown.would_show(id_):
        expect(_the(name), shown, {f"entries with the number {id_}": (1, len(found))})


def expect_none_of(
    name: str, id_: int, before: PagedResult[Record], after: PagedResult[Record], other_runs: OtherRuns
) -> None:
    """The list has nothing of another customer's record with this id: it neither shows it nor counts it.

    Raises:
        AssertionError: it shows or counts it.
        Skipped: another run is in the way.
    """
    __tracebackhide__ = True
    expect(_the(name), after, {"entries of another customer": (0, len(after.with_id(id_)))})
    expect_some(name, after)
    if after.would_show(id_) or after.total <= before.total:
        return
    if other_runs():
        cannot_tell(OTHER_RUN)
    expect(_the(name), after, {"total, after another customer's": (before.total, after.total)})


def pages_differ(pages: HistoryPages, buyer: Shopper) -> None:
    """A page of a longer history is full, the next one goes on, and both count the same.

    Raises:
        AssertionError: they are not like that.
        Skipped: another run is in the way.
    """
    first, second = ([order.id for order in page.items] for page in (pages.first, pages.second))
    fields: dict[str, tuple[object, object]] = {
        "orders on the first page": (pages.size, len(first)),
        "orders on the second page": (min(pages.size, pages.first.total - pages.size), len(second)),
        "orders on both": ([], [id_ for id_ in second if id_ in first]),
        "total of the second page": (pages.first.total, pages.second.total),
    }
    if any(wanted != found for wanted, found in fields.values()) and buyer.has_other_runs():
        cannot_tell(OTHER_RUN)
    expect("The order history", pages, fields)


def history_lacks(order_id: int, customer: Shopper) -> None:
    """The order of another customer is not in this one's history."""
    expect_none_of("orders", order_id, customer.seen_history, customer.history(order_id), customer.has_other_runs)


def sessions_lack(session_id: int, customer: Shopper) -> None:
    """The payment session of another customer is not in this one's list."""
    seen, now = customer.seen_sessions, customer.sessions(session_id)
    expect_none_of("payment sessions", session_id, seen, now, customer.has_other_runs)


def expect_some(name: str, shown: PagedResult[Record]) -> None:
    """A list that has records shows some: a cap of none would be no list."""
    __tracebackhide__ = True
    if shown.total and not shown.items:
        expect(_the(name), shown, {f"entries shown, of a total of {shown.total}": ("some", "none")})


def _the(name: str) -> str:
    return f"The list of {name}"
