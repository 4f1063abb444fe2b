"""Compares the API's current responses with a cassette, call by call."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import urlsplit

from oneentry_scenarios.cassettes.file import Cassette, Interaction
from oneentry_scenarios.drift.response_diff import Comparison, Diff, Impact, Side, content_of
from oneentry_scenarios.mock_server.evidence import operation_of, outcome_of, row_for

#: Calls that a scenario makes only if a long list hides a record: a missing counterpart is no finding.
_ASKED_FOR_ONE_BY_ONE = ("orders.get_order_by_marker_and_id", "payments.get_session_by_id")


class Finding(NamedTuple):
    """One difference, redacted, at a place such as `response.body.totalSum`, in the scenario's call 1, 2, ...

    `was` and `now` are values, or types if these differ; `evidence` is the row of the mock server's evidence table.
    """

    call: int
    operation: str
    where: str
    what: Diff
    was: str
    now: str
    impact: Impact
    evidence: str


def compare(before: Cassette, now: Cassette, *, has_passed: bool) -> Iterator[Finding]:
    """Yield the differences; for a failed scenario, calls that it did not reach are no findings."""
    sides = Side(before), Side(now)
    for number, (old, new) in enumerate(_aligned(before.interactions, now.interactions), start=1):
        operation = next(_operation_of(each) for each in (new, old) if each)
        comparison = Comparison(*sides, operation.partition(".")[0], is_same_shop=before.profile == now.profile)
        if old is not None and new is not None:
            for side, interaction in zip(sides, (old, new), strict=True):
                side.remember_request(number, interaction)
            comparison.compare_responses(old.response, new.response)
        elif operation in _ASKED_FOR_ONE_BY_ONE:
            continue
        elif new is not None:
            comparison.add(Diff.UNKNOWN_CALL, "request", "", new.request.name)
        elif has_passed and old is not None:
            comparison.add(Diff.MISSING_CALL, "request", old.request.name, "")
        outcome = outcome_of(old.response.status, content_of(old.response.body)) if old else "answered"
        for (where, what), shown in comparison.differences.items():
            row = row_for((operation, outcome), where)
            evidence = " | ".join(row) if row and before.recorded_from == "mock server" else ""
            yield Finding(number, operation, where, what, *shown, what.impact, evidence)


def _aligned(
    before: Sequence[Interaction], now: Sequence[Interaction]
) -> Iterator[tuple[Interaction | None, Interaction | None]]:
    """Yield each new call with its recorded counterpart, then the recorded calls without a new one."""
    keys, keys_now = [_operation_of(each) for each in before], [_operation_of(each) for each in now]
    partner: dict[int, int] = {}
    for first, first_now, length in SequenceMatcher(None, keys, keys_now, autojunk=False).get_matching_blocks():
        partner |= {first_now + offset: first + offset for offset in range(length)}
    left = [index for index in range(len(before)) if index not in partner.values()]
    for index, key in enumerate(keys_now):
        if index not in partner and (same := next((each for each in left if keys[each] == key), None)) is not None:
            partner[index] = same
            left.remove(same)
        elif index not in partner and key in keys and _is_page(now[index]):
            # A longer history has more pages; each is compared with the recorded page, none is a finding itself.
            partner[index] = max(each for each, known in enumerate(keys) if known == key)
    for index, interaction in enumerate(now):
        yield before[partner[index]] if index in partner else None, interaction
    yield from ((before[index], None) for index in left if not (_is_page(before[index]) and keys[index] in keys_now))


def _operation_of(interaction: Interaction) -> str:
    return operation_of(interaction.request.method, interaction.request.url)


def _is_page(interaction: Interaction) -> bool:
    return interaction.request.method == "GET" and "offset=" in urlsplit(interaction.request.url).query
