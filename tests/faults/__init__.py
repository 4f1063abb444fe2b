"""What the suite notices: faults of an API, put between the suite and the stand-in, and the count of those found."""
