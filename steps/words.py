"""The types of step argument, and `phrase`, which makes a step's wording of them."""

from functools import partial

from oneentry_scenarios.gherkin.wordings import Phrase, argument_type
from oneentry_scenarios.shop.checks.payments import WAYS
from oneentry_scenarios.shop.people import DEEDS


def _unquoted(text: str) -> str:
    return text.strip('"')


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


phrase = partial(
    Phrase,
    file=__file__,
    types={
        "Account": argument_type(r'"[^"]+"', _unquoted),
        "Coupon": argument_type(r'"[^"]+"', _unquoted),
        "Deed": argument_type("|".join(DEEDS)),
        "Kind": argument_type("session|intent"),
        "Mistake": argument_type(r"an? (?:wrong|unknown|empty) (?:password|user name|provider)"),
        "Number": argument_type(r"[1-9][0-9]*", int),
        "OddQuantity": argument_type(r"-?[0-9]+(?:\.[0-9]+)?", _number),
        "Outcome": argument_type(r"completed|canceled|expired"),
        "Person": argument_type(r"Christina|Ben|a visitor"),
        "Product": argument_type(r'"[^"]+"', _unquoted),
        "Way": argument_type("|".join(WAYS)),
        "Words": argument_type(r'"[^"]+"', _unquoted),
    },
)
