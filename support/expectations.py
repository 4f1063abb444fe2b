"""What must hold between what was asked and what was answered, compared field by field and told in the shop's words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from support.placeholders import claims_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.api.models import Order, PaymentAccount, PaymentSession, SignIn
    from support.api.profile import Profile
    from support.shop import PlacedOrder

_REFRESH_TOKEN = re.compile(r"\d{13}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def expect(subject: str, expected: Mapping[str, object], actual: Mapping[str, object]) -> None:
    """Compare all fields at once.

    Raises:
        AssertionError: at least one differs; names each, with what was expected and what was found.
    """
    missing = "nothing"
    differing = [name for name in {**expected, **actual} if expected.get(name, missing) != actual.get(name, missing)]
    if differing:
        lines = (
            f"\n  {name}: expected {expected.get(name, missing)}, got {actual.get(name, missing)}" for name in differing
        )
        raise AssertionError(f"{subject} is not as expected:{''.join(lines)}")


def expect_true(claims: Mapping[str, bool], subject: str) -> None:
    """See that every claim about `subject` is true.

    Raises:
        AssertionError: at least one is false; lists those.
    """
    broken = [claim for claim, holds in claims.items() if not holds]
    if broken:
        raise AssertionError(f"{subject} is not as expected:" + "".join(f"\n  not true: {claim}" for claim in broken))


def signed_in_as(user: str, provider: str, sign_in: SignIn) -> None:
    """The sign-in is this user's at this provider, and its tokens have the documented form and agree with it."""
    expect(
        "The sign-in",
        {"user": user, "provider": provider},
        {"user": sign_in.user_identifier, "provider": sign_in.auth_provider_identifier},
    )
    claims = _claims(sign_in)
    expect(
        "The access token",
        {"user": user, "provider": provider},
        {"user": claims.get("userIdentifier"), "provider": claims.get("authProviderIdentifier")},
    )
    expect_true(
        {
            "the access token ends after it begins": claims.get("exp", 0) > claims.get("iat", 0) > 0,
            "the refresh token is a time in milliseconds and a UUID": bool(
                _REFRESH_TOKEN.fullmatch(sign_in.refresh_token)
            ),
        },
        "The sign-in",
    )


def order_confirms(placed: PlacedOrder, profile: Profile, sign_in: SignIn) -> None:
    """The confirmed order is what was asked for: form, account, lines, currency, the exact undiscounted total, date."""
    purchase, order = placed.purchase, placed.order
    lines = [(profile.product(line.product), line.quantity) for line in purchase.lines]
    expect(
        "The confirmed order",
        {
            "form": profile.orders.form,
            "payment account": profile.account(purchase.account),
            "form fields": [("string", profile.orders.name_field, purchase.buyer)],
            "products": [(product.id, quantity) for product, quantity in lines],
            "currency": lines[0][0].currency,
            "total": sum(product.price * quantity for product, quantity in lines),
        },
        {
            "form": order.form_identifier,
            "payment account": order.payment_account_identifier,
            "form fields": [(field.type, field.marker, field.value) for field in order.form_data],
            "products": [(line.product_id, line.quantity) for line in order.products],
            "currency": order.currency,
            "total": order.total_sum,
        },
    )
    signed_in_at = datetime.fromtimestamp(_claims(sign_in)["iat"], UTC)
    expect_true({"it was created after its buyer signed in": order.created_date >= signed_in_at}, "The confirmed order")


def session_waits(session: PaymentSession, order: Order, account: PaymentAccount) -> None:
    """The session is new: it waits for payment of this order by this account, and its dates follow the order's."""
    expect(
        "The payment session",
        {"order": order.id, "account": account.id, "type": "session", "status": "waiting", "checkout link": None},
        {
            "order": session.order_id,
            "account": session.payment_account_id,
            "type": session.type.value,
            "status": session.status.value,
            "checkout link": session.payment_url,
        },
    )
    expect_true(
        {
            "it was created after its order": session.created_date >= order.created_date,
            "it was updated when it was created": session.updated_date == session.created_date,
        },
        "The payment session",
    )


def same_session(opened: PaymentSession, found: PaymentSession | None) -> None:
    """Both are the same session, in every field, documented or not."""
    if found is None:
        raise AssertionError(f"The order has no payment session, but session {opened.id} was opened for it.")
    expect("The session found", _plain(opened), _plain(found))


def _claims(sign_in: SignIn) -> dict[str, Any]:
    """What the access token says about its user."""
    claims = claims_of(sign_in.access_token)
    if claims is None:
        raise AssertionError("The access token is not a JSON Web Token with claims.")
    return claims


def _plain(session: PaymentSession) -> dict[str, Any]:
    return session.model_dump(by_alias=True, exclude_unset=True)
