"""What the recording plugin leaves for others in pytest's stashes."""

from __future__ import annotations

import pytest

from oneentry_scenarios.redaction.redactor import Redactor

#: The run's redactor, in `config.stash`.
REDACTOR = pytest.StashKey[Redactor]()
