"""What must hold of the shop's answers to what it should not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.expectations.compare import expect

if TYPE_CHECKING:
    from support.api.errors import Refused

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
