"""The table of what the scenarios reach is up to date, and no row is empty without a reason."""

import tomllib
from pathlib import Path

import pytest

from tools import coverage

pytestmark = pytest.mark.usefixtures("measured")


def test_the_table_is_up_to_date_and_every_empty_row_has_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    text, unexplained = coverage.table()
    assert unexplained == []
    monkeypatch.delenv("MEASURED_PROJECT")  # a team may have written the table of its own scenarios
    up_to_date = text, coverage.table()[0]
    assert coverage.TABLE.read_text(encoding="utf-8") in up_to_date, "run: python -m tools.coverage"


def test_an_outdated_table_is_named_with_the_command_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(coverage, "TABLE", tmp_path / "coverage.md")
    assert coverage.main([]) == coverage.main(["--check"]) == 0
    (tmp_path / "coverage.md").write_text("old")
    assert coverage.main(["--check"]) == 1
    assert (tmp_path / "coverage.md").read_text() == "old"
    assert capsys.readouterr().err.endswith(" is out of date. Run: .venv/bin/python -m tools.coverage\n")


def test_every_reason_is_needed() -> None:
    reached = coverage.reached()
    unreached = [" ".join(row) for row in coverage.rows() if row not in reached]
    for entry in tomllib.loads(coverage.REASONS.read_text(encoding="utf-8"))["unreached"]:
        for pattern in entry["rows"]:
            assert any(coverage.matches(row, [pattern]) for row in unreached), f"{pattern} explains nothing"


def test_every_operation_of_the_story_is_reached_and_refused_ones_too() -> None:
    reached = coverage.reached()
    assert ("auth_provider.auth", "answered") in reached
    assert ("orders.create_order", "form_data_empty") in reached
    assert ("needs.user", "access_token_expired") in reached


def test_a_row_without_scenario_or_reason_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "coverage.toml").write_text("unreached = []")
    monkeypatch.setattr(coverage, "REASONS", tmp_path / "coverage.toml")
    monkeypatch.setattr(coverage, "TABLE", tmp_path / "coverage.md")
    assert coverage.main([]) == 1
    assert "payments.create_session / total_fractional: no scenario reaches it" in capsys.readouterr().err
