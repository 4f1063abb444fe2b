"""The client of the OneEntry API."""
