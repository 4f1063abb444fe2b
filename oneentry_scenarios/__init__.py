"""Scenario tests for shops that run on the OneEntry Platform."""
