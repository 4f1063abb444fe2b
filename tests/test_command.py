"""The command `oneentry-scenarios`; its mock server and report have tests of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from oneentry_scenarios import environment
from oneentry_scenarios.__main__ import main
from tools.checkout import run_command


def without_packages(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on this Python without site-packages, as on a bare machine."""
    return run_command(sys.executable, "-S", "-m", "oneentry_scenarios", *arguments, limit=60)


def test_help_and_set_up_need_no_installed_package() -> None:
    done = without_packages("setup", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "{replay,test,report}" in done.stdout


def test_a_missing_package_is_named_with_what_to_do() -> None:
    done = without_packages("mock-server", "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not installed. In a checkout, run `python -m oneentry_scenarios setup replay`" in done.stderr
    assert "Traceback" not in done.stderr


def test_set_up_outside_a_checkout_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert main(["setup", "replay"]) == 1
    assert f"setup replay requires a checkout of oneentry-scenarios: {tmp_path} is not one." in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("options", [["--check", "--product", "14"], ["--profile", "my-shop.toml"]])
def test_options_of_profile_that_do_not_belong_together_are_refused(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", *options]) == 1
    assert "--product is for a new profile, --profile for --check" in capsys.readouterr().err
