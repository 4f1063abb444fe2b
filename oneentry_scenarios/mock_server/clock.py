"""Where the mock server's time and randomness come from: real by hand, fixed in tests and recordings."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol

# With this start and this step the seed's story gives the seed's own dates: sign-in, order 20:15:29.254, session
# 20:15:30.506.
FIXED_START = datetime(2025, 4, 30, 20, 15, 26, 750_000, tzinfo=UTC)
FIXED_STEP = timedelta(milliseconds=1252)


class Clock(Protocol):
    """What the rules need to know of time."""

    def now(self) -> datetime:
        """The present moment, with a time zone."""
        ...

    def tick(self) -> None:
        """Called once at the start of each request."""
        ...

    def move(self, by: timedelta) -> None:
        """Let this much time pass at once."""
        ...


class FixedClock:
    """Stands still within a request and steps on with each one, so that two like runs give like answers."""

    def __init__(self, start: datetime = FIXED_START, step: timedelta = FIXED_STEP) -> None:
        self._now = start
        self._step = step

    def now(self) -> datetime:
        """The same moment until the next tick."""
        return self._now

    def tick(self) -> None:
        """One step on."""
        self._now += self._step

    def move(self, by: timedelta) -> None:
        """So much further, beside the steps."""
        self._now += by


class RealClock:
    """The machine's clock; moving it shifts what it shows from then on."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """The machine's time, shifted."""
        return datetime.now(UTC) + self._shift

    def tick(self) -> None:
        """Real time needs no help."""

    def move(self, by: timedelta) -> None:
        """Shift what it shows."""
        self._shift += by


class Chance:
    """The source of identifiers: repeatable beside a fixed clock, otherwise real."""

    def __init__(self, *, fixed: bool) -> None:
        self._source: random.Random = random.Random(2025) if fixed else random.SystemRandom()  # noqa: S311 - must repeat

    def uuid(self) -> uuid.UUID:
        """A version 4 UUID."""
        return uuid.UUID(int=self._source.getrandbits(128), version=4)

    def word(self, length: int) -> str:
        """Letters and digits, as in a payment provider's identifiers."""
        return "".join(self._source.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=length))


def iso(moment: datetime) -> str:
    """The API's way of writing a moment, such as `2025-04-30T20:15:29.254Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
