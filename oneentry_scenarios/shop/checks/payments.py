"""Checks of payment sessions, also against their orders."""

import re
from collections.abc import Callable

from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import Listing, OrderStorage, PaymentSession
from oneentry_scenarios.shop.checks.compare import Fields, agree, expect
from oneentry_scenarios.shop.checks.refusals import says_not_found
from oneentry_scenarios.shop.domain import OpenedSession
from oneentry_scenarios.shop.expected_state import ExpectedState
from oneentry_scenarios.shop.profile import OrderForm
from oneentry_scenarios.shop.shopper import Shopper

#: Type of accounts that are paid outside the shop, such as cash. All other types have a checkout page.
WITHOUT_PAGE = "custom"
#: Whether a payment session has a checkout link, and whether it has a client secret.
LinkOrSecret = tuple[bool, bool]
#: The words of features for it.
LINK_OR_SECRET: dict[str, LinkOrSecret] = {
    "has no checkout link": (False, False),
    "has a checkout link": (True, False),
    "has a client secret": (False, True),
}


def session_waits(opened: OpenedSession, kind: str, wants: LinkOrSecret | None, account: str, shopper: Shopper) -> None:
    """Check a new session. `wants`: whether it has a link and a secret; `None`: as its account's type requires."""
    accounts = shopper.client.payments.get_accounts()
    opened_as_requested(opened, shopper.expected)
    session = opened.session
    by_name = {each.identifier: each for each in accounts}
    is_listed = {f"the account {account} is among them": (account in by_name, ", ".join(by_name) or "none")}
    expect("The list of payment accounts", accounts, conditions=is_listed)
    fields = {"account": (by_name[account].id, session.payment_account_id), "type": (kind, session.type)}
    has_link, has_secret = wants or (by_name[account].type != WITHOUT_PAGE, False)
    link, secret = session.payment_url, session.client_secret
    is_secret = bool(re.fullmatch(r"pi_\w+_secret_\w+|", secret or ""))
    conditions = {
        f"it has {'a' if has_link else 'no'} checkout link": (bool(link) == has_link, link),
        f"it has {'a' if has_secret else 'no'} client secret": (bool(secret) == has_secret, secret),
        "the client secret has the form pi_..._secret_...": (is_secret, secret),
    }
    expect("The payment session", session, fields, conditions)


def opened_as_requested(opened: OpenedSession, expected: ExpectedState) -> None:
    """Check that the session waits for payment of the requested order and is not older than the order."""
    session, order = opened.session, expected.orders[opened.order_id].confirmed.order
    fields = {
        "order": (opened.order_id, session.order_id),
        "type": (opened.type, session.type),
        "status": ("waiting", session.status),
    }
    created, order_created = session.created_date, order.created_date or session.created_date
    is_later = created >= order_created or agree(created, order_created)
    has_amount = session.amount in (None, order.total_sum, 100 * order.total_sum)
    link = session.payment_url or "https://none"
    conditions = {
        "its checkout link, if it has one, begins with https": (link.startswith("https://"), link),
        f"it was created after its order, at {order_created}": (is_later, created),
        f"its amount, if it has one, is that of the order, {order.total_sum}": (has_amount, session.amount),
    }
    expect("The payment session", session, fields, conditions)


def session_became(outcome: str, now: PaymentSession) -> None:
    """Check that the session has this outcome and was updated after it was opened."""
    condition = f"it was updated after it was created at {now.created_date}"
    conditions = {condition: (now.updated_date > now.created_date, now.updated_date)}
    expect("The payment session", now, {"status": (outcome, now.status)}, conditions)


def session_of_order(opened: PaymentSession, sessions: Listing[PaymentSession]) -> None:
    """Check that the newest of the order's sessions is the one that was opened, and that all are of this order."""
    newest = max((session.id for session in sessions), default=0)
    of_others = [session.id for session in sessions if session.order_id != opened.order_id]
    fields: Fields = {"ID of its payment session": (opened.id, newest or "none (missing)")}
    expect("The order", sessions, {**fields, "payment sessions of other orders": ([], of_others)})


def one_waits(sessions: Listing[PaymentSession]) -> None:
    """Check that at least one of the order's sessions waits for payment."""
    statuses = [session.status for session in sessions]
    is_waiting = "waiting" in statuses, ", ".join(statuses) or "none"
    expect("The order", sessions, conditions={"a payment session waits": is_waiting})


def no_session(look: Callable[[], Listing[PaymentSession]]) -> None:
    """Check that the order has no payment session: the list is empty, or the shop returns 404."""
    try:
        sessions = look()
    except Refused as refusal:
        if says_not_found(refusal):
            return
        raise
    newest = max((session.id for session in sessions), default=None)
    expect("The order", sessions, {"payment session": (None, newest)})


def offered(wanted: set[str], form: OrderForm, storage: OrderStorage) -> None:
    """Check that the storage has the profile's marker and form (null if none is linked), and offers these accounts."""
    linked_form = storage.form_identifier or form.form
    fields = {"marker": (form.storage, storage.identifier), "form": (form.form, linked_form)}
    found = {account.identifier for account in storage.payment_account_identifiers}
    condition = f"it offers the payment accounts {', '.join(sorted(wanted))}"
    expect("The order storage", storage, fields, {condition: (wanted <= found, ", ".join(sorted(found)))})
