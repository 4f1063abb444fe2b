"""Collects and lints feature files, and gives each scenario a stable identity."""
