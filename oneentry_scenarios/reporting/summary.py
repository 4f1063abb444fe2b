"""Summarizes a run by feature, for the terminal and for the job summary of GitHub Actions."""

import html
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from oneentry_scenarios.gherkin.identity import PROPERTY_FEATURE, PROPERTY_SCENARIO, scenarios_in
from oneentry_scenarios.reporting.failure import same_failures

#: A scenario's outcome and the pytest outcomes that lead to it; the first match counts.
_ENDS = {"failed": ("failed", "error"), "skipped": ("skipped", "xfailed"), "passed": ("passed", "xpassed")}


@dataclass
class Tally:
    """The results of one feature's scenarios, and their duration in seconds."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def render_counts(counts: Mapping[str, int]) -> str:
    """Return the counts as text, `25 passed, 2 failed`, in this order."""
    return ", ".join(f"{counts[end]} {end}" for end in ("passed", "failed", "skipped") if counts.get(end)) or "none"


def tallies_of(stats: Mapping[str, Sequence[object]]) -> list[Tally]:
    """Return the tallies of all features, sorted by name; `stats` are those of pytest's terminal reporter."""
    ends = {each.nodeid: end for end in reversed(_ENDS) for each in scenarios_in(stats, _ENDS[end])}
    tallies = {file: Tally(file) for file in map(_file, ends)}
    for nodeid, end in ends.items():
        tallies[_file(nodeid)].counts[end] += 1
    for report in scenarios_in(stats, stats):
        if report.nodeid in ends:
            tally = tallies[_file(report.nodeid)]
            tally.name = str(dict(report.user_properties).get(PROPERTY_FEATURE, tally.name))
            tally.seconds += report.duration
    return sorted(tallies.values(), key=lambda tally: tally.name)


def lines_of(tallies: Sequence[Tally]) -> list[str]:
    """Return the table for the terminal, with the total at the end."""
    rows = [(tally.name, render_counts(tally.counts), f"{tally.seconds:.2f} s") for tally in tallies]
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
    lines = [f"{name:{widths[0]}}  {ends:{widths[1]}}  {time:>{widths[2]}}" for name, ends, time in rows]
    return [*lines, _sum(tallies)]


def markdown_of(
    name: str, tallies: Sequence[Tally], stats: Mapping[str, Sequence[object]], redact: Callable[[str], str]
) -> str:
    """Return the job summary for GitHub Actions: the table, and the text of each failure."""

    def plain(text: str) -> str:
        """Escape `text` for HTML and Markdown tables; redact it first, because escapes hide the shape of a value."""
        return html.escape(redact(text)).replace("|", "&#124;")

    head = (f"### {plain(name)}", "", f"| feature | {' | '.join(_ENDS)} | time |", f"|---|{'--:|' * (len(_ENDS) + 1)}")
    rows = (
        f"| {plain(tally.name)} | {' | '.join(str(tally.counts[end]) for end in _ENDS)} | {tally.seconds:.2f} s |"
        for tally in tallies
    )
    causes = [f"<pre>{plain(cause)}</pre>" for cause in same_failures(stats)]
    parts = [*head, *rows, "", f"**{_sum(tallies)}**", "", *causes, ""]
    for report in scenarios_in(stats, _ENDS["failed"]):
        title = str(dict(report.user_properties).get(PROPERTY_SCENARIO, report.nodeid))  # missing after a worker crash
        text = plain(getattr(report, "failure_text", report.longreprtext))
        parts += [f"<details><summary>{plain(title)}</summary>", "", f"<pre>{text}</pre>", "</details>", ""]
    return "\n".join(parts)


def _sum(tallies: Sequence[Tally]) -> str:
    counts = sum((tally.counts for tally in tallies), Counter())
    return f"{counts.total()} scenario{'s' * (counts.total() != 1)}: {render_counts(counts)}"


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
