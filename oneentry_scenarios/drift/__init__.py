"""Pytest plugin: compares the API's current responses with the cassettes."""
