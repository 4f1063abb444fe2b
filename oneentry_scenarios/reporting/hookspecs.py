"""The pytest hooks of the reporting plugin."""

import pytest


def pytest_report_facts(config: pytest.Config) -> dict[str, str]:  # type: ignore[empty-body]  # a specification
    """Facts about the run, for the report's title and environment table; the results of all plugins are merged.

    The report's title comes from `API` (`replay`, `mock` or `live`) and `Recorded from`.
    """
