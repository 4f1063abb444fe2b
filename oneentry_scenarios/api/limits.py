"""How long an answer may take and how large it may be: all of it, however the server sends it."""

import time
from collections.abc import Callable

import httpx

#: Of an answer as it is sent, headers included. Far above the longest list that a shop shows.
LARGEST_ANSWER_MB = 10


class Answer:
    """The answer that a client waits for: how many `seconds` and bytes it may still take, from the first read on.

    httpx limits only a single read, so a server that sends a byte now and then could hold a run for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0
        self._bytes_left = LARGEST_ANSWER_MB * 1_000_000

    def read(self, read: Callable[[int, float], bytes], max_bytes: int) -> bytes:
        """Read once; raises httpx.ReadTimeout or httpx.ReadError at a limit."""
        self._until = self._until or time.monotonic() + self._seconds
        if (left := self._until - time.monotonic()) <= 0:
            raise httpx.ReadTimeout("")
        data = read(max_bytes, left)
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise httpx.ReadError(f"the answer is larger than {LARGEST_ANSWER_MB} MB")
        return data
