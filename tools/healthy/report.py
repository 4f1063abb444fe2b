"""False alarms by shop, for the terminal and as a section of a document."""

import re
from collections.abc import Sequence
from pathlib import Path

from oneentry_scenarios.live.settings import message
from tools.faults.report import HEALTHY, table
from tools.healthy.run import RUNS, Result

#: The reason of scenarios that every live run skips.
_ONLY_MOCK = message("mock-only")
_DOCS = Path(__file__).with_name("report.md.in").read_text("utf-8")


def line(result: Result) -> str:
    """Return one line about a shop: the number of failed scenarios in each run."""
    if result.problems:
        verdict = "ERROR"
    elif result.alarms:
        verdict = "RED " + _counts(result)
    else:
        verdict = "quiet"
    return f"{verdict:20}{result.shop.id}"


def details(result: Result) -> list[str]:
    """Return the problems of the shop, then each false alarm once, then the skipped scenarios."""
    lines = [f"the shop itself is wrong: {problem}" for problem in result.problems]
    lines += [f"{scenario or 'the run as a whole'}: {problem}" for scenario, problem in _distinct(result)]
    return lines + [f"skipped: {scenario}: {reason}" for scenario, reason in _skips(result)]


def for_terminal(results: Sequence[Result], minutes: float) -> str:
    """Return the summary."""
    red = [each for each in results if each.alarms]
    wrong = [each for each in results if each.problems]
    alarms = sum(len(each.alarms) for each in results)
    lines = [f"{len(results)} healthy shops, {len(RUNS)} runs each: {sum(each.is_quiet for each in results)} quiet"]
    lines += [f"{alarms} false alarms, over {len(red)} shops; {len(wrong)} shops are wrong themselves"]
    return "\n".join([*lines, f"{minutes:.1f} minutes"])


def for_docs(results: Sequence[Result]) -> str:
    """Return the catalogue, its results and each false alarm as a section in Markdown."""
    rows = [
        f"| `{each.shop.id}` | {_cell(each.shop.title)} | {each.shop.mark} | {_cell(each.shop.source)} | "
        f"{'quiet' if each.is_quiet else 'red ' + _counts(each)} |"
        for each in results
    ]
    quiet = sum(each.is_quiet for each in results)
    shops = table(("shop", "what", "mark", "source", "result"), rows)
    alarms = [f"- `{each.shop.id}`: {name}: {problem}" for each in results for name, problem in _distinct(each)]
    listed = "\n".join(alarms) or "None."
    return _DOCS.format(heading=HEALTHY, count=len(results), quiet=quiet, shops=shops, alarms=listed)


def _counts(result: Result) -> str:
    return " + ".join(str(sum(each.run == name for each in result.alarms)) for name, _ in RUNS)


def _distinct(result: Result) -> list[tuple[str, str]]:
    """Return scenario and problem of each false alarm, only once if only numbers differ."""
    alarms = {_kind(each.scenario, each.problem): (each.scenario, each.problem) for each in reversed(result.alarms)}
    return list(alarms.values())[::-1]


def _kind(scenario: str, problem: str) -> tuple[str, str]:
    """Return a key that is equal for equal false alarms: IDs, totals and dates differ between runs."""
    return scenario, re.sub(r"\d+", "#", problem)


def _skips(result: Result) -> list[tuple[str, str]]:
    return [(name, reason) for name, reason in result.skips if _ONLY_MOCK not in reason]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
