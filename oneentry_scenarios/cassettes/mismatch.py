"""Explains a request that the cassette does not have: the nearest recorded one, and each difference in words."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from oneentry_scenarios.cassettes.file import RecordedRequest

_CREDENTIALS = ("x-app-token", "authorization")

_ABSENT = object()


class RecordingMismatch(AssertionError):
    """The suite now sends a request that its cassette does not have."""

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
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(address.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return {
        "method": request.method,
        "path": address.path,
        "query": {name: values if len(values) > 1 else values[0] for name, values in query.items()},
        **{name: request.headers.get(name) for name in _CREDENTIALS},
        **({"body": request.body.comparable()} if request.body else {}),
    }


def describe(sent: dict[str, Any], left: Sequence[dict[str, Any]], played: Sequence[dict[str, Any]]) -> str:
    """How what was sent differs from the nearest request that is `left`, or that it repeats one that was `played`."""
    name = name_of(sent)
    times = sum(1 for recorded in played if not any(_differences(recorded, sent)))
    if times:
        return f"{name} is sent more often than it was recorded ({times} times)."
    if not left:
        return f"{name} is sent, but the cassette's {len(played)} interactions are all played already."
    nearest = min(left, key=lambda recorded: _distance(sent, recorded))
    differences = "\n".join(f"  - {line}" for line in _differences(nearest, sent))
    instead = "" if name_of(nearest) == name else f" The nearest recorded request is {name_of(nearest)}."
    return f"{name} is not sent as it was recorded.{instead}\n{differences}"


def _distance(sent: dict[str, Any], recorded: dict[str, Any]) -> tuple[bool, bool, int]:
    return (
        sent["path"] != recorded["path"],
        sent["method"] != recorded["method"],
        sum(1 for _ in _differences(recorded, sent)),
    )


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


def name_of(request: dict[str, Any]) -> str:
    """Method and path."""
    return f"{request['method']} {request['path']}"
