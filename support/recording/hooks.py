"""What the recording plugin tells others, as pytest hooks: whoever wants to know implements them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from support.api.exchange import Exchange


def pytest_api_exchange(item: pytest.Item, exchange: Exchange) -> None:
    """A step of the scenario `item` has just called the API; `exchange` is redacted."""
