"""Judges of the mock server that we did not write: the official client, in three versions."""
