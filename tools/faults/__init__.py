"""Fault detection: faults of an API, injected between the suite and the mock server, and their score."""
