"""What must hold of the shop's refusals."""

from collections.abc import Callable

from oneentry_scenarios.api.errors import NO_MESSAGE, Refused
from oneentry_scenarios.shop.checks.compare import HasOperation, expect, expect_true

#: The status of a refusal by its words, as documented or observed.
STATUS_BY_WORDS = {
    "Resource is closed": 403,
    "Login or password values are missed": 400,
    "empty form data section": 400,
    "Your payment account is not connected.": 400,
}


def expect_refusal(attempt: Callable[[], HasOperation]) -> Refused:
    """Make an attempt that the shop must refuse; the refusal has a message, and its statusCode is its status.

    Raises:
        AssertionError: the shop did not refuse it, or the refusal does not have the documented form.
    """
    try:
        answer = attempt()
    except Refused as refusal:
        named = refusal.named_status
        claims = {
            "it has a message": (refusal.reason != NO_MESSAGE, refusal.reason),
            f"its statusCode is its status, {refusal.status}": (named in (None, refusal.status), named),
        }
        expect_true("The refusal", refusal, claims)
        return refusal
    raise AssertionError(
        f"The refusal ({answer.operation}) is not as expected:\n  expected that the shop refuses this, got {answer!r}"
    )


def refused_with(words: str, refusal: Refused) -> None:
    """The shop refused in these documented words, and with the status that belongs to them."""
    fields = {"words": (words, refusal.reason), "status": (STATUS_BY_WORDS[words], refusal.status)}
    expect("The refusal", refusal, fields)


def refused_at_all(refusal: Refused) -> None:
    """The shop refused. How it does so is undocumented, but it must not fail with a server error."""
    claim = "its status is from 400 to 499"
    expect_true("The refusal", refusal, {claim: (400 <= refusal.status < 500, _shown(refusal))})


def refused_as(status: int, meaning: str, refusal: Refused) -> None:
    """The shop refused with the status that is documented for this."""
    claim = f"the shop should {meaning} with status {status}"
    expect_true("The refusal", refusal, {claim: (refusal.status == status, _shown(refusal))})


def rejected_as_anonymous(refusal: Refused) -> None:
    """The shop refused because the caller is not signed in; the sources contradict each other on the status."""
    claim = "the shop turns a visitor away, with status 401, 403 or 500"
    expect_true("The refusal", refusal, {claim: (refusal.status in (401, 403, 500), _shown(refusal))})


def _shown(refusal: Refused) -> str:
    return f"{refusal.status} {refusal.reason}"
