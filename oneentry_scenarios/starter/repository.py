"""Creates a team's own repository from a checkout: with our scenarios as a start, and the package as a wheel."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from string import Template

from oneentry_scenarios.environment import IS_CHECKOUT, ROOT
from oneentry_scenarios.problem import Problem, messages, read_toml

_TEMPLATE = Path(__file__).with_name("template")
_CONTENTS = read_toml(__file__, "contents.toml")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)#:]+)(?:#[^)]*)?\)")


def create_repository(target: Path) -> None:
    """Create a repository at `target`, or nothing. Raises Problem, and ModuleNotFoundError without hatchling."""
    if not IS_CHECKOUT:
        raise Problem(messages(__file__)("no-checkout"))
    import_module("hatchling")  # builds the wheel
    target = target.resolve()
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise Problem(f"{target} exists and is not an empty directory. Nothing was written.")
        target.parent.mkdir(parents=True, exist_ok=True)
        # In a temporary directory, which other users cannot access.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
            repository = Path(temporary, "repository")
            _fill(repository, target.name)
            if target.is_dir():
                target.rmdir()  # Windows cannot rename to an existing directory
            repository.rename(target)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise Problem(f"{target} cannot be created: {error.strerror}{where}. Nothing was written.") from None


def build_wheel(folder: Path) -> Path:
    """Build the package's wheel into `folder`; raises Problem if the build backend fails."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise Problem(f"The wheel cannot be built. Nothing was written. The build failed with:\n{done.stderr.strip()}")
    [wheel] = folder.glob("*.whl")
    return wheel


def _fill(repository: Path, name: str) -> None:
    shutil.copytree(_TEMPLATE, repository)
    for source, destination in _CONTENTS["files"].items():
        (repository / destination).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, repository / destination, ignore=_NOT_COPIED)
        else:
            shutil.copy(ROOT / source, repository / destination)
    wheel = build_wheel(repository / "vendor")
    texts = {
        "name": name,
        "version": wheel.name.split("-")[1],
        "hash": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        **{each: _excerpt(**excerpt) for each, excerpt in _CONTENTS["excerpts"].items()},
    }
    for template in ("README.md", "pyproject.toml.in", "vendor/requirements.txt.in"):
        file = (repository / template).rename(repository / template.removesuffix(".in"))
        file.write_text(Template(file.read_text("utf-8")).substitute(texts), encoding="utf-8")
    for path in repository.rglob("*.md"):
        path.write_text(_LINK.sub(_reachable_from(path.parent), path.read_text("utf-8")), encoding="utf-8")


def _excerpt(file: str, pattern: str, without: str = "(?!)") -> str:
    found = re.search(pattern, (ROOT / file).read_text("utf-8"))
    assert found is not None, f"nothing in {file} matches {pattern}"  # noqa: S101  (the checkout's own files)
    return re.sub(without, "", found.group()).strip()


def _reachable_from(folder: Path) -> Callable[[re.Match[str]], str]:
    """Return a function that keeps links to files of the new repository, and only the text of other links."""
    return lambda link: link.group() if (folder / link.group(2)).exists() else link.group(1)
