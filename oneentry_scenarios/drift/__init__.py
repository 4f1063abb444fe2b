"""Pytest plugin: compares what the API answers now with the cassettes."""
