"""Scenarios are selected by line, name, words and tags, as people write them."""

from pathlib import Path
from typing import Any

import pytest

from oneentry_scenarios.problem import read_toml
from tests.reporting.made import Made
from tests.test_commands import collected

SELECTION = read_toml(__file__, "selection.toml")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    text = Path(__file__).with_name("selection.feature.txt").read_text("utf-8")
    made = Made.at(tmp_path_factory.mktemp("selection"), x=text)
    return collected(made, [case["given"] for case in SELECTION["cases"]])


@pytest.mark.parametrize("case", SELECTION["cases"], ids=lambda case: ascii(" ".join(case["given"])))
def test_what_is_given_selects_these_scenarios(outcomes: dict[str, tuple[int, str]], case: dict[str, Any]) -> None:
    code, output = outcomes[" ".join(case["given"])]
    names = [SELECTION.get(each, f"{SELECTION['outline']}[{each}]") for each in case.get("selects", ())]
    assert [line.partition("::")[2] for line in output.splitlines() if line.startswith("features/")] == names, output
    assert (code, case.get("says", "") in output) == (0 if names else pytest.ExitCode.USAGE_ERROR, True), output
