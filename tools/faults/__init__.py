"""What the suite notices: faults of an API, put between the suite and the mock server, and the count of those found."""
