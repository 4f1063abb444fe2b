"""Judges of the stand-in that we did not write: the official client, in three versions."""
