"""Whether the first lines of a failure name scenario, step, operation, field or rule, and expected and actual."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oneentry_scenarios.mock_server.routes import OPERATIONS

if TYPE_CHECKING:
    from tools.faults.fault import Fault

#: What people see before anything of Python ends here.
END = "Run it again:"
#: Each says what was expected and what came; where what came is nothing, that it is missing.
EXPECTED_AND_ACTUAL = (
    r"expected .+, (?:got|found) .+",
    r"should .+(?:, got|, is|, but|; got) .+",
    r"\bis missing\b",
    r"but it answered: .+",
    r"the body is not JSON: .+",
    r"stands in it twice",
    r"got no answer from \S+: .+",
    r"was refused with \d{3}: .+",
    r"it redirects to .+",
)
# The request and answer that an error of the client prints name every field there is, so they prove nothing.
_EXCHANGE = re.compile(r"^\s*(?:GET|POST|PUT|DELETE) http", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """The first failure of a run, as the plugin writes it down."""

    scenario: str
    when: str
    title: str
    place: str
    feature: str
    text: str

    @property
    def first_lines(self) -> str:
        """All that is said before how to run it again."""
        return self.text.partition(END)[0]

    @property
    def problem(self) -> str:
        """What is said after the failed step's line, without the messages themselves."""
        _, _, after = self.first_lines.partition("Failed at ")
        return _EXCHANGE.split(after.partition("\n")[2])[0].strip()


def _in_words(name: str) -> str:
    """A pattern for a name as it stands, or as people say it: `clientSecret` or "client secret"."""
    return r"\b" + re.sub(r"(?<=[a-z])(?=[A-Z])", " ?", re.escape(name))


def lacking(fault: Fault, failure: Failure) -> tuple[str, ...]:
    """What the first lines of the failure should say and do not."""
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
