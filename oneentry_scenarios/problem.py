"""Errors that the user can fix, and their messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


class Problem(Exception):
    """An error that the user can fix. Commands and pytest show its message without a traceback."""


def messages(module: str) -> Callable[..., str]:
    """Return a function that formats a message from the module's `messages.toml`, by name, with the given facts."""
    import tomllib  # imported here so that setup can report a too old Python

    texts = tomllib.loads(Path(module).with_name("messages.toml").read_text("utf-8"))
    return lambda name, /, **facts: texts[name].format(**facts)
