"""Checks of a user's lists of orders and payment sessions.

A list may be newest or oldest first, and the server may show only a part of it (documented: ten records by default).
"""

from oneentry_scenarios.shop.checks.compare import INCONCLUSIVE, expect, skip_inconclusive
from oneentry_scenarios.shop.domain import TwoPages
from oneentry_scenarios.shop.expected_state import ListName
from oneentry_scenarios.shop.paging import PagedResult
from oneentry_scenarios.shop.shopper import Shopper


def shows(name: ListName, id_: int, shopper: Shopper) -> None:
    """Check that the buyer's list has an order or payment session once; if the list hides it, read it by its ID."""
    shown = shopper.listed(name, id_)
    expect_shown(name, id_, shown)
    if not shown.with_id(id_):
        (shopper.read_order if name == "orders" else shopper.read_session)(id_)


def lacks(name: ListName, id_: int, shopper: Shopper) -> None:
    """Check that an order of another customer or storage, or a payment session, is not in this customer's list."""
    shown = shopper.listed(name, id_)
    unwanted = f"entries with ID {id_}, which it should not show"
    expect(f"The list of {name}", shown, {unwanted: (0, len(shown.with_id(id_)))})
    _expect_some(name, shown)


def expect_shown(name: str, id_: int, shown: PagedResult) -> None:
    """Check that the list shows this record once, unless it is cut where the record would be."""
    __tracebackhide__ = True
    _expect_some(name, shown)
    found = shown.with_id(id_)
    if found or shown.would_show(id_):
        expect(f"The list of {name}", shown, {f"entries with ID {id_}": (1, len(found))})


def pages_differ(pages: TwoPages, shopper: Shopper, *, is_mock_shop: bool) -> None:
    """Check that page two continues a full page one, with the same total; skip if another run interferes."""
    first, second = ([record.id for record in page.items] for page in (pages.first, pages.second))
    total = pages.first.total
    rest = max(0, min(pages.size, total - pages.size))
    fields: dict[str, tuple[object, object]] = {
        "entries on the first page": (pages.size, len(first)),
        "entries on the second page": (rest, len(second) if is_mock_shop else max(rest, len(second))),
        "entries repeated on the second page": ([], [id_ for id_ in second if id_ in first]),
        "total of the second page": (total, pages.second.total),
    }
    # A session without an order, of a subscription, may come first in a list that is newest first (healthy shop).
    ids = [each.id for page in (pages.first, pages.second) for each in page.items if getattr(each, "order_id", True)]
    if ids not in (sorted(ids), sorted(ids, reverse=True)):
        fields["order of the entries"] = "newest or oldest first", ids
    is_wrong = any(expected != returned for expected, returned in fields.values())
    if is_wrong and shopper.foreign_browsers(shopper.devices(), "Python"):
        skip_inconclusive(INCONCLUSIVE["other_run"])
    is_enough = {f"it has at least {pages.size} entries before this step": (total >= pages.size, total)}
    expect("The list", pages.second, fields, is_enough)


def show_together(pages: TwoPages, ids: list[int]) -> None:
    """Check that two pages of a longer list show these records, as many as the user group's limit (documented: ten)."""
    first, second = ({record.id for record in page.items} for page in (pages.first, pages.second))
    shown = {"entries on both pages together": (ids, sorted(first | second))}
    expect("The list", pages.second, {**shown, "entries on the first page": (pages.size, len(first))})


def _expect_some(name: str, shown: PagedResult) -> None:
    """Check that a list with a total shows some entries."""
    __tracebackhide__ = True
    if shown.total and not shown.items:
        expect(f"The list of {name}", shown, {f"entries shown, of a total of {shown.total}": ("some", "none")})
