"""Two live runs at once against one project: both green, and both lists of created orders complete."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oneentry_scenarios.live.project_lock import project_lock
from tests.conftest import SOAK, Project, environment
from tests.live.projects import LiveProject, running
from tests.live.test_live import LIVE, listed


@pytest.mark.soak
@pytest.mark.parametrize("checkouts", [1, 2])
def test_two_runs_at_once_are_green_and_list_their_orders(
    project: Project, tmp_path_factory: pytest.TempPathFactory, checkouts: int
) -> None:
    roots = [project.root, project.root]
    if checkouts == 2:
        roots[1] = tmp_path_factory.mktemp("second") / "checkout"
        shutil.copytree(project.root, roots[1], symlinks=True)
    with running() as shop:
        runs = [started(root, shop) for root in roots]
        outputs = [run.communicate(timeout=120)[0] for run in runs]
        assert [run.returncode for run in runs] == [0, 0], "\n".join(outputs)
        count = shop.order_count() + shop.order_count(shop.settings.other_user, shop.settings.other_password)
    created = [line for root in set(roots) for line in listed(root)]
    assert len({line["id"] for line in created}) == len(created) == count
    assert len({line["run"] for line in created}) == 2
    for root in set(roots):
        assert len({line["run"] for line in listed(root)}) == 2 // checkouts
        unanswered = len(listed(root, "sent")) - len(listed(root)) - len(listed(root, "refused"))
        assert unanswered == 0


def started(root: Path, shop: LiveProject) -> subprocess.Popen[str]:
    """A run of everything, or of a part that orders and signs out everywhere, that goes on by itself."""
    chosen = ["--all"] if SOAK else ["-k", "several or different-customers or all-devices"]
    command = [sys.executable, "-m", "pytest", "--color=no", LIVE, *chosen]
    variables = environment() | shop.variables
    return subprocess.Popen(command, cwd=root, env=variables, stdout=subprocess.PIPE, text=True)


TAKE_A_TURN = """
import sys
from oneentry_scenarios.live.project_lock import project_lock
with project_lock(sys.argv[1], print):
    print("locked", flush=True)
    sys.stdin.read()
"""


def at_turn(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TAKE_A_TURN, url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_scenarios_of_one_project_take_turns_and_a_killed_run_ends_its_own() -> None:
    first = at_turn("https://a.example")
    assert first.stdout is not None
    assert first.stdout.readline() == "locked\n"
    with project_lock("https://b.example", print):
        pass  # another project's
    second = at_turn("https://a.example")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(timeout=1)
    first.kill()
    assert second.communicate(timeout=10)[0] == "locked\n"
    first.communicate()


def test_where_no_lock_can_be_kept_runs_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with project_lock("https://a.example", print):
        pass


@pytest.mark.parametrize("first", ["the preflight", "a scenario"])
def test_a_run_says_what_it_waits_for_and_gives_up(project: Project, first: str) -> None:
    project.edit("oneentry_scenarios/live/project_lock.py", "GIVEN_UP_AFTER = 5.0, 900.0", "GIVEN_UP_AFTER = 0.3, 0.6")
    if first == "a scenario":
        project.edit("oneentry_scenarios/live/run.py", "self.check(to_check)", "pass")
    with running() as shop, at_turn(shop.url) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        outcome = project.run(LIVE, **shop.variables)
        other.communicate()
    lock = rf"another live run of this project \(process {other.pid}, lock file \S+oneentry-scenarios-\w+\.lock\)"
    assert re.search(rf"^Waiting for a scenario of {lock} to end\.$", outcome.output, re.MULTILINE)
    gave_up = rf"! _pytest\.outcomes\.Exit: Gave up after 0\.01 minutes\. End {lock}, or rerun later"
    assert re.search(gave_up, outcome.output)
    assert (outcome.code, "INTERNALERROR" in outcome.output) == (1, False)
