"""The types of step arguments, and `phrase`, the parser of step patterns."""

from functools import partial

from oneentry_scenarios.gherkin.step_patterns import ArgumentType, Phrase
from oneentry_scenarios.shop.checks.payments import LINK_OR_SECRET
from oneentry_scenarios.shop.domain import NO_SUCH_MARKER
from oneentry_scenarios.shop.people import OWN_ORDER_ACTIONS, USUAL_DEVICE
from oneentry_scenarios.shop.profile import SECOND_ACCOUNT

#: What is sent instead of the right value, by the words of a step: what is wrong with the credentials.
MISTAKES = {
    "a wrong password": {"password": "not-the-password"},
    "an unknown user name": {"user": "nobody@redacted.invalid"},
    "an empty password": {"password": ""},
    "an empty user name": {"user": ""},
    "an unknown auth provider": {"provider": NO_SUCH_MARKER},
}
#: The names of a person's two devices in the code. A step that names no device means the computer.
COMPUTER, PHONE = USUAL_DEVICE, "another device"


def _unquoted(text: str) -> str:
    return text[1:-1]


def _account(text: str) -> str:
    """Return the quoted name of a payment method; "the second payment method" is not quoted."""
    return text.split('"')[1] if '"' in text else SECOND_ACCOUNT


def _device(text: str) -> str:
    return PHONE if text.endswith("phone") else COMPUTER


def _coupon(text: str) -> str:
    return text.split('"')[1] if '"' in text else NO_SUCH_MARKER


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


phrase = partial(
    Phrase,
    file=__file__,
    types={
        "Account": ArgumentType(
            r"""(?:the payment method )?"[^"]+"|the second payment method|the payment method "bank transfer", which """
            "is not connected",
            "a payment method",
            _account,
        ),
        "Coupon": ArgumentType(r'the coupon "[^"]+"|a coupon that does not exist', "a coupon", _coupon),
        "OwnOrderAction": ArgumentType("|".join(OWN_ORDER_ACTIONS), "an action on one's own order"),
        "Device": ArgumentType("(?:a|the) (?:computer|phone)", "a computer or a phone", _device),
        "Kind": ArgumentType("session|intent", "a kind of payment"),
        "LinkOrSecret": ArgumentType("|".join(LINK_OR_SECRET), "a detail of a payment session"),
        "Mistake": ArgumentType("|".join(MISTAKES), "one of the known invalid credentials"),
        "Number": ArgumentType(r"[1-9][0-9]*", "a whole number from 1", int),
        "AnyNumber": ArgumentType(r"-?[0-9]+(?:\.[0-9]+)?", "a number", _number),
        "Outcome": ArgumentType(r"completed|canceled|expired", "an outcome of a payment"),
        "Person": ArgumentType(r"Christina|Ben|a visitor", "a person"),
        "Product": ArgumentType(r'"[^"]+"', "a product", _unquoted),
        "Unquoted": ArgumentType(r'[^"].*', "a name without quotes"),
        "Words": ArgumentType(r'".+"', "a text", _unquoted),
    },
)
