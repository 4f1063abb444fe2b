"""What must hold of the shop's answers to what it should not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oneentry_scenarios.api.errors import NO_MESSAGE
from oneentry_scenarios.shop.checks.compare import expect, expect_true

if TYPE_CHECKING:
    from oneentry_scenarios.api.errors import Refused

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
        refusal.operation,
        {"words": words, "status": STATUS_BY_WORDS[words]},
        {"words": refusal.reason, "status": refusal.status},
    )


def refused_at_all(refusal: Refused) -> None:
    """The shop refused: nobody documents how, but it must not be a breakdown of its own."""
    claim = "its status is from 400 to 499"
    expect_true("The refusal", refusal.operation, {claim: (400 <= refusal.status < 500, _told(refusal))})


def refused_as(status: int, meaning: str, refusal: Refused) -> None:
    """The shop refused with the status that is documented for this."""
    claim = f"the shop should {meaning} with status {status}"
    expect_true("The refusal", refusal.operation, {claim: (refusal.status == status, _told(refusal))})


def turned_away(refusal: Refused) -> None:
    """A visitor who never signed in gets nothing; the sources contradict each other on the status (401, 403, 500)."""
    claim = "the shop turns a visitor away, with status 401, 403 or 500"
    expect_true("The refusal", refusal.operation, {claim: (refusal.status in (401, 403, 500), _told(refusal))})


def well_formed(refusal: Refused) -> None:
    """The refusal says why; the status that it names, if it names one, is its own."""
    named = refusal.named_status
    expect_true(
        "The refusal",
        refusal.operation,
        {
            "it has a message": (refusal.reason != NO_MESSAGE, refusal.reason),
            f"its statusCode is its status, {refusal.status}": (named in (None, refusal.status), named),
        },
    )


def done(operation: str, answer: bool) -> None:
    """The shop says `true` to what it was asked to do."""
    expect("The answer", operation, {"done": True}, {"done": answer})


def _told(refusal: Refused) -> str:
    return f"{refusal.status} {refusal.reason}"
