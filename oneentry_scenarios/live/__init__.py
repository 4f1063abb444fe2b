"""Pytest plugin for live runs against a project: settings, order guard, preflight, created orders."""
