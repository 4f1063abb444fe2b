"""Measures that the time which redaction takes grows with the text, not with its square, also for a hostile one."""

import secrets
import time
import tomllib
from pathlib import Path

from oneentry_scenarios.redaction.redactor import Kind, Redactor
from tools.benchmarks.measure import BenchmarkError

SIZES_KB = (10, 20, 40, 80)
#: Times of a text twice as long may be this much more than twice as long: other load on the machine, larger tables.
MOST_GROWTH = 1.7
UNITS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def growth(rounds: int) -> dict[str, list[float]]:
    """The seconds that each kind of text takes, by size; raises BenchmarkError if they do not grow with it alone."""
    values = [f"{number:03}{secrets.token_urlsafe(60)}" for number in range(155)]
    times = {name: [_seconds(unit, size, values, rounds) for size in SIZES_KB] for name, unit in UNITS.items()}
    check(times)
    return times


def check(times: dict[str, list[float]]) -> None:
    """Raise BenchmarkError if the longest text takes far more than its share of the shortest's time."""
    larger = SIZES_KB[-1] / SIZES_KB[0]
    for name, (shortest, *_, longest) in times.items():
        grown = longest / max(shortest, 0.001)
        if grown > MOST_GROWTH * larger:
            raise BenchmarkError(f"redacting {name} takes {grown:.0f} times as long for {larger:.0f} times")


def as_table(times: dict[str, list[float]]) -> str:
    """The table, in Markdown: milliseconds for the shortest text, and factors for longer ones."""
    lines = [f"| redacted: ms, times | {' kB | '.join(map(str, SIZES_KB))} kB |", f"|---|{'---:|' * len(SIZES_KB)}"]
    for name, (first, *more) in times.items():
        factors = " | ".join(f"{each / first:.1f}" for each in more)
        lines.append(f"| {name} | {first * 1000:.1f} | {factors} |")
    return "\n".join(lines)


def _seconds(unit: str, size: int, values: list[str], rounds: int) -> float:
    text = unit * (size * 1000 // len(unit))
    taken = []
    for _ in range(rounds):
        redactor = Redactor()  # a new one: known values are found sooner
        for value in [*values, "sessions"]:
            redactor.learn(value, Kind.SECRET)
        began = time.process_time()
        redactor.stored_text(text)
        taken.append(time.process_time() - began)
    return min(taken)
