"""Explains a request that was not recorded at this place: what was, and each difference in words."""

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qs, urlsplit

from oneentry_scenarios.cassettes.file import RecordedRequest

#: Headers whose value is compared. Of all others (the device's) only that they are sent.
_COMPARED_HEADERS = frozenset({"x-app-token", "authorization", "content-type"})

_ABSENT = object()


class RecordingMismatch(AssertionError):
    """The suite now sends a request that its cassette does not have at this place."""

    def __init__(self, description: str, record_command: str) -> None:
        self.description = description
        super().__init__(
            f"{description}\n"
            "Either the change is meant: then record the scenario again with\n"
            f"    {record_command}\n"
            "or it is an accident: then mend the step or the client, and leave the cassette as it is."
        )


def comparable(request: RecordedRequest) -> dict[str, Any]:
    """What of a request is compared: the values of a query key as a list where the key is repeated."""
    address = urlsplit(request.url)
    query = parse_qs(address.query, keep_blank_values=True)
    body = request.body
    return {
        "method": request.method,
        "path": address.path,
        "query": {name: values if len(values) > 1 else values[0] for name, values in query.items()},
        "headers": {name: text if name in _COMPARED_HEADERS else "sent" for name, text in request.headers.items()},
        # What is no JSON under its kind, so that text never equals JSON.
        **({"body": body.structure if body.is_structure else {"text": body.text}} if body else {}),
    }


def same_request(sent: RecordedRequest, recorded: RecordedRequest) -> bool:
    """Whether all agrees that is compared: `1`, `1.0` and `true` differ, the order of keys does not matter."""
    one, other = (json.dumps(comparable(request), sort_keys=True) for request in (sent, recorded))
    return one == other


def describe(sent: RecordedRequest, expected: RecordedRequest | None) -> str:
    """How what was sent differs from what was recorded at this place; `None`: everything was played already."""
    if expected is None:
        return f"{sent.name} is sent, but all recorded calls have been made already."
    if expected.name != sent.name:
        return f"{sent.name} is sent where {expected.name} was recorded."
    differences = "\n".join(f"  - {line}" for line in _differences(comparable(expected), comparable(sent)))
    return f"{sent.name} is not sent as it was recorded.\n{differences}"


def _differences(recorded: Any, sent: Any, place: str = "") -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for key in {**recorded, **sent}:
            yield from _differences(recorded.get(key, _ABSENT), sent.get(key, _ABSENT), f"{place}.{key}".strip("."))
    elif isinstance(recorded, list) and isinstance(sent, list):
        for index, (before, now) in enumerate(zip_longest(recorded, sent, fillvalue=_ABSENT)):
            yield from _differences(before, now, f"{place}.{index}")
    elif recorded != sent or type(recorded) is not type(sent):
        yield f"{place}: recorded {_shown(recorded)}, now {_shown(sent)}"


def _shown(value: Any) -> str:
    return "nothing" if value is _ABSENT or value is None else f"{value!r:.200}"
