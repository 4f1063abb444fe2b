"""The mock server's time and randomness: real with its command, fixed in tests and recordings."""

from datetime import UTC, datetime, timedelta
from random import Random

# With these values, the @smoke scenario gets the documented dates: sign-in, order 20:15:29.254, session 20:15:30.506.
FIXED_START = datetime(2025, 4, 30, 20, 15, 26, 750_000, tzinfo=UTC)
FIXED_STEP = timedelta(milliseconds=1252)
NO_TIME = timedelta()


class Clock:
    """The system clock, or with `start` a clock that advances by `step` per request; both can be moved."""

    def __init__(self, start: datetime | None = None, step: timedelta = NO_TIME) -> None:
        self.start = start
        self._step = step
        self._shift = NO_TIME

    def now(self) -> datetime:
        """Return the shifted time; a fixed clock's is constant until the next tick."""
        return (self.start or datetime.now(UTC)) + self._shift

    def tick(self) -> None:
        """Advance by `step`, at the start of each request; for the system clock, `step` is zero."""
        self._shift += self._step

    def move(self, by: timedelta) -> None:
        """Advance."""
        self._shift += by


def fixed_clock(step: timedelta = FIXED_STEP) -> Clock:
    """Return a clock that gives equal runs equal responses."""
    return Clock(FIXED_START, step)


def random_text(chance: Random, length: int) -> str:
    """Return random letters and digits, like in a payment provider's identifiers."""
    return "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=length))


def iso(moment: datetime) -> str:
    """Return a time in the API's format, such as `2025-04-30T20:15:29.254Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
