"""The editor settings still fit the steps; see docs/editors.md."""

import json
import re

from steps.words import phrase
from tests.conftest import ROOT

SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))


def test_every_step_is_written_as_the_editor_expects_it() -> None:
    definition = SETTINGS["cucumberautocomplete.gherkinDefinitionPart"] + r'\(?"'
    for path in (file for pattern in SETTINGS["cucumberautocomplete.steps"] for file in ROOT.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        assert len(re.findall(definition, text)) == len(re.findall("^@(?:given|when|then)", text, re.MULTILINE)), path


def test_the_editor_knows_the_same_people() -> None:
    people = {each["parameter"]: each["value"] for each in SETTINGS["cucumberautocomplete.customParameters"]}
    assert people["{person:Person}"] == f"({vars(phrase.keywords['types']['Person'])['pattern']})"
