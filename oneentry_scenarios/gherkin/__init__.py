"""Pytest plugin: collects feature files, lints them and gives each scenario a stable identity."""
