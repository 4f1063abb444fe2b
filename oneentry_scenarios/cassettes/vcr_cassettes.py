"""vcrpy's part: it records, matches and serves every interaction; explains a request that was not recorded there."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from threading import get_ident
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from vcr.cassette import Cassette as VcrCassette
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.cassettes.file import CassetteError, Interaction, RecordedRequest, RecordedResponse, say
from oneentry_scenarios.redaction.placeholders import PERSONAL
from oneentry_scenarios.redaction.redactor import Redactor

#: Headers whose value is compared. Of all others (the device's) only that they are sent.
_COMPARED_HEADERS = frozenset({"x-app-token", "authorization", "content-type"})

_ABSENT = object()


class RecordingMismatch(AssertionError):
    """The suite now sends a request that its cassette does not have at this place."""

    def __init__(self, description: str, record_command: str) -> None:
        self.description = description
        super().__init__(say("mismatch", description=description, again=record_command))


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
    if sent.model_dump_json() == recorded.model_dump_json():  # nearly always, and sooner seen
        return True
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


#: Only httpx is used here; looking for the others costs time on each cassette.
_OTHER_LIBRARIES = ("httplib", "requests", "boto3", "urllib3", "httplib2", "tornado", "aiohttp", "httpx2")


class RedactingCassette(VcrCassette):  # type: ignore[misc]  # vcrpy is untyped
    """vcrpy's cassette without files, of which only what is redacted is compared or kept."""

    def __init__(self, *, redactor: Redactor, **options: Any) -> None:
        #: Clients use it, too.
        self.message_redactor = MessageRedactor(redactor)
        super().__init__(persister=_NO_FILES, skip_patchers=_OTHER_LIBRARIES, **options)

    def redacted(self, request: VcrRequest) -> RecordedRequest:
        """What of a request may be kept, shown and compared."""
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        redacted = self.message_redactor.redact_request(request.method, request.uri, headers, request.body or b"")
        return RecordedRequest.model_validate(redacted)


class ReplayCassette(RedactingCassette):
    """Serves recorded interactions to httpx, in their order, and lets nothing else through."""

    def __init__(self, *, interactions: Sequence[Interaction], command: Callable[[], str], **options: Any) -> None:
        super().__init__(record_mode=RecordMode.NONE, **options)
        self._left = list(interactions)
        self.record_command = command
        self._thread = get_ident()
        self._found: tuple[VcrRequest, Interaction] | None = None

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether `request` is the one that was recorded next; raises RecordingMismatch if not."""
        return bool(self._next(request))

    def play_response(self, request: VcrRequest) -> dict[str, Any]:
        """The response that was recorded next."""
        response = self._left.pop(self._left.index(self._next(request))).response
        return {
            "status": {"code": response.status, "message": response.reason},
            "headers": {name: [value] for name, value in response.headers.items()},
            "body": {"string": response.body.content() if response.body else b""},
        }

    def unplayed(self) -> list[str]:
        """The recorded requests that were not sent."""
        return [each.request.name for each in self._left]

    def _next(self, request: VcrRequest) -> Interaction:
        found = self._found
        if found is None or found[0] is not request:  # vcrpy asks twice
            found = self._found = request, self._search(request)
        return found[1]

    def _search(self, request: VcrRequest) -> Interaction:
        sent = self.redacted(request)
        # Threads are people who act at the same time: their calls come in any order.
        turns = self._left if get_ident() != self._thread else self._left[:1]
        for interaction in turns:
            if same_request(sent, interaction.request):
                return interaction
        raise RecordingMismatch(describe(sent, turns[0].request if turns else None), self.record_command())


class RecordingCassette(RedactingCassette):
    """Lets httpx through to the project at `project_url`, and only there, and remembers each interaction."""

    def __init__(self, *, project_url: str, **options: Any) -> None:
        super().__init__(record_mode=RecordMode.ALL, before_record_response=self.redact_response, **options)
        self._base = project_url.rstrip("/").lower() + "/"

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Nothing is replayed. vcrpy sees all calls of the process: raises CassetteError if this one goes elsewhere."""
        if not request.uri.lower().startswith(self._base):
            url = self.redacted(request).url
            raise CassetteError(f"the scenario also called {url}, which is not the project's address")
        return False

    def redact_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """The response, with what of it may be kept."""
        headers = [(name.lower(), value) for name, values in response["headers"].items() for value in values]
        status = response["status"]
        # vcrpy keeps what came over the wire; httpx decompresses it, so that secrets in it are found.
        encoding = [header for header in headers if header[0] == "content-encoding" and header[1].isascii()]
        content = httpx.Response(200, headers=encoding, content=response["body"]["string"]).content
        # What is personal shows only at the end: the scenario may yet type it.
        redacted = self.message_redactor.redact_response(status["code"], status["message"], headers, content, PERSONAL)
        return {**response, "redacted": redacted}

    def interactions(self) -> list[Interaction]:
        """What was recorded, redacted."""
        redact = self.message_redactor.redactor.json
        # Once more through everything: a value may have been met before it turned out to be secret.
        return [
            Interaction(
                request=RecordedRequest(**redact(self.redacted(request).model_dump(), shown=PERSONAL)),
                response=RecordedResponse(**redact(RecordedResponse.model_validate(response["redacted"]).model_dump())),
            )
            for request, response in self.data
        ]


#: Replaces vcrpy's persister, which also writes after a failure and not atomically. The plugin writes ours.
_NO_FILES = SimpleNamespace(load_cassette=lambda *_, **__: ([], []), save_cassette=lambda *_, **__: None)
#: What clients talk through in replay: vcrpy answers in its place, and there is no connection, no TLS behind.
NO_CONNECTION = httpx.MockTransport(lambda _: httpx.Response(501))
