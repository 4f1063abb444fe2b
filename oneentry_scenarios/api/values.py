"""The values of the wire as types: amounts, dates, ids and texts, checked strictly."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field


def _decimal_from_number(value: object) -> object:
    """JSON numbers are parsed as int or Decimal, so an amount never passes through a binary float."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _written(convert: Callable[[str], object], what: str) -> BeforeValidator:
    """A value that the wire has as text: `what` describes it, `convert` reads it."""

    def read(value: object) -> object:
        with suppress(ValueError, ArithmeticError):
            if isinstance(value, str):
                return convert(value)
        raise ValueError(f"should be text holding {what}")

    return BeforeValidator(read)


#: An amount that the wire has as a JSON number; the API has no negative ones.
Amount = Annotated[Decimal, BeforeValidator(_decimal_from_number), Field(ge=0, allow_inf_nan=False)]
#: An amount that the wire has as text, such as "340.00".
AmountAsText = Annotated[Decimal, _written(Decimal, 'an amount, such as "340.00"'), Field(ge=0, allow_inf_nan=False)]
#: A date and time such as "2025-04-30T20:15:29.254Z"; always with a time zone.
Instant = Annotated[AwareDatetime, _written(datetime.fromisoformat, "a date and time in ISO 8601")]
Id = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
