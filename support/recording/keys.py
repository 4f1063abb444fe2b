"""What the recording plugin leaves for others in pytest's stashes."""

from __future__ import annotations

import pytest

from support.redaction import Redactor

#: The run's redactor, in `config.stash`.
REDACTOR = pytest.StashKey[Redactor]()
