"""Keeps a list of the orders that live runs created, since the API cannot delete them: whatever happens to the run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from oneentry_scenarios.api.exchange import Exchange

#: The call that creates an order.
CREATES = "orders.create_order"
#: Where the list lies; the next run adds to it.
PATH = Path("reports", "created-orders.json")


class CreatedOrdersError(Exception):
    """The list cannot be read or written, so no order may be placed; says what to do."""


@dataclass
class CreatedOrders:
    """The list: what earlier runs left in it, and what this one adds."""

    root: Path
    run_mark: str

    def __post_init__(self) -> None:
        self._earlier = self._read()
        self._ours: list[dict[str, Any]] = []

    def hear(self, exchange: Exchange, scenario: str, *, is_marked: bool) -> None:
        """Add the order that `exchange` created, if it did; on the disk before anything else happens.

        An order whose answer never came, or cannot be read, may have been created: it is in the list without a number.
        """
        if exchange.operation != CREATES or (exchange.status is not None and not 200 <= exchange.status < 300):
            return
        self._ours.append(
            {
                "id": _number(exchange),
                "storage": unquote(urlsplit(exchange.url).path.split("/")[-2]),
                "scenario": scenario,
                "time": datetime.now(UTC).isoformat(timespec="seconds"),
                "run": self.run_mark,
                "run_mark": self.run_mark if is_marked else None,
            }
        )
        self._write()

    def summary(self) -> str:
        """What this run created and where that is listed; nothing if it created none."""
        numbers = [str(order["id"]) for order in self._ours if order["id"] is not None]
        unknown = len(self._ours) - len(numbers)
        told = []
        if numbers:
            told.append(
                f"{len(numbers)} {_orders(len(numbers))} created, which the API cannot delete: {', '.join(numbers)}."
            )
        if unknown:
            told.append(f"{unknown} more may have been: no answer came that tells.")
        if told:
            told.append(f"Listed in {PATH.as_posix()}.")
        return " ".join(told)

    def _read(self) -> list[dict[str, Any]]:
        try:
            found = json.loads((self.root / PATH).read_text(encoding="utf-8"))
            if isinstance(found, list):
                return found
            problem = "it is no list"
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            problem = str(error)
        raise CreatedOrdersError(
            f"{PATH.as_posix()} lists the orders of earlier live runs, but cannot be read: {problem}. "
            "Move it away first."
        )

    def _write(self) -> None:
        """In one step, so that a kill leaves the list with this order or without it, never half a list."""
        path = self.root / PATH
        temporary = path.with_name(f".{path.name}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            json.dump([*self._earlier, *self._ours], file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _number(exchange: Exchange) -> int | None:
    try:
        number = json.loads(exchange.response_body)["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return number if isinstance(number, int) else None


def _orders(count: int) -> str:
    return "order was" if count == 1 else "orders were"
