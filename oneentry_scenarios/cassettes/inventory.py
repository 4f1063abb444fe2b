"""Which cassettes belong to no scenario, and which scenarios have none; said in one place, with what mends it."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from oneentry_scenarios.cassettes.target import cassette_path
from oneentry_scenarios.gherkin.identity import IDENTITY


def problems_of(root: Path, items: Sequence[pytest.Item], arguments: Sequence[str], *, narrowed: bool) -> list[str]:
    """What is wrong with the cassettes of a replay that collected `items`; each problem a few lines for people.

    Only a run over all features can tell that a cassette has no scenario: not one that is `narrowed` by -k or -m, nor
    one whose `arguments` name single scenarios or leave out a file.
    """
    scenarios = [item for item in items if IDENTITY in item.stash]
    if not scenarios:
        return []
    problems = []
    wanted = {cassette_path(root, item.stash[IDENTITY]): item for item in scenarios}
    missing = [item.nodeid for path, item in wanted.items() if not path.is_file()]
    if missing:
        problems.append(_listed("Scenarios without a cassette", missing, "pytest --api=mock --record"))
    collected = {item.stash[IDENTITY].feature_file for item in scenarios}
    everything = _relative(root, (root / "features").rglob("*.feature"))
    if not narrowed and collected >= everything and not any("::" in argument for argument in arguments):
        found = (path for path in (root / "cassettes").rglob("*") if path.is_file())
        orphans = _relative(root, (path for path in found if path not in wanted and path.name[0] != "."))
        if orphans:
            problems.append(_listed("Cassettes without a scenario", sorted(orphans), "git rm --"))
    return problems


def _relative(root: Path, paths: Iterable[Path]) -> set[str]:
    return {path.relative_to(root).as_posix() for path in paths}


def _listed(title: str, names: Sequence[str], command: str) -> str:
    listed = "".join(f"\n  {name}" for name in names)
    return f"{title}:{listed}\nTo mend just these:\n  {command} {shlex.join(names)}"
