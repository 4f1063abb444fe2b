"""The wordings of steps and the types of their arguments: steps register the types, the lint finds them here."""

from collections.abc import Callable, Mapping

from parse import with_pattern
from pytest_bdd import parsers

ArgumentType = Callable[[str], object]


def argument_type(pattern: str, convert: Callable[[str], object] = str) -> ArgumentType:
    """A type of step argument: which text matches, and what a step gets of it."""
    decorated: ArgumentType = with_pattern(pattern)(lambda text: convert(text))
    return decorated


class Phrases:
    """Makes wordings such as `{person:Person} orders {number:Number} {product:Product}`; upper case matters.

    `types` are the types that step arguments may have, `file` is where they are defined.
    """

    def __init__(self, file: str, types: Mapping[str, ArgumentType]) -> None:
        self.file = file
        self.types = dict(types)

    def __call__(self, wording: str) -> "Phrase":
        """A parser for the decorators of pytest-bdd."""
        return Phrase(wording, self)


class Phrase(parsers.parse):
    """A wording made by `phrases`."""

    def __init__(self, wording: str, phrases: Phrases) -> None:
        super().__init__(wording, extra_types=phrases.types, case_sensitive=True)
        self.phrases = phrases
