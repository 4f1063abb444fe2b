"""The list of orders that live runs created, which the API cannot delete: one appended JSON line per event.

Each order gets a line before its request is sent and another after its response: a killed run leaves the first.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from oneentry_scenarios.api.exchange import Exchange, Request
from oneentry_scenarios.gherkin.identity import ScenarioIdentity
from oneentry_scenarios.live.settings import message
from oneentry_scenarios.problem import Problem

CREATE_ORDER = "orders.create_order"
PATH = Path("reports", "created-orders.jsonl")


@dataclass
class CreatedOrders:
    """The orders on the list for the project `host`; with a `run_id`, only those of this run."""

    root: Path
    host: str
    run_id: str = ""
    _latest: dict[str, Any] = field(default_factory=dict)

    def left(self) -> dict[int, str]:
        """Return the ID and storage of each order that was created and not canceled."""
        entries = self._entries()
        canceled = {entry["id"] for entry in entries if entry["event"] == "canceled"}
        created = (entry for entry in entries if entry["event"] == "created" and entry["id"] not in canceled)
        return {entry["id"]: entry["storage"] for entry in created}

    def canceled(self, order_id: int) -> None:
        """Record that an order was canceled."""
        self._latest = {"run": self.run_id}
        self._write("canceled", order_id)

    def check(self) -> None:
        """Raise Problem if the list cannot be written."""
        self._append("")

    def announce(self, request: Request, identity: ScenarioIdentity, *, is_marked: bool) -> None:
        """Record an order before it is sent: from now on it may exist. Raises Problem if the list cannot be written."""
        self._latest = {
            "storage": unquote(urlsplit(request.url).path.split("/")[-2]),
            "scenario": f"{identity.feature}: {identity.title}",
            "run": self.run_id,
            "run_mark": self.run_id if is_marked else None,
        }
        self._write("sent")

    def confirm(self, exchange: Exchange) -> None:
        """Record the outcome of a sent order; without a readable response, or with a 5xx status, it stays unknown."""
        response = exchange.response
        if exchange.operation != CREATE_ORDER or response is None or response.status >= 500:
            return
        content = response.body.parsed() if response.body else None
        order_id = content.get("id") if isinstance(content, dict) else None
        if not 200 <= response.status < 300:
            self._write("refused")
        elif type(order_id) is int:
            self._write("created", order_id)

    def summary(self) -> str:
        """Return what this run created and where it is listed; empty if it created nothing."""
        entries = self._entries()
        events = [entry["event"] for entry in entries]
        created = [str(entry["id"]) for entry in entries if entry["event"] == "created"]
        unknown = events.count("sent") - events.count("created") - events.count("refused")
        parts = []
        if created:
            s = "s" if created[1:] else ""
            parts.append(f"Created {len(created)} order{s} that the API cannot delete: order{s} {', '.join(created)}.")
        if unknown > 0:
            parts.append(f"{unknown} more may exist: their requests got no readable response.")
        if parts:
            parts.append(f"Listed in {PATH.as_posix()}.")
        return " ".join(parts)

    def _entries(self) -> list[dict[str, Any]]:
        path, entries = self.root / PATH, []
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            with suppress(ValueError):  # a run was killed while writing
                entries.append(json.loads(line))
        return [each for each in entries if each.get("project") == self._project and self.run_id in ("", each["run"])]

    def _write(self, event: str, order_id: int | None = None) -> None:
        time = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"event": event, "id": order_id, "time": time, "project": self._project, **self._latest}
        self._append(json.dumps(line, ensure_ascii=False) + "\n")

    @property
    def _project(self) -> str:
        """Identifies the project without naming it."""
        return hashlib.sha256(self.host.encode()).hexdigest()[:12]

    def _append(self, line: str) -> None:
        path = self.root / PATH
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Problem(message("list-not-written", path=PATH.as_posix(), error=error.strerror)) from None
