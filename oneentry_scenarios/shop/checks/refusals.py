"""What must hold of the shop's refusals."""

import re
import tomllib
from pathlib import Path

from oneentry_scenarios.api.errors import NO_MESSAGE, Refused
from oneentry_scenarios.shop.checks.compare import expect
from oneentry_scenarios.shop.domain import VISITOR
from oneentry_scenarios.shop.ledger import Ledger

#: `status_by_words`, and what is `revealing`.
TEXTS = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))
#: What a server says of a path that it does not have (observed); it has not looked at the request.
_UNKNOWN_PATH = re.compile(r"Cannot (?:GET|POST|PUT|DELETE|PATCH) /")
#: What it says before it looks at the request, if the caller's group may not make such calls at all (observed).
_NO_PERMISSION = "permission data not found"


def reveals_nothing(refusal: Refused, ledger: Ledger, caller: str) -> None:
    """The refusal contains nothing of what the shop protects: no token or link, nothing of other people's orders."""
    said = str(refusal.exchange.response.body) if refusal.exchange.response else ""
    others = [entry for entry in ledger.orders.values() if entry.owner != caller]
    forms = [(entry, entry.made.purchase.form) for entry in others]
    secrets = {
        **TEXTS["revealing"],
        **{f"the buyer of {entry.owner}'s order": str(form[0][2]) for entry, form in forms if form},
        **{f"the total of {entry.owner}'s order": f"{entry.fields['total']:.2f}" for entry in others},
    }
    found = [what for what, word in secrets.items() if word in said]
    if caller == VISITOR and (address := re.search(r"person-\d+@", said)):  # as exchanges show addresses
        found.append(address[0])
    claim = "it reveals nothing of what it protects"
    expect("The refusal", refusal, claims={claim: (not found, f"{', '.join(found)} in {said}")})


def refused_with(words: str, refusal: Refused) -> None:
    """The shop refused in these words, but for case and a full stop, and with the status that is known of them."""
    said = [_plain(each) for each in refusal.reason.split("; ")]
    fields = {
        "words": (words, words if _plain(words) in said else refusal.reason),
        "status": (TEXTS["status_by_words"].get(_plain(words), refusal.status), refusal.status),
    }
    expect("The refusal", refusal, fields)


def refused_at_all(refusal: Refused | None) -> None:
    """The shop refused, by a rule about what was asked. How it does so is undocumented; `None` is an empty list."""
    if refusal is None:
        return
    status, shown = refusal.status, _shown(refusal)
    # Whoever signs in again may be refused with 401: the password is wrong, not the sign-in that is there.
    headers = dict(refusal.exchange.request.headers)
    is_signed_in = refusal.operation != "auth_provider.auth" and "authorization" in headers
    claims = {
        "the user's group has the permission for such calls": (_NO_PERMISSION not in refusal.reason.lower(), shown),
        "the shop accepts the caller's sign-in and refuses the request": (not (is_signed_in and status == 401), shown),
    }
    expect("The refusal", refusal, claims=claims)


def refused_as(meaning: str, refusal: Refused, *statuses: int) -> None:
    """The shop refused with a status that is documented or observed for this."""
    claim = f"the shop should {meaning} with status {' or '.join(map(str, statuses))}"
    expect("The refusal", refusal, claims={claim: (refusal.status in statuses, _shown(refusal))})


def says_not_found(refusal: Refused) -> bool:
    """Whether the shop knows the path, and has nothing there."""
    return refusal.status == 404 and not _UNKNOWN_PATH.match(refusal.reason)


def by_rule(refusal: Refused) -> None:
    """The shop decided: it was not too busy, did not fail, and knows the path. It says so in the documented form."""
    status, shown, named = refusal.status, _shown(refusal), refusal.named_status
    kind = dict(refusal.exchange.response.headers if refusal.exchange.response else ()).get("content-type", "nothing")
    claims = {
        "the shop refuses by a rule, not because it is called too often (429)": (status != 429, shown),
        "the shop refuses with a status from 400 to 499 and does not fail": (status < 500, shown),
        "the shop has this path and refuses what was asked": (not _UNKNOWN_PATH.match(refusal.reason), shown),
        "it has a message": (refusal.reason != NO_MESSAGE, refusal.reason),
        "it is called JSON (content-type)": ("json" in kind, kind),
        f"its statusCode is its status, {status}": (named in (None, status), named),
    }
    expect("The refusal", refusal, claims=claims)


def _plain(words: str) -> str:
    return words.strip().rstrip(".!").casefold()


def _shown(refusal: Refused) -> str:
    return f"{refusal.status} {refusal.reason}"
