"""What must hold of a payment session, and between it and its order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import Listing, OrderStorage, PaymentAccount, PaymentSession
from oneentry_scenarios.shop.checks.compare import expect, expect_true
from oneentry_scenarios.shop.checks.refusals import says_not_found
from oneentry_scenarios.shop.domain import OpenedSession
from oneentry_scenarios.shop.ledger import Ledger
from oneentry_scenarios.shop.profile import OrderForm

#: Dates are written with or without a fraction.
TO_THE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Way:
    """How a payment session is paid: whether it has a link or a secret."""

    has_link: bool = False
    has_secret: bool = False


#: What a payment session has, in the features' words.
WAYS = {
    "has no checkout link": Way(),
    "leads to a checkout page": Way(has_link=True),
    "has a secret for the shop's own page": Way(has_secret=True),
}


def session_waits(
    opened: OpenedSession,
    type: str,  # noqa: A002  (the API's word)
    way: Way,
    account: str,
    accounts: Listing[PaymentAccount],
    ledger: Ledger,
) -> None:
    """The session is as it was asked for, of this account of the shop, and is paid in this way."""
    opened_as_asked(opened, ledger)
    session = opened.session
    ids = {each.identifier: each.id for each in accounts}
    claim = f"the account {account} is among them"
    expect_true("The list of payment accounts", accounts, {claim: (account in ids, ", ".join(ids) or "none")})
    fields = {"account": (ids[account], session.payment_account_id), "type": (type, session.type)}
    expect("The payment session", session, fields)
    link, secret = session.payment_url, session.client_secret
    is_secret = bool(re.fullmatch(r"pi_\w+_secret_\w+|", secret or ""))
    claims = {
        f"it has {'a' if way.has_link else 'no'} checkout link": (bool(link) == way.has_link, link),
        f"it has {'a' if way.has_secret else 'no'} client secret": (bool(secret) == way.has_secret, secret),
        "the client secret is such as pi_..._secret_...": (is_secret, secret),
    }
    expect_true("The payment session", session, claims)


def opened_as_asked(opened: OpenedSession, ledger: Ledger) -> None:
    """The session is new: it waits for payment of the order that was asked for, and is not older than it."""
    session, order = opened.session, ledger.orders[opened.order_id].made.order
    fields = {
        "order": (opened.order_id, session.order_id),
        "type": (opened.type, session.type),
        "status": ("waiting", session.status),
    }
    expect("The payment session", session, fields)
    created, ordered = session.created_date, order.created_date or session.created_date
    has_amount = session.amount in (None, order.total_sum, 100 * order.total_sum)
    link = session.payment_url or "https://none"
    claims = {
        "its checkout link, if it has one, is https": (link.startswith("https://"), link),
        f"it was created after its order, at {ordered}": (created - ordered > -TO_THE_SECOND, created),
        f"its amount, if it has one, is that of the order, {order.total_sum}": (has_amount, session.amount),
    }
    expect_true("The payment session", session, claims)


def session_became(outcome: str, now: PaymentSession) -> None:
    """The session has this outcome and was updated since it was opened."""
    expect("The payment session", now, {"status": (outcome, now.status)})
    claim = f"it was updated after it was created at {now.created_date}"
    expect_true("The payment session", now, {claim: (now.updated_date > now.created_date, now.updated_date)})


def session_of_order(opened: PaymentSession, sessions: Listing[PaymentSession]) -> None:
    """The newest of the order's sessions is the one that was opened."""
    newest = max((session.id for session in sessions), default=0)
    expect("The order", sessions, {"number of its payment session": (opened.id, newest or "none: it is gone")})


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


def offered(wanted: set[str], names: OrderForm, storage: OrderStorage) -> None:
    """The storage is the profile's, of its form if one is linked (observed: null before), and offers these accounts."""
    form = names.form, storage.form_identifier or names.form
    expect("The order storage", storage, {"marker": (names.storage, storage.identifier), "form": form})
    found = {account.identifier for account in storage.payment_account_identifiers}
    claim = f"it offers the payment accounts {', '.join(sorted(wanted))}"
    expect_true("The order storage", storage, {claim: (wanted <= found, ", ".join(sorted(found)))})
