"""How long an answer may take and how large it may be: all of it, however the server sends it."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx

#: Of an answer as it is sent, headers included. Far above the longest list that a shop shows.
LARGEST_ANSWER_MB = 10
#: What the current thread reads next.
_expected: ContextVar["Answer"] = ContextVar("_expected")


@dataclass
class Answer:
    """The answer that a call waits for: how many `seconds` and bytes it may still take.

    httpx limits only a single read, so a server that sends a byte now and then could hold a run for hours.
    """

    seconds: float
    bytes_left: int = LARGEST_ANSWER_MB * 1_000_000
    _until: float = 0.0

    def expect(self, request: httpx.Request) -> None:
        """Make this the answer to `request`, which the current thread sends next; then it reads within the limits.

        httpcore announces each new connection. That is below vcrpy, which reads an answer before the client sees it.
        """
        request.extensions["trace"] = self._limit
        _expected.set(self)

    def _limit(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            connection = info["return_value"]
            read = connection.read
            # In place of a timeout for this read alone, the limits of the answer.
            connection.read = lambda max_bytes, **_: _expected.get().read(read, max_bytes)

    def read(self, read: Callable[[int, float], bytes], max_bytes: int) -> bytes:
        """Read once; raises httpx.ReadTimeout or httpx.ReadError at a limit."""
        self._until = self._until or time.monotonic() + self.seconds
        if (left := self._until - time.monotonic()) <= 0:
            raise httpx.ReadTimeout("")
        data = read(max_bytes, left)
        self.bytes_left -= len(data)
        if self.bytes_left < 0:
            raise httpx.ReadError(f"the answer is larger than {LARGEST_ANSWER_MB} MB")
        return data
