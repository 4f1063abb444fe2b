"""Strict types for the API's values: amounts, dates, IDs and texts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field


def _decimal_from_number(value: object) -> object:
    """Convert an int to Decimal. JSON numbers are parsed as int or Decimal, so no amount becomes a binary float."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _from_text(convert: Callable[[str], object], what: str) -> BeforeValidator:
    """Return a validator for a value that the API sends as a string: `convert` parses it, `what` describes it."""

    def read(value: object) -> object:
        with suppress(ValueError, ArithmeticError):
            if isinstance(value, str):
                return convert(value)
        raise ValueError(f"should be a string with {what}")

    return BeforeValidator(read)


#: An amount that the API sends as a JSON number, never negative.
Amount = Annotated[Decimal, BeforeValidator(_decimal_from_number), Field(ge=0, allow_inf_nan=False)]
#: An amount that the API sends as a string: "340.00".
AmountAsText = Annotated[Decimal, _from_text(Decimal, 'an amount ("340.00")'), Field(ge=0, allow_inf_nan=False)]
#: A date and time with a time zone: "2025-04-30T20:15:29.254Z".
Instant = Annotated[AwareDatetime, _from_text(datetime.fromisoformat, "a date and time in ISO 8601")]
Id = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
