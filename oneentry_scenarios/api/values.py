"""The values of the wire as types: amounts, dates, ids and texts, checked strictly."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field


def _decimal_from_number(value: object) -> object:
    """JSON numbers are parsed as int or Decimal, so an amount never passes through a binary float."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _decimal_from_text(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('should be text holding an amount, such as "340.00"')
    try:
        return Decimal(value)
    except ArithmeticError:
        raise ValueError(f'should be text holding an amount, such as "340.00", not {value!r}') from None


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("should be an ISO 8601 date and time as text")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("should be an ISO 8601 date and time") from None
    if instant.tzinfo is None:
        raise ValueError(f"should be a date and time with a time zone, not {value!r}")
    return instant


#: An amount that the wire has as a JSON number; the API has no negative ones.
Amount = Annotated[Decimal, BeforeValidator(_decimal_from_number), Field(ge=0, allow_inf_nan=False)]
#: An amount that the wire has as text, such as "340.00".
AmountAsText = Annotated[Decimal, BeforeValidator(_decimal_from_text), Field(ge=0, allow_inf_nan=False)]
#: A date and time such as "2025-04-30T20:15:29.254Z"; always with a time zone.
Instant = Annotated[datetime, BeforeValidator(_instant)]
Id = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
