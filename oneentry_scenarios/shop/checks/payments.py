"""What must hold of a payment session, and between it and its order."""

import re
from collections.abc import Callable
from datetime import timedelta

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import Listing, Order, OrderStorage, PaymentAccount, PaymentSession
from oneentry_scenarios.shop.checks.compare import expect, expect_true, moment_differs
from oneentry_scenarios.shop.checks.lists import expect_new
from oneentry_scenarios.shop.checks.refusals import says_not_found
from oneentry_scenarios.shop.shopper import Shopper

SESSIONS = "payment sessions"
#: Dates are written with or without a fraction.
TO_THE_SECOND = timedelta(seconds=1)


def session_waits(
    session: PaymentSession,
    order: Order,
    account: str,
    accounts: Listing[PaymentAccount],
    type: str = "session",  # noqa: A002  (the API's word)
) -> None:
    """The session is new: it waits for payment of this order by this account of the shop, and is not older than it."""
    ids = {each.identifier: each.id for each in accounts}
    claim = f"the account {account} is among them"
    expect_true("The list of payment accounts", accounts, {claim: (account in ids, ", ".join(ids) or "none")})
    fields = {
        "order": (order.id, session.order_id),
        "account": (ids[account], session.payment_account_id),
        "type": (type, session.type),
        "status": ("waiting", session.status),
    }
    expect("The payment session", session, fields)
    created, updated, ordered = session.created_date, session.updated_date, order.created_date or session.created_date
    amounts = (None, order.total_sum, 100 * order.total_sum)
    claims = {
        f"it was created after its order, at {ordered}": (created - ordered > -TO_THE_SECOND, created),
        f"its updatedDate is not before its createdDate, {created}": (updated >= created, updated),
        f"its amount, if it has one, is that of the order, {order.total_sum}": (
            session.amount in amounts,
            session.amount,
        ),
    }
    expect_true("The payment session", session, claims)


def has_no_link(session: PaymentSession) -> None:
    """The session cannot be paid on a page: it has neither a link nor a secret."""
    fields = {"checkout link": (None, session.payment_url), "client secret": (None, session.client_secret)}
    expect("The payment session", session, fields)


def has_checkout_link(session: PaymentSession) -> None:
    """The session is paid on a page, at an encrypted link."""
    link, secret = session.payment_url, session.client_secret
    claims = {
        "it has a checkout link": (link is not None, link),
        "the checkout link is https": ((link or "https://").startswith("https://"), link),
        "it has no client secret": (secret is None, secret),
    }
    expect_true("The payment session", session, claims)


def has_client_secret(session: PaymentSession) -> None:
    """The session is paid on the shop's own page: it has a secret and no link."""
    link, secret = session.payment_url, session.client_secret
    has_form = bool(re.fullmatch(r"pi_\w+_secret_\w+", secret or ""))
    claims = {
        "it has a client secret such as pi_..._secret_...": (has_form, secret),
        "it has no checkout link": (link is None, link),
    }
    expect_true("The payment intent", session, claims)


def session_became(outcome: str, opened: PaymentSession, now: PaymentSession) -> None:
    """The session has this outcome, is the one that was opened, and was updated since."""
    fields = {
        "number": (opened.id, now.id),
        "order": (opened.order_id, now.order_id),
        "status": (outcome, now.status),
        "created": (opened.created_date, now.created_date),
    }
    expect("The payment session", now, fields)
    claim = f"it was updated after it was created at {now.created_date}"
    expect_true("The payment session", now, {claim: (now.updated_date > now.created_date, now.updated_date)})


def same_session(opened: PaymentSession, found: PaymentSession) -> None:
    """Both are the same session. Its last update and its amount may move on, and the status where a card pays."""
    fields: dict[str, tuple[object, object]] = {
        "number": (opened.id, found.id),
        "order": (opened.order_id, found.order_id),
        "type": (opened.type, found.type),
        "account": (opened.payment_account_id, found.payment_account_id),
        "checkout link": (opened.payment_url, found.payment_url),
    }
    if moment_differs(opened.created_date, found.created_date):
        fields["created"] = opened.created_date, found.created_date
    if opened.payment_url is None and opened.client_secret is None:
        fields["status"] = opened.status, found.status
    expect("The session found", found, fields)
    claim = f"its updatedDate is not before its createdDate, {found.created_date}"
    expect_true("The session found", found, {claim: (found.updated_date >= found.created_date, found.updated_date)})


def session_of_order(opened: PaymentSession, sessions: Listing[PaymentSession]) -> None:
    """The newest of the order's sessions is the one that was opened."""
    if not sessions:
        expect("The order", sessions, {"payment session": (opened.id, None)})
    same_session(opened, max(sessions, key=lambda session: session.id))


def no_session(look: Callable[[], Listing[PaymentSession]]) -> None:
    """The order has no payment session: the list is empty, or the shop finds none (404)."""
    try:
        sessions = look()
    except Refused as refusal:
        if says_not_found(refusal):
            return
        raise
    newest = max((session.id for session in sessions), default=None)
    expect("The order", sessions, {"payment session": (None, newest)})


def session_listed(opened: PaymentSession, buyer: Shopper) -> None:
    """The session is new in the list, once, and the same."""
    found = expect_new(SESSIONS, opened.id, buyer.seen_sessions, buyer.sessions(opened.id), buyer.has_other_runs)
    # Where the list hides its newest sessions, the session itself has to do.
    same_session(opened, found[0] if found else buyer.session(opened.id))


def offered(wanted: set[str], marker: str, storage: OrderStorage) -> None:
    """The storage is that of this marker and offers these payment accounts."""
    expect("The order storage", storage, {"marker": (marker, storage.identifier)})
    found = {account.identifier for account in storage.payment_account_identifiers}
    claim = f"it offers the payment accounts {', '.join(sorted(wanted))}"
    expect_true("The order storage", storage, {claim: (wanted <= found, ", ".join(sorted(found)))})
