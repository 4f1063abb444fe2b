"""Pytest plugin: live runs against a project: settings, order guard, preflight, created orders."""
