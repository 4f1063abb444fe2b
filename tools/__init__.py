"""Measurements of the suite: faults, healthy shops, coverage, benchmarks."""
