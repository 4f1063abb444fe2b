"""The wordings of steps and the types of their arguments: steps register the types, the lint finds them here."""

from collections.abc import Callable

from parse import with_pattern
from pytest_bdd import parsers

ArgumentType = Callable[[str], object]


def argument_type(pattern: str, convert: Callable[[str], object] = str) -> ArgumentType:
    """A type of step argument: which text matches, and what a step gets of it."""
    decorated: ArgumentType = with_pattern(pattern)(lambda text: convert(text))
    return decorated


class Phrase(parsers.parse):
    """A wording such as `{person:Person} orders {product:Product}`, with `types` of arguments defined in `file`."""

    def __init__(self, wording: str, *, file: str, types: dict[str, ArgumentType]) -> None:
        super().__init__(wording, extra_types=types, case_sensitive=True)
        self.file, self.types = file, types
