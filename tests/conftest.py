"""A copy of the product that a test may break, and runs pytest on, as a user would."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tools.checkout import NOT_COPIED, copy_product, run_command, run_pytest
from tools.checkout import ROOT as ROOT
from tools.checkout import environment as environment

#: `make soak` asks for the long counts; `make test` takes a sample of each, with a fixed seed.
SOAK = "SOAK" in os.environ
#: Lines of the steps that tests break.
SAME_SESSION = "payment_checks.session_of_order(opened.session, people[person].sessions_of(opened.order_id))"
OPEN_SESSION = "    return people[person].open_session(placed.order.id)\n"
PLACE_ORDER = "    return people[person].place(account, Line(product, quantity), coupon=coupon)\n"
#: Its features are no tests.
collect_ignore = ["example"]
STORY = "features/order_payment.feature::a-customer-can-open-a-payment-session-for-a-new-order"
#: A scenario with generated data.
BUYER = "features/ordering.feature::an-order-confirmation-shows-the-buyer-s-name"
STORY_CASSETTE = "cassettes/order_payment/a-customer-can-open-a-payment-session-for-a-new-order.json"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, a test that is skipped has failed: nothing is green that did not run."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
    return report


@dataclass(frozen=True)
class Outcome:
    """What a run of pytest printed, and its exit code."""

    code: int
    output: str

    def expect(self, code: int, *texts: str) -> None:
        """Check the exit code, and that all `texts` were printed."""
        assert self.code == code, self.output
        assert not [text for text in texts if text not in self.output], self.output


@dataclass(frozen=True)
class Project:
    """A copy of the repository, with all that a run needs; not a project on OneEntry."""

    root: Path

    def run(self, *arguments: str, **variables: str) -> Outcome:
        """Run pytest in the copy; `variables` come on top of an environment without any of ours."""
        command = sys.executable, "-m", "pytest", "--color=no", *arguments
        completed = run_command(*command, cwd=self.root, limit=120, **variables)
        return Outcome(completed.returncode, completed.stdout + completed.stderr)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, by `new`."""
        if path.startswith("oneentry_scenarios/") and (self.root / "oneentry_scenarios").is_symlink():
            (self.root / "oneentry_scenarios").unlink()
            shutil.copytree(ROOT / "oneentry_scenarios", self.root / "oneentry_scenarios", ignore=NOT_COPIED)
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} does not contain {old!r}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def add_to_conftest(self, code: str) -> None:
        """Append code to the copy's `conftest.py`."""
        with (self.root / "conftest.py").open("a", encoding="utf-8") as file:
            file.write(f"\n\n{code}")

    def cassettes(self) -> dict[str, bytes]:
        """The content of every file below `cassettes/`."""
        below = self.root / "cassettes"
        return {str(path.relative_to(below)): path.read_bytes() for path in below.rglob("*") if path.is_file()}


@cache
def example() -> Path:
    """A project with the scenarios of `tests/example`, recorded from the mock server once a process.

    Those of the checkout may be of any shop, renamed or gone.
    """
    root = Path(tempfile.mkdtemp(prefix="example-"))
    atexit.register(shutil.rmtree, root)
    copy_product(root)
    for name in ("features", "cassettes"):
        shutil.rmtree(root / name)
    shutil.copytree(ROOT / "tests/example/features", root / "features")
    (root / "tools").symlink_to(ROOT / "tools", target_is_directory=True)
    recorded = run_pytest("--api=mock", "--record", cwd=root)
    assert recorded.returncode == 0, recorded.stdout
    return root


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the example: a checkout, not a project on OneEntry."""
    copy_product(tmp_path, example())
    return Project(tmp_path)


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """A fresh copy of this checkout, with its own scenarios and cassettes."""
    copy_product(tmp_path)
    return Project(tmp_path)


@pytest.fixture(scope="module")
def measured() -> Iterator[None]:
    """Tools measure the example in place of this checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEASURED_PROJECT", str(example()))
        yield
