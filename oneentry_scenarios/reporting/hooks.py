"""What the reporting plugin asks of others, as pytest hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_report_facts(config: pytest.Config) -> dict[str, str]:  # type: ignore[empty-body]  # a specification
    """What the run was about, for the report's face and its environment table; all answers are merged.

    The report's name is made of `API` (`replay`, `mock` or `live`) and `Recorded from`.
    """
