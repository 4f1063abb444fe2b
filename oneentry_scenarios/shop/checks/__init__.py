"""Checks that compare requests with the shop's responses; each raises AssertionError on a difference."""
