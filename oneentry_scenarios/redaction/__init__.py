"""Redaction: replaces secret and private values with placeholders of the same shape."""
