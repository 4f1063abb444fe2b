"""What this plugin keeps in pytest's stashes for others."""

import pytest

from oneentry_scenarios.cassettes.target import ScenarioRecording, Target
from oneentry_scenarios.redaction.redactor import Redactor

#: The run's redactor, in `config.stash`.
REDACTOR = pytest.StashKey[Redactor]()
#: What the run talks to, in `config.stash`.
TARGET = pytest.StashKey[Target]()
#: The running scenario's recording, in `item.stash`.
RECORDING = pytest.StashKey[ScenarioRecording]()
