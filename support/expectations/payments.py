"""What must hold of a payment session, and between it and its order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from support.expectations.compare import expect, expect_true

if TYPE_CHECKING:
    from support.api.models import Order, PaymentAccount, PaymentSession
    from support.pages import Listed

_CLIENT_SECRET = re.compile(r"pi_\w+_secret_\w+")


def session_waits(session: PaymentSession, order: Order, account: PaymentAccount, type: str = "session") -> None:  # noqa: A002  (the API's word)
    """The session is new: it waits for payment of this order by this account, and its dates follow the order's."""
    expect(
        "The payment session",
        {"order": order.id, "account": account.id, "type": type, "status": "waiting"},
        {
            "order": session.order_id,
            "account": session.payment_account_id,
            "type": session.type.value,
            "status": session.status.value,
        },
    )
    expect_true(
        {
            "it was created after its order": session.created_date >= order.created_date,
            "it was updated when it was created": session.updated_date == session.created_date,
        },
        "The payment session",
    )


def has_no_link(session: PaymentSession) -> None:
    """Nobody can pay this session on a page: it has neither a link nor a secret."""
    expect(
        "The payment session",
        {"checkout link": None, "client secret": None},
        {"checkout link": session.payment_url, "client secret": session.client_secret},
    )


def has_checkout_link(session: PaymentSession) -> None:
    """The customer can be sent to a page, by a link that nobody can listen to."""
    expect_true(
        {
            "it has a checkout link": session.payment_url is not None,
            "the link is https": (session.payment_url or "").startswith("https://"),
            "it has no client secret": session.client_secret is None,
        },
        "The payment session",
    )


def has_client_secret(session: PaymentSession) -> None:
    """The shop can take the payment on its own page: by a secret, not by a link."""
    expect_true(
        {
            "it has a client secret": bool(_CLIENT_SECRET.fullmatch(session.client_secret or "")),
            "it has no checkout link": session.payment_url is None,
        },
        "The payment intent",
    )


def session_became(outcome: str, opened: PaymentSession, now: PaymentSession) -> None:
    """The session has this outcome and is otherwise the one that was opened, updated since."""
    expect(
        "The payment session",
        {"number": opened.id, "order": opened.order_id, "status": outcome, "created": opened.created_date},
        {"number": now.id, "order": now.order_id, "status": now.status.value, "created": now.created_date},
    )
    expect_true({"it was updated after it was created": now.updated_date > now.created_date}, "The payment session")


def same_session(opened: PaymentSession, found: PaymentSession | None) -> None:
    """Both are the same session, in every field, documented or not."""
    if found is None:
        raise AssertionError(f"The order has no payment session, but session {opened.id} was opened for it.")
    expect("The session found", _plain(opened), _plain(found))


def session_listed(opened: PaymentSession, listed: Listed[PaymentSession]) -> None:
    """The session is in the list, the same in every field."""
    listed.expect_whole("payment sessions")
    expect("The list of payment sessions", {"entries": 1}, {"entries": len(listed.with_id(opened.id))})
    same_session(opened, listed.with_id(opened.id)[0])


def no_session(found: PaymentSession | None) -> None:
    """The order has no payment session."""
    if found is not None:
        raise AssertionError(f"The order should have no payment session, but has session {found.id}.")


def offered(wanted: set[str], found: set[str]) -> None:
    """The storage offers these payment accounts."""
    if not wanted <= found:
        raise AssertionError(f"The shop should offer payment by {sorted(wanted)}, but it offers only {sorted(found)}.")


def _plain(session: PaymentSession) -> dict[str, Any]:
    return session.model_dump(by_alias=True, exclude_unset=True)
