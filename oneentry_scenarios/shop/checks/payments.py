"""What must hold of a payment session, and between it and its order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from oneentry_scenarios.shop.checks.compare import expect, expect_true

if TYPE_CHECKING:
    from collections.abc import Collection

    from oneentry_scenarios.api.models import Order, OrderStorage, PaymentAccount, PaymentSession
    from oneentry_scenarios.shop.paging import Listed

_BY_ORDER = "payments.get_session_by_order_id"
_CLIENT_SECRET = re.compile(r"pi_\w+_secret_\w+")


def session_waits(session: PaymentSession, order: Order, account: PaymentAccount, type: str = "session") -> None:  # noqa: A002  (the API's word)
    """The session is new: it waits for payment of this order by this account, and its dates follow the order's."""
    expect(
        "The payment session",
        session.operation,
        {"order": order.id, "account": account.id, "type": type, "status": "waiting"},
        {
            "order": session.order_id,
            "account": session.payment_account_id,
            "type": session.type.value,
            "status": session.status.value,
        },
    )
    created, updated, ordered = session.created_date, session.updated_date, order.created_date
    expect_true(
        "The payment session",
        session.operation,
        {
            f"it was created after its order, at {ordered}": (created >= ordered, created),
            f"its updatedDate is its createdDate, {created}": (updated == created, updated),
        },
    )


def has_no_link(session: PaymentSession) -> None:
    """Nobody can pay this session on a page: it has neither a link nor a secret."""
    expect(
        "The payment session",
        session.operation,
        {"checkout link": None, "client secret": None},
        {"checkout link": session.payment_url, "client secret": session.client_secret},
    )


def has_checkout_link(session: PaymentSession) -> None:
    """The customer can be sent to a page, by a link that nobody can listen to."""
    link, secret = session.payment_url, session.client_secret
    expect_true(
        "The payment session",
        session.operation,
        {
            "it has a checkout link": (link is not None, link),
            "the checkout link is https": ((link or "https://").startswith("https://"), link),
            "it has no client secret": (secret is None, secret),
        },
    )


def has_client_secret(session: PaymentSession) -> None:
    """The shop can take the payment on its own page: by a secret, not by a link."""
    link, secret = session.payment_url, session.client_secret
    expect_true(
        "The payment intent",
        session.operation,
        {
            "it has a client secret such as pi_..._secret_...": (bool(_CLIENT_SECRET.fullmatch(secret or "")), secret),
            "it has no checkout link": (link is None, link),
        },
    )


def session_became(outcome: str, opened: PaymentSession, now: PaymentSession) -> None:
    """The session has this outcome and is otherwise the one that was opened, updated since."""
    expect(
        "The payment session",
        now.operation,
        {"number": opened.id, "order": opened.order_id, "status": outcome, "created": opened.created_date},
        {"number": now.id, "order": now.order_id, "status": now.status.value, "created": now.created_date},
    )
    claim = f"it was updated after it was created at {now.created_date}"
    expect_true("The payment session", now.operation, {claim: (now.updated_date > now.created_date, now.updated_date)})


def same_session(opened: PaymentSession, found: PaymentSession | None) -> None:
    """Both are the same session, in every field, documented or not."""
    if found is None:
        expect("The order", _BY_ORDER, {"payment session": opened.id}, {"payment session": None})
    else:
        expect("The session found", found.operation, _plain(opened), _plain(found))


def session_listed(opened: PaymentSession, listed: Listed[PaymentSession]) -> None:
    """The session is in the list, the same in every field."""
    listed.expect_whole("payment sessions")
    found = listed.with_id(opened.id)
    expect(
        "The list of payment sessions",
        listed.operation,
        {"entries of the session": 1},
        {"entries of the session": len(found)},
    )
    same_session(opened, found[0])


def session_not_listed(opened: PaymentSession, listed: Listed[PaymentSession]) -> None:
    """The session is not in the list."""
    name, found = "entries of another's session", len(listed.with_id(opened.id))
    expect("The list of payment sessions", listed.operation, {name: 0}, {name: found})
    listed.expect_whole("payment sessions")


def no_session(found: PaymentSession | None) -> None:
    """The order has no payment session."""
    if found is not None:
        expect("The order", found.operation, {"payment session": None}, {"payment session": found.id})


def has_account(identifier: str, accounts: Collection[str]) -> None:
    """The shop has this payment account."""
    claim = f"the account {identifier} is among them"
    found = ", ".join(accounts) or "none"
    expect_true("The list of payment accounts", "payments.get_accounts", {claim: (identifier in accounts, found)})


def offered(wanted: set[str], marker: str, storage: OrderStorage) -> None:
    """The storage is that of this marker and offers these payment accounts."""
    expect("The order storage", storage.operation, {"marker": marker}, {"marker": storage.identifier})
    found = {account.identifier for account in storage.payment_account_identifiers}
    claim = f"it offers the payment accounts {', '.join(sorted(wanted))}"
    expect_true("The order storage", storage.operation, {claim: (wanted <= found, ", ".join(sorted(found)))})


def _plain(session: PaymentSession) -> dict[str, Any]:
    return session.model_dump(by_alias=True, exclude_unset=True)
