"""The vcrpy layer: records, matches and serves interactions, and explains requests that do not match."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from threading import Lock, get_ident
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from vcr.cassette import Cassette as VcrCassette
from vcr.matchers import requests_match
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.cassettes.file import CassetteError, Interaction, RecordedRequest, RecordedResponse, message
from oneentry_scenarios.redaction.placeholders import PERSONAL
from oneentry_scenarios.redaction.redactor import Redactor

#: Headers whose value is compared. Others (the device's) are compared by presence only.
_COMPARED_HEADERS = frozenset({"x-app-token", "authorization", "content-type"})

_ABSENT = object()


class RecordingMismatch(AssertionError):
    """The suite sent a request that is not the next one in its cassette."""

    def __init__(self, description: str, cassette: str, record_command: str) -> None:
        self.description = description
        super().__init__(message("mismatch", description=description, cassette=cassette, record_command=record_command))


def comparable(request: RecordedRequest) -> dict[str, Any]:
    """Return the parts of a request that are compared; the values of a repeated query key are a list."""
    address = urlsplit(request.url)
    query = parse_qs(address.query, keep_blank_values=True)
    body = request.body
    return {
        "method": request.method,
        "path": address.path,
        "query": {name: values if len(values) > 1 else values[0] for name, values in query.items()},
        "headers": {name: text if name in _COMPARED_HEADERS else "sent" for name, text in request.headers.items()},
        # Text bodies get a key of their own, so that text never equals JSON.
        **({"body": body.structure if body.is_structure else {"text": body.text}} if body else {}),
    }


def same_request(sent: RecordedRequest, recorded: RecordedRequest) -> bool:
    """Return whether all compared parts are equal: `1`, `1.0` and `true` differ, the order of keys does not matter."""
    forms = (RecordedRequest.model_dump_json, lambda request: json.dumps(comparable(request), sort_keys=True))
    return any(form(sent) == form(recorded) for form in forms)  # the first is faster, and nearly always enough


def describe(sent: RecordedRequest, expected: RecordedRequest | None) -> str:
    """Describe how `sent` differs from `expected`, the next recorded request; `None`: all interactions were used."""
    if expected is None:
        return f"{sent.name} was sent after all recorded interactions were used."
    if expected.name != sent.name:
        return f"{sent.name} was sent, but {expected.name} was recorded next."
    differences = "\n".join(f"  - {line}" for line in _differences(comparable(expected), comparable(sent)))
    return f"{sent.name} differs from the recorded request:\n{differences}"


def _differences(recorded: Any, sent: Any, place: str = "") -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for key in {**recorded, **sent}:
            yield from _differences(recorded.get(key, _ABSENT), sent.get(key, _ABSENT), f"{place}.{key}".strip("."))
    elif isinstance(recorded, list) and isinstance(sent, list):
        for index, (before, now) in enumerate(zip_longest(recorded, sent, fillvalue=_ABSENT)):
            yield from _differences(before, now, f"{place}.{index}")
    elif recorded != sent or type(recorded) is not type(sent):
        alike = 0
        if isinstance(recorded, str) and isinstance(sent, str):  # show only the end of what both begin with
            pairs, shorter = enumerate(zip(recorded, sent, strict=False)), min(len(recorded), len(sent))
            alike = next((at for at, (one, other) in pairs if one != other), shorter) - 40
        yield f"{place}: recorded {_shown(recorded, alike)}, now {_shown(sent, alike)}"


def _shown(value: Any, alike: int) -> str:
    if value is _ABSENT or value is None:
        return "nothing" if value is _ABSENT else "null"
    shown = f"...{value[alike:]}" if alike > 0 else value
    return f"{shown!r:.200}"


#: Only httpx is used here; patching the others costs time for each cassette.
_OTHER_LIBRARIES = ("httplib", "requests", "boto3", "urllib3", "httplib2", "tornado", "aiohttp", "httpx2")


class RedactingCassette(VcrCassette):  # type: ignore[misc]  # vcrpy is untyped
    """vcrpy's cassette without files; only redacted data is compared or kept."""

    def __init__(self, *, redactor: Redactor, **options: Any) -> None:
        self.message_redactor = MessageRedactor(redactor)  #: Shared with the clients.
        super().__init__(persister=_NO_FILES, skip_patchers=_OTHER_LIBRARIES, **options)

    def redacted(self, request: VcrRequest) -> RecordedRequest:
        """Return the redacted request, safe to keep, show and compare."""
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        redacted = self.message_redactor.redact_request(request.method, request.uri, headers, request.body or b"")
        return RecordedRequest.model_validate(redacted)


class ReplayCassette(RedactingCassette):
    """Serves recorded interactions in order, and blocks all other requests."""

    def __init__(self, *, interactions: Sequence[Interaction], command: Callable[[], str], **options: Any) -> None:
        super().__init__(record_mode=RecordMode.NONE, match_on=[same_request], **options)
        self.data = [(each.request, each.response) for each in interactions]
        self.record_command = command
        self._thread, self._lock = get_ident(), Lock()

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Return the response to `request`, the next recorded one; raise RecordingMismatch if it is another.

        A client calls it as the function of its `httpx.MockTransport`. vcrpy patches httpx instead, for each scenario:
        that takes half as long as all the calls of the scenario.
        """
        redacted = self.message_redactor.redact_request(
            request.method, str(request.url), request.headers.multi_items(), request.content
        )
        with self._lock:
            recorded: RecordedResponse = self.play_response(RecordedRequest.of(redacted))
        reason = {"reason_phrase": recorded.reason.encode()} if recorded.reason else {}
        content = httpx.ByteStream(recorded.body.content() if recorded.body else b"")
        return httpx.Response(recorded.status, headers=recorded.headers, stream=content, extensions=reason)

    def unused(self) -> list[str]:
        """Return the requests of unused interactions."""
        return [self.data[index][0].name for index in self._unused()]

    def _unused(self) -> Iterator[int]:
        return (index for index in range(len(self.data)) if not self.play_counts[index])

    def _responses(self, request: RecordedRequest) -> Iterator[tuple[int, RecordedResponse]]:
        """Yield the responses to `request` with their indexes; raise RecordingMismatch if there are none."""
        # Threads simulate simultaneous users: their requests may come in any order.
        candidates = list(islice(self._unused(), 1 if get_ident() == self._thread else None))
        for index in candidates:
            if requests_match(request, self.data[index][0], self._match_on):
                yield index, self.data[index][1]
        description = describe(request, self.data[candidates[0]][0] if candidates else None)
        raise RecordingMismatch(description, self._path, self.record_command())


class RecordingCassette(RedactingCassette):
    """Lets httpx send requests to `project_url` only, and keeps each interaction."""

    def __init__(self, *, project_url: str, **options: Any) -> None:
        super().__init__(record_mode=RecordMode.ALL, before_record_response=self.redact_response, **options)
        self._base = project_url.rstrip("/").lower() + "/"

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Return false: nothing is replayed. Raise CassetteError for a request of this process to another address."""
        if not request.uri.lower().startswith(self._base):
            url = self.redacted(request).url
            raise CassetteError(message("outside", url=url))
        return False

    def redact_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Add the redacted response to vcrpy's `response`."""
        headers = [(name.lower(), value) for name, values in response["headers"].items() for value in values]
        status = response["status"]
        # vcrpy keeps the raw body; httpx decompresses it, so that redaction finds secrets in it.
        encoding = [header for header in headers if header[0] == "content-encoding" and header[1].isascii()]
        content = httpx.Response(200, headers=encoding, content=response["body"]["string"]).content
        # Personal data is redacted at the end only: the scenario may still type the same value.
        redacted = self.message_redactor.redact_response(status["code"], status["message"], headers, content, PERSONAL)
        return {**response, "redacted": redacted}

    def interactions(self) -> list[Interaction]:
        """Return the recorded interactions, redacted."""
        redact = self.message_redactor.redactor.json
        # Second pass over everything: a value may occur before redaction learns that it is secret.
        return [
            Interaction(
                request=RecordedRequest(**redact(self.redacted(request).model_dump(), shown=PERSONAL)),
                response=RecordedResponse(**redact(RecordedResponse.model_validate(response["redacted"]).model_dump())),
            )
            for request, response in self.data
        ]


#: Replaces vcrpy's persister, which writes non-atomically and even after a failure. The plugin writes cassettes.
_NO_FILES = SimpleNamespace(load_cassette=lambda *_, **__: ([], []), save_cassette=lambda *_, **__: None)
