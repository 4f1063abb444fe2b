"""What vcrpy does for us: it records, loads, matches and serves every interaction of a scenario's cassette."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from vcr.cassette import Cassette as VcrCassette
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from oneentry_scenarios.cassettes.file import Body, CassetteError, Interaction, RecordedRequest, RecordedResponse
from oneentry_scenarios.cassettes.mismatch import RecordingMismatch, describe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from oneentry_scenarios.redaction.redactor import Redactor

#: Only httpx is used here; looking for the others costs time on each cassette.
_OTHER_LIBRARIES = ("httplib", "requests", "boto3", "urllib3", "httplib2", "tornado", "aiohttp", "httpx2")
#: Request headers that httpx adds and that say nothing about the call.
_HEADERS_OF_HTTPX = frozenset({"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"})
#: Response headers worth keeping; all others (dates, lengths, cookies, ids of proxies) are volatile or secret.
_RESPONSE_HEADERS = frozenset({"content-type", "location", "retry-after", "www-authenticate"})
_CREDENTIALS = ("x-app-token", "authorization")


class Playback(VcrCassette):  # type: ignore[misc]  # vcrpy is untyped
    """vcrpy's cassette, which explains a mismatch in our words and never writes a file by itself."""

    def __init__(self, *, redactor: Redactor, record_command: str, **options: Any) -> None:
        super().__init__(**options)
        self.redactor = redactor
        self.record_command = record_command

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether a recorded answer to `request` is left.

        Raises:
            RecordingMismatch: none is left, and this is replay.
        """
        request.redactor = self.redactor
        playable = bool(super().can_play_response_for(request))
        if not playable and self.write_protected:
            left = [_comparable(recorded) for recorded in self._recorded(played=False)]
            played = [_comparable(recorded) for recorded in self._recorded(played=True)]
            raise RecordingMismatch(describe(_comparable(request), left, played), self.record_command)
        return playable

    def unplayed(self) -> list[str]:
        """The recorded requests that nobody made."""
        return [f"{request.method} {request.path}" for request in self._recorded(played=False)]

    def _recorded(self, *, played: bool) -> list[VcrRequest]:
        return [request for index, (request, _) in enumerate(self.data) if bool(self.play_counts[index]) is played]


class _InMemory:
    """In place of vcrpy's files: hands over interactions that were read already, and saves nothing.

    vcrpy saves when its context ends, also after a failure and not atomically; the plugin writes the file itself when
    the scenario has passed.
    """

    def __init__(self, interactions: Sequence[Interaction]) -> None:
        self._interactions = interactions

    def load_cassette(self, _path: str, **_: object) -> tuple[list[VcrRequest], list[dict[str, Any]]]:
        if not self._interactions:
            raise CassetteNotFoundError
        return [_to_vcr(each.request) for each in self._interactions], [
            {
                "status": {"code": each.response.status, "message": each.response.reason},
                "headers": {name: [value] for name, value in each.response.headers.items()},
                "body": {"string": each.response.body.content() if each.response.body else b""},
            }
            for each in self._interactions
        ]

    @staticmethod
    def save_cassette(_path: str, _cassette: object, **_: object) -> None:
        """Nothing is saved here."""


def replaying(
    path: str, interactions: Sequence[Interaction], redactor: Redactor, record_command: str
) -> AbstractContextManager[Playback]:
    """Serve `interactions` to httpx and let nothing else through."""
    return _use(path, RecordMode.NONE, interactions, redactor, record_command)


def nothing_behind() -> httpx.BaseTransport:
    """What a client talks through in replay: vcrpy answers in its place, and there is no connection, no TLS behind."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"vcrpy has let {request.method} {request.url.path} through")

    return httpx.MockTransport(answer)


def recording(path: str, redactor: Redactor, record_command: str) -> AbstractContextManager[Playback]:
    """Let httpx through to the API and remember each interaction; read them with `interactions_of`."""
    return _use(path, RecordMode.ALL, (), redactor, record_command)


def interactions_of(playback: Playback, project_url: str, redactor: Redactor) -> list[Interaction]:
    """What was recorded, redacted: headers, addresses and both bodies.

    Raises:
        CassetteError: a call went elsewhere. vcrpy hears all calls of the process, and another server's answers do not
            belong into a cassette.
    """
    for request, _ in playback.data:
        if not request.uri.startswith(project_url.rstrip("/") + "/"):
            raise CassetteError(f"the scenario also called {request.uri}, which is not the project's address")
    return [
        Interaction(request=_redacted_request(request, redactor), response=_redacted_response(response, redactor))
        for request, response in playback.data
    ]


def _use(
    path: str, mode: RecordMode, interactions: Sequence[Interaction], redactor: Redactor, record_command: str
) -> AbstractContextManager[Playback]:
    context: AbstractContextManager[Playback] = Playback.use(
        path=path,
        persister=_InMemory(interactions),
        record_mode=mode,
        match_on=(same_request,),
        skip_patchers=_OTHER_LIBRARIES,
        redactor=redactor,
        record_command=record_command,
    )
    return context


def same_request(sent: VcrRequest, recorded: VcrRequest) -> bool:
    """Method, path, query, JSON body and credentials agree. Host and port differ between a project and its replay."""
    return _fingerprint(sent) == _fingerprint(recorded)


def _fingerprint(request: VcrRequest) -> str:
    """What is compared, as text in which `1`, `1.0` and `true` differ and the order of keys does not matter.

    Made once a request: vcrpy compares each pair several times.
    """
    if not hasattr(request, "fingerprint"):
        request.fingerprint = json.dumps(_comparable(request), sort_keys=True)
    fingerprint: str = request.fingerprint
    return fingerprint


def _comparable(request: VcrRequest) -> dict[str, Any]:
    """What of a request is compared, redacted."""
    if not hasattr(request, "recorded"):
        request.recorded = _redacted_request(request, request.redactor)
    recorded: RecordedRequest = request.recorded
    address = urlsplit(recorded.url)
    return {
        "method": recorded.method,
        "path": address.path,
        "query": dict(sorted(parse_qsl(address.query, keep_blank_values=True))),
        **{name: recorded.headers.get(name) for name in _CREDENTIALS},
        **({"body": recorded.body.comparable()} if recorded.body else {}),
    }


def _to_vcr(recorded: RecordedRequest) -> VcrRequest:
    request = VcrRequest(
        recorded.method, recorded.url, recorded.body.content() if recorded.body else b"", recorded.headers
    )
    request.recorded = recorded
    return request


def _redacted_request(request: VcrRequest, redactor: Redactor) -> RecordedRequest:
    # Address, headers, body: the order in which the client's own exchanges learn, so that numbers agree.
    url = redactor.url(request.uri)
    headers = redactor.headers(sorted((name.lower(), value) for name, value in request.headers.items()))
    return RecordedRequest(
        method=request.method,
        url=url,
        headers={name: value for name, value in headers if name not in _HEADERS_OF_HTTPX},
        body=_redacted_body(request.body or b"", redactor),
    )


def _redacted_response(response: dict[str, Any], redactor: Redactor) -> RecordedResponse:
    sent = [(name.lower(), value) for name, values in sorted(response["headers"].items()) for value in values]
    headers = redactor.headers(sent)
    # vcrpy keeps what came over the wire; httpx unpacks it, so that secrets in it are found.
    unpacked = httpx.Response(200, headers=sent, content=response["body"]["string"]).content
    return RecordedResponse(
        status=response["status"]["code"],
        reason=response["status"]["message"],
        headers={name: value for name, value in headers if name in _RESPONSE_HEADERS},
        body=_redacted_body(unpacked, redactor),
    )


def _redacted_body(content: bytes, redactor: Redactor) -> Body | None:
    body = Body.of(content)
    if body is None or body.base64 is not None:
        return body
    if body.text is not None:
        return Body(text=redactor.text(body.text))
    return Body(json=redactor.json(body.structure))
