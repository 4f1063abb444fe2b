"""One request and its answer as people may see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, redacted: what errors, reports and logs show.

    `operation` is the client's name for the call, such as `orders.create_order`. `status` is `None` where no answer
    came; then `reason` says why.
    """

    operation: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int | None
    reason: str
    response_headers: tuple[tuple[str, str], ...]
    response_body: str

    def __str__(self) -> str:
        """Both messages as they might look on the wire, for a terminal."""
        answer = f"{self.status} {self.reason}" if self.status else f"no answer: {self.reason}"
        parts = (f"{self.method} {self.url}", self.request_body, answer, self.response_body)
        return "\n".join(part for part in parts if part)
