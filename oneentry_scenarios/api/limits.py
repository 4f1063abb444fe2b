"""The limits of a whole response: time and size. httpx limits single reads only."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

#: For a response as sent, headers included. Far above the longest list of a shop.
LARGEST_RESPONSE_MB = 10


class ResponseLimits:
    """Stops a response that takes too long or is too large: a slow server could hold a run for hours."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """Begin with the next response."""
        self._until, self._bytes_left = 0.0, LARGEST_RESPONSE_MB * 1_000_000

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Limit the reads of a new connection. httpcore calls this for each event of a request.

        httpx's event hooks would be too late: in a recording, vcrpy reads the whole response before the client does.
        """
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            connection = info["return_value"]
            read = connection.read
            connection.read = lambda max_bytes, **_: self._counted(read(max_bytes, self._seconds_left()))

    def _seconds_left(self) -> float:
        self._until = self._until or time.monotonic() + self._seconds
        if (left := self._until - time.monotonic()) <= 0:
            raise httpx.ReadTimeout("")
        return left

    def _counted(self, data: bytes) -> bytes:
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise httpx.ReadError(f"the response is larger than {LARGEST_RESPONSE_MB} MB")
        return data
