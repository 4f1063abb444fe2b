"""Client of the OneEntry API."""
