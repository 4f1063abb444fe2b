"""Errors that the user can fix, and the TOML files of modules: their messages and tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


class Problem(Exception):
    """An error that the user can fix. Commands and pytest show its message without a traceback."""


def read_toml(module: str, name: str) -> dict[str, Any]:
    """Return the content of a TOML file in the folder of `module`, which passes its `__file__`."""
    import tomllib  # imported here so that setup can report a too old Python

    return tomllib.loads(Path(module).with_name(name).read_text("utf-8"))


def messages(module: str) -> Callable[..., str]:
    """Return a function that formats a message from the module's `messages.toml`, by name, with the given facts."""
    texts = read_toml(module, "messages.toml")
    return lambda name, /, **facts: texts[name].format(**facts)
