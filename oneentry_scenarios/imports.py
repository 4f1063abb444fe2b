"""Leaves out what other packages import only because it happens to be installed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let imports inside find none of `packages`, as if they were not installed: each would cost start-up time."""
    hidden = {name: sys.modules.pop(name) for name in packages if name in sys.modules}
    # Python's own way to say so: `None` there makes an import fail.
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in packages:
            del sys.modules[name]
        sys.modules.update(hidden)
