"""What a person can put right, and in which words it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


class Problem(Exception):
    """What a person has to change, and where; commands and pytest show it as it is, without a traceback."""


def messages(module: str) -> Callable[..., str]:
    """What says a message of the `messages.toml` beside a module, by its name and the facts that are put in."""
    import tomllib  # only here: set-up says which Python it needs, on an older one

    texts = tomllib.loads(Path(module).with_name("messages.toml").read_text("utf-8"))
    return lambda name, /, **facts: texts[name].format(**facts)
