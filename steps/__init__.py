"""What the lines of the features do, one file a thing."""
