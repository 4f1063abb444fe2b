"""Checks of the shop's refusals."""

import re

from oneentry_scenarios.api.errors import NO_MESSAGE, Refused
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import VISITOR
from oneentry_scenarios.shop.expected_state import ExpectedState

#: The tables `status_by_words` and `revealing`.
TEXTS = read_toml(__file__, "refusals.toml")
#: Message for an unknown path (observed): the server did not evaluate the request.
_UNKNOWN_PATH = re.compile(r"Cannot (?:GET|POST|PUT|DELETE|PATCH) /")
#: Message if the caller's group lacks the permission for the route (observed): the server did not evaluate the request.
_NO_PERMISSION = "permission data not found"


def reveals_nothing(refusal: Refused, expected: ExpectedState, caller: str) -> None:
    """Check that the refusal contains no protected value: no token, no link, nothing about other customers' orders."""
    said = str(refusal.exchange.response.body) if refusal.exchange.response else ""
    others = [entry for entry in expected.orders.values() if entry.owner != caller]
    forms = [(entry, entry.confirmed.purchase.form) for entry in others]
    secrets = {
        **TEXTS["revealing"],
        **{f"the buyer of {entry.owner}'s order": str(form[0][2]) for entry, form in forms if form},
        **{f"the total of {entry.owner}'s order": f"{entry.fields['total']:.2f}" for entry in others},
    }
    found = [what for what, word in secrets.items() if word in said]
    if caller == VISITOR and (address := re.search(r"person-\d+@", said)):  # an e-mail address, as redacted
        found.append(address[0])
    condition = "it reveals no protected value"
    expect("The refusal", refusal, conditions={condition: (not found, f"{', '.join(found)} in {said}")})


def refused_with(words: str, refusal: Refused) -> None:
    """Check that the shop refused in these words, ignoring case and a full stop, and with the status known for them."""
    said = [_plain(each) for each in refusal.message.split("; ")]
    fields = {
        "message": (words, words if _plain(words) in said else refusal.message),
        "status": (TEXTS["status_by_words"].get(_plain(words), refusal.status), refusal.status),
    }
    expect("The refusal", refusal, fields)


def refused_at_all(refusal: Refused | None) -> None:
    """Check that the shop refused the request itself; how is undocumented. `None`: the shop returned an empty list."""
    if refusal is None:
        return
    status, shown = refusal.status, _shown(refusal)
    # A sign-in request may be refused with 401: that is about the password, not about the caller's current sign-in.
    headers = dict(refusal.exchange.request.headers)
    is_signed_in = refusal.operation != "auth_provider.auth" and "authorization" in headers
    conditions = {
        "the user's group has the permission for such calls": (_NO_PERMISSION not in refusal.message.lower(), shown),
        "the shop accepts the caller's sign-in and refuses the request": (not (is_signed_in and status == 401), shown),
    }
    expect("The refusal", refusal, conditions=conditions)


def refused_as(meaning: str, refusal: Refused, *statuses: int) -> None:
    """Check that the shop refused with a status that is documented or observed for this case."""
    condition = f"the shop {meaning} (status {' or '.join(map(str, statuses))})"
    expect("The refusal", refusal, conditions={condition: (refusal.status in statuses, _shown(refusal))})


def says_not_found(refusal: Refused) -> bool:
    """Return whether the shop knows the path but found nothing."""
    return refusal.status == 404 and not _UNKNOWN_PATH.match(refusal.message)


def by_rule(refusal: Refused) -> None:
    """Check that a rule of the shop refused: no rate limit, failure or unknown path, and in the documented form."""
    status, shown, named = refusal.status, _shown(refusal), refusal.body_status
    kind = dict(refusal.exchange.response.headers if refusal.exchange.response else ()).get("content-type", "nothing")
    conditions = {
        "the shop refuses by a rule, not because it is called too often (429)": (status != 429, shown),
        "the shop refuses with a status from 400 to 499, which is no server error": (status < 500, shown),
        "the path exists and the shop refuses the request": (not _UNKNOWN_PATH.match(refusal.message), shown),
        "it has a message": (refusal.message != NO_MESSAGE, refusal.message),
        "its content-type is JSON": ("json" in kind, kind),
        f"its statusCode equals its status, {status}": (named in (None, status), named),
    }
    expect("The refusal", refusal, conditions=conditions)


def _plain(words: str) -> str:
    return words.strip().rstrip(".!").casefold()


def _shown(refusal: Refused) -> str:
    return f"{refusal.status} {refusal.message}"
