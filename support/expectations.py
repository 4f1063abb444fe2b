"""What must hold between what was asked and what was answered, compared field by field and told in the shop's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from support.placeholders import claims_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from support.api.errors import Refused
    from support.api.models import Order, PaymentAccount, PaymentSession, SignIn, StoredOrder
    from support.api.profile import Profile
    from support.shop import PlacedOrder, Purchase

_CLIENT_SECRET = re.compile(r"pi_\w+_secret_\w+")
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


@dataclass(frozen=True)
class Price:
    """An amount of money, exact, and its currency. 340 and 340.00 are the same amount."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """With two decimals at least, as people write it."""
        return (
            f"{self.amount:.2f} {self.currency}"
            if self.amount == round(self.amount, 2)
            else f"{self.amount} {self.currency}"
        )

    __repr__ = __str__


#: What the documentation or an observation says of a refusal's status, by the shop's words.
STATUS_BY_WORDS = {
    "Resource is closed": 403,
    "Login or password values are missed": 400,
    "empty form data section": 400,
    "Your payment account is not connected.": 400,
}


def refused_with(words: str, refusal: Refused) -> None:
    """The shop refused in these documented words, with the status that goes with them."""
    expect(
        "The refusal",
        {"words": words, "status": STATUS_BY_WORDS[words]},
        {"words": refusal.reason, "status": refusal.status},
    )


def refused_at_all(refusal: Refused) -> None:
    """The shop refused: nobody documents how, but it must not be a breakdown of its own."""
    if not 400 <= refusal.status < 500:
        raise AssertionError(f"The shop should refuse this, but it broke down: {refusal.status} {refusal.reason}")


def refused_as(status: int, meaning: str, refusal: Refused) -> None:
    """The shop refused with the status that is documented for this."""
    if refusal.status != status:
        raise AssertionError(f"The shop should {meaning} ({status}), but it said: {refusal.status} {refusal.reason}")


def turned_away(refusal: Refused) -> None:
    """A visitor who never signed in gets nothing; the sources contradict each other on the status (401, 403, 500)."""
    if refusal.status not in (401, 403, 500):
        raise AssertionError(f"The shop should turn a visitor away, but it said: {refusal.status} {refusal.reason}")


def done(answer: bool) -> None:
    """The shop says `true` to what it was asked to do."""
    if answer is not True:
        raise AssertionError("The shop should have done this, but it answered: false")


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
    price = price_of(purchase, profile)
    expect(
        "The confirmed order",
        {
            "form": profile.orders.form,
            "payment account": profile.account(purchase.account),
            "form fields": [("string", profile.orders.name_field, purchase.buyer)],
            "products": _wanted(purchase, profile),
            "price": price,
        },
        {
            "form": order.form_identifier,
            "payment account": order.payment_account_identifier,
            "form fields": _filled_in(order),
            "products": [(line.product_id, line.quantity) for line in order.products],
            "price": Price(order.total_sum, order.currency),
        },
    )
    signed_in_at = datetime.fromtimestamp(_claims(sign_in)["iat"], UTC)
    expect_true({"it was created after its buyer signed in": order.created_date >= signed_in_at}, "The confirmed order")


def order_reads(placed: PlacedOrder, profile: Profile, stored: StoredOrder) -> None:
    """What is read back is what was confirmed and wanted, each product at its price."""
    purchase, order = placed.purchase, placed.order
    prices = {product.id: product.price for product in profile.products.values()}
    expect(
        "The order that is read back",
        {
            "order": order.id,
            "created": order.created_date,
            "form": order.form_identifier,
            "payment account": order.payment_account_identifier,
            "form fields": [("string", profile.orders.name_field, purchase.buyer)],
            "products": _wanted(purchase, profile),
            "prices of the products": [prices[product_id] for product_id, _ in _wanted(purchase, profile)],
            "total": price_of(purchase, profile).amount,
        },
        {
            "order": stored.id,
            "created": stored.created_date,
            "form": stored.form_identifier,
            "payment account": stored.payment_account_identifier,
            "form fields": _filled_in(stored),
            "products": [(product.id, product.quantity) for product in stored.products],
            "prices of the products": [product.price for product in stored.products],
            "total": stored.total_sum,
        },
    )
    # Documented: the currency of an order that is read is often empty.
    if stored.currency:
        expect("The order that is read back", {"currency": order.currency}, {"currency": stored.currency})


def price_of(purchase: Purchase, profile: Profile) -> Price:
    """What a purchase costs by the profile, without any discount."""
    products = [(profile.product(line.product or ""), line.quantity) for line in purchase.lines]
    total = sum((product.price * int(quantity) for product, quantity in products), Decimal())
    return Price(total, products[0][0].currency)


def history_shows(placed: PlacedOrder, profile: Profile, history: Sequence[StoredOrder]) -> None:
    """The order is in the history, once, as it was placed."""
    found = [stored for stored in history if stored.id == placed.order.id]
    expect("The order history", {"entries of the order": 1}, {"entries of the order": len(found)})
    order_reads(placed, profile, found[0])


def history_lacks(placed: PlacedOrder, history: Sequence[StoredOrder]) -> None:
    """The order is not in the history."""
    if placed.order.id in {stored.id for stored in history}:
        raise AssertionError(f"The order history shows order {placed.order.id}, which is somebody else's.")


def nothing_since(sign_in: SignIn, history: Sequence[StoredOrder]) -> None:
    """Nothing in the history was ordered after its buyer signed in."""
    signed_in_at = datetime.fromtimestamp(_claims(sign_in)["iat"], UTC)
    since = [stored.id for stored in history if stored.created_date >= signed_in_at]
    expect("The order history", {"orders since signing in": []}, {"orders since signing in": since})


def order_is_in(status: str, stored: StoredOrder) -> None:
    """The order is in this status of its storage."""
    expect("The order", {"status": status}, {"status": stored.status_identifier})


def order_follows(outcome: str, profile: Profile, stored: StoredOrder) -> None:
    """The order is in the status that the storage gives to an order whose payment ended like this."""
    order_is_in(profile.order_status(outcome), stored)
    # Observed: a paid card order is completed, an unpaid one is not.
    expect("The order", {"completed": outcome == "completed"}, {"completed": stored.is_completed})


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


def no_session(found: PaymentSession | None) -> None:
    """The order has no payment session."""
    if found is not None:
        raise AssertionError(f"The order should have no payment session, but has session {found.id}.")


def offered(wanted: set[str], found: set[str]) -> None:
    """The storage offers these payment accounts."""
    if not wanted <= found:
        raise AssertionError(f"The shop should offer payment by {sorted(wanted)}, but it offers only {sorted(found)}.")


def all_new(old: SignIn, new: SignIn) -> None:
    """Neither token of a renewed sign-in is the old one."""
    expect_true(
        {
            "the access token is new": new.access_token != old.access_token,
            "the refresh token is new": new.refresh_token != old.refresh_token,
        },
        "The renewed sign-in",
    )


def same_session(opened: PaymentSession, found: PaymentSession | None) -> None:
    """Both are the same session, in every field, documented or not."""
    if found is None:
        raise AssertionError(f"The order has no payment session, but session {opened.id} was opened for it.")
    expect("The session found", _plain(opened), _plain(found))


def _wanted(purchase: Purchase, profile: Profile) -> list[tuple[int, float]]:
    return [(profile.product(line.product or "").id, line.quantity) for line in purchase.lines]


def _filled_in(order: Order | StoredOrder) -> list[tuple[str, str, object]]:
    return [(field.type, field.marker, field.value) for field in order.form_data]


def _claims(sign_in: SignIn) -> dict[str, Any]:
    """What the access token says about its user."""
    claims = claims_of(sign_in.access_token)
    if claims is None:
        raise AssertionError("The access token is not a JSON Web Token with claims.")
    return claims


def _plain(session: PaymentSession) -> dict[str, Any]:
    return session.model_dump(by_alias=True, exclude_unset=True)
