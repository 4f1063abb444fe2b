"""What is secret or private, and the placeholder of the same shape that replaces it."""
