"""Checks that a failure's first lines name scenario, step, operation, field or rule, and expected and actual value."""

import re
from dataclasses import dataclass
from typing import Any

from oneentry_scenarios.mock_server.routes import OPERATIONS
from tools.faults.fault import Fault

#: The text for users, before any traceback, ends here.
END = "Rerun:"
#: Each states expected and actual values, or that a value is missing.
EXPECTED_AND_ACTUAL = (
    r"expected .+, (?:got|found) .+",
    r"should .+(?:, got|, is|, but|; got) .+",
    r"\bis missing\b",
    r"\bwas .+, is .+",
    r"but it answered: .+",
    r"the body is not JSON: .+",
    r"stands in it twice",
    r"has the unexpected .+ \(.+\)",
    r"got no usable response from \S+: .+",
    r"returned \d{3}: .+",
    r"it redirects to .+",
)
# A printed HTTP exchange names every field, so it does not count.
_EXCHANGE = re.compile(r"^\s*(?:GET|POST|PUT|DELETE) http", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """The first failure of a run, as written by the plugin."""

    scenario: str
    when: str
    title: str
    place: str
    feature: str
    text: str

    @property
    def first_lines(self) -> str:
        """Everything above the line that says how to run it again."""
        return self.text.partition(END)[0]

    @property
    def problem(self) -> str:
        """The text after the failed step's line, without the HTTP exchange."""
        _, _, after = self.first_lines.partition("Failed at ")
        return _EXCHANGE.split(after.partition("\n")[2])[0].strip()


def _in_words(name: str) -> str:
    """Return a pattern for a name as in the API or in words: `clientSecret` or "client secret"."""
    return r"\b" + re.sub(r"(?<=[a-z])(?=[A-Z])", " ?", re.escape(name))


def lacking(fault: Fault, failure: Failure) -> tuple[str, ...]:
    """Return the parts that the first lines of the failure lack."""
    first, problem = failure.first_lines, failure.problem
    operations = fault.operations or tuple(each.name for each in OPERATIONS)
    has: dict[str, Any] = {
        "scenario": f"Scenario: {failure.title}  ({failure.place})" in first,
        "step": re.search(rf"^Failed at {re.escape(failure.feature)}:\d+: \w", first, re.MULTILINE),
        "operation": any(re.search(rf"\b{re.escape(name)}\b", first) for name in operations),
        "field or rule": any(re.search(_in_words(name), problem, re.IGNORECASE) for name in fault.names),
        "expected and actual": any(re.search(pattern, problem) for pattern in EXPECTED_AND_ACTUAL),
    }
    return tuple(name for name, is_there in has.items() if not is_there)
