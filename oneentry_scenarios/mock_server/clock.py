"""The mock server's time and randomness: real when started by its command, fixed in tests and recordings."""

from datetime import UTC, datetime, timedelta
from random import Random

# With this start and this step the seed's story gives the seed's own dates: sign-in, order 20:15:29.254, session
# 20:15:30.506.
FIXED_START = datetime(2025, 4, 30, 20, 15, 26, 750_000, tzinfo=UTC)
FIXED_STEP = timedelta(milliseconds=1252)


class RealClock:
    """The machine's clock, plus the time by which it was moved."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """The machine's time, shifted."""
        return datetime.now(UTC) + self._shift

    def tick(self) -> None:
        """Called at the start of each request: real time passes on its own."""

    def move(self, by: timedelta) -> None:
        """Advance."""
        self._shift += by


class FixedClock(RealClock):
    """Advances by one step per request, so that equal runs get equal responses."""

    def __init__(self, step: timedelta = FIXED_STEP) -> None:
        super().__init__()
        self._step = step

    def now(self) -> datetime:
        """The same moment until the next tick."""
        return FIXED_START + self._shift

    def tick(self) -> None:
        """Advance by one step."""
        self.move(self._step)


Clock = RealClock


def word(chance: Random, length: int) -> str:
    """Letters and digits, as in a payment provider's identifiers."""
    return "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=length))


def iso(moment: datetime) -> str:
    """A moment in the API's format, such as `2025-04-30T20:15:29.254Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
