"""The score by class, undetected faults, and unclear failure messages, for the terminal and for `docs/faults.md`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from oneentry_scenarios.problem import read_toml
from tools.checkout import ROOT
from tools.faults.fault import KINDS, KNOWN
from tools.faults.run import Result
from tools.faults.then_steps import Needed

#: Notes about faults: the tables `survivors` and `changed`.
NOTES = read_toml(__file__, "notes.toml")
DOCS = ROOT / "docs" / "faults.md"
#: Headings of the document's parts, one per command: `tools.faults`, `tools.faults.leaves` and `tools.healthy`.
FAULTS, LEAVES, HEALTHY = PARTS = "# What the suite notices", "## Recorded values, changed", "## Healthy shops"
#: Percentages that a full run must reach.
SHARE_FOUND = SHARE_EXPLAINED = 95
#: The classes in which every fault that breaks a known rule must be detected.
NONE_MAY_SURVIVE = ("meaning", "protection")
_DOCS = Path(__file__).with_name("report.md.in").read_text("utf-8")


@dataclass(frozen=True)
class Score:
    """The score of a run."""

    results: Sequence[Result]

    @property
    def found(self) -> list[Result]:
        """Faults that the suite detected."""
        return [each for each in self.results if each.failure and not each.problems]

    @property
    def survivors(self) -> list[Result]:
        """Faults that the suite did not detect."""
        return [each for each in self.results if not each.failure and not each.problems]

    @property
    def badly_explained(self) -> list[Result]:
        """Detected faults whose failure message is unclear: its first lines lack something."""
        return [each for each in self.found if each.lacks]

    @property
    def errors(self) -> list[str]:
        """Errors of the catalogue."""
        return [f"error of the catalogue: {each.fault.id}: {text}" for each in self.results for text in each.problems]

    def rows(self) -> list[tuple[str, str, str]]:
        """Return for each class: its name, the detected share, the detected share of faults that break a known rule."""
        kinds = [(kind, Score([each for each in self.results if each.fault.kind == kind])) for kind in KINDS]
        return [
            (name, part.share(), Score([each for each in part.results if each.fault.rests_on in KNOWN]).share())
            for name, part in [*kinds, ("all", self)]
        ]

    def share(self) -> str:
        """Return the detected share, as numbers and percent."""
        return _share(len(self.found), len(self.results))

    def well_explained(self) -> str:
        """Return the share of detected faults with a clear failure message, as numbers and percent."""
        return _share(len(self.found) - len(self.badly_explained), len(self.found))

    def short_of(self) -> list[str]:
        """Return the requirements that the score does not meet."""
        lacking = list(self.errors)
        if _percent(len(self.found), len(self.results)) < SHARE_FOUND:
            lacking.append(f"{self.share()} of the faults are detected, {SHARE_FOUND} % should be")
        if _percent(len(self.found) - len(self.badly_explained), len(self.found)) < SHARE_EXPLAINED:
            lacking.append(
                f"{self.well_explained()} of the detected faults have a clear message, {SHARE_EXPLAINED} % should"
            )
        lacking += [
            f"{each.fault.id} is undetected, although it breaks a rule that is {each.fault.rests_on}"
            for each in self.survivors
            if each.fault.kind in NONE_MAY_SURVIVE and each.fault.rests_on in KNOWN
        ]
        return lacking


def then_line(step: Needed) -> str:
    """Return one line about a Then step."""
    if not step.fault:
        return f"DETECTS NOTHING  {step.pattern}"
    return f"{step.pattern}: detects {step.fault}, also detected by: {step.otherwise or 'nothing else'}"


def for_docs(score: Score, steps: Sequence[Needed], day: date) -> str:
    """Return the score and the whole catalogue as Markdown."""
    survivors = [
        f"| `{each.fault.id}` | {each.fault.title} | {each.fault.rests_on} | "
        f"{NOTES['survivors'].get(each.fault.id, '*not explained yet*')} |"
        for each in score.survivors
    ]
    badly_explained = [f"| `{each.fault.id}` | {', '.join(each.lacks)} |" for each in score.badly_explained]
    changed = [f"| `{each['id']}` | {each['when']} | {each['what']} | {each['reason']} |" for each in NOTES["changed"]]
    catalogue = [
        f"| `{each.fault.id}` | {each.fault.title} | {each.fault.kind} | {each.fault.rests_on} | {_found_by(each)} |"
        for each in score.results
    ]
    needed = [
        f"| {step.pattern} | {f'`{step.fault}`' if step.fault else '*nothing*'} | {step.otherwise or '*nothing*'} |"
        for step in steps
    ]
    return _DOCS.format(
        heading=FAULTS,
        steps=table(("Then step", "a fault that it detects", "what detects it if this step is empty"), needed),
        day=day.isoformat(),
        count=len(score.results),
        share=score.share(),
        told=score.well_explained(),
        rows="\n".join(f"| {kind} | {found} | {known} |" for kind, found, known in score.rows()),
        survivors=table(("fault", "what", "rests on", "why it is undetected"), survivors),
        badly_explained=table(("fault", "missing in the first lines"), badly_explained),
        changed=table(("fault", "when", "what", "reason"), changed),
        catalogue=table(("fault", "what", "class", "rests on", "detected by"), catalogue),
    )


def _found_by(result: Result) -> str:
    return result.failure.title.replace("|", "\\|") if result.failure else "*nothing*"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({_percent(part, whole)} %)"


def _percent(part: int, whole: int) -> int:
    """Return the percentage, rounded down: 95 % is at least 95 %."""
    return 100 * part // whole if whole else 100


def write(text: str) -> None:
    """Replace the part of `docs/faults.md` with the same heading as `text`."""
    old = re.split(rf"^(?={'|'.join(PARTS)})", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = [next((each for each in (text, *old) if each.startswith(heading)), "") for heading in PARTS]
    DOCS.write_text("\n".join(each.rstrip("\n") + "\n" for each in parts if each), encoding="utf-8")


def table(head: tuple[str, ...], rows: list[str]) -> str:
    """Return a table in Markdown, or "None." without rows."""
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *rows]) if rows else "None."
