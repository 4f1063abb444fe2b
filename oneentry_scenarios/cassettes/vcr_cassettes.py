"""vcrpy's part: it records, loads, matches and serves every interaction of a scenario's cassette."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import httpx
from vcr.cassette import Cassette as VcrCassette
from vcr.record_mode import RecordMode
from vcr.request import Request as VcrRequest

from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.cassettes.file import CassetteError, Interaction, RecordedRequest, RecordedResponse
from oneentry_scenarios.cassettes.mismatch import RecordingMismatch, comparable, describe, name_of
from oneentry_scenarios.redaction.redactor import Redactor

#: Only httpx is used here; looking for the others costs time on each cassette.
_OTHER_LIBRARIES = ("httplib", "requests", "boto3", "urllib3", "httplib2", "tornado", "aiohttp", "httpx2")


class MatchableRequest(VcrRequest):  # type: ignore[misc]  # vcrpy is untyped
    """vcrpy's request, and what of it may be kept, shown and compared."""

    def __init__(self, sent: VcrRequest, redacted: RecordedRequest) -> None:
        super().__init__(sent.method, sent.uri, sent.body, sent.headers)
        self.redacted = redacted

    @cached_property
    def match_key(self) -> str:
        """What is compared, as text in which `1`, `1.0` and `true` differ and the order of keys does not matter."""
        return json.dumps(comparable(self.redacted), sort_keys=True)


def same_request(sent: MatchableRequest, recorded: MatchableRequest) -> bool:
    """Method, path, query, JSON body and credentials agree. Host and port differ between a project and its replay."""
    return sent.match_key == recorded.match_key


class RedactingCassette(VcrCassette):  # type: ignore[misc]
    """vcrpy's cassette without files, and with each request redacted before it is matched or kept."""

    def __init__(self, *, redactor: Redactor, interactions: Sequence[Interaction] = (), **options: Any) -> None:
        #: Clients use it, too.
        self.message_redactor = MessageRedactor(redactor)
        super().__init__(
            persister=_InMemory(interactions),
            match_on=(same_request,),
            skip_patchers=_OTHER_LIBRARIES,
            before_record_request=self.with_redacted,
            **options,
        )

    def with_redacted(self, request: VcrRequest) -> MatchableRequest:
        """The request with its redacted form. vcrpy asks several times for each."""
        if isinstance(request, MatchableRequest):
            return request
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        redacted = self.message_redactor.redact_request(request.method, request.uri, headers, request.body or b"")
        return MatchableRequest(request, RecordedRequest.of(redacted))


class ReplayCassette(RedactingCassette):
    """Serves recorded interactions to httpx and lets nothing else through."""

    def __init__(self, *, record_command: str, **options: Any) -> None:
        super().__init__(record_mode=RecordMode.NONE, **options)
        self._record_command = record_command

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Whether a recorded response to `request` is left; raises RecordingMismatch if none is."""
        redacted = self.with_redacted(request)
        if not super().can_play_response_for(redacted):
            left, played = self._recorded(played=False), self._recorded(played=True)
            raise RecordingMismatch(describe(comparable(redacted.redacted), left, played), self._record_command)
        return True

    def unplayed(self) -> list[str]:
        """The recorded requests that were not sent."""
        return [name_of(request) for request in self._recorded(played=False)]

    def _recorded(self, *, played: bool) -> list[dict[str, Any]]:
        requests = [request for index, request in enumerate(self.requests) if bool(self.play_counts[index]) is played]
        return [comparable(request.redacted) for request in requests]


class RecordingCassette(RedactingCassette):
    """Lets httpx through to the project at `project_url`, and only there, and remembers each interaction."""

    def __init__(self, *, project_url: str, **options: Any) -> None:
        super().__init__(record_mode=RecordMode.ALL, before_record_response=self.redact_response, **options)
        self._base = project_url.rstrip("/") + "/"

    def can_play_response_for(self, request: VcrRequest) -> bool:
        """Nothing is replayed. vcrpy sees all calls of the process: raises CassetteError if this one goes elsewhere."""
        if not request.uri.startswith(self._base):
            url = self.with_redacted(request).redacted.url
            raise CassetteError(f"the scenario also called {url}, which is not the project's address")
        return False

    def redact_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """The response, with what of it may be kept."""
        headers = [(name.lower(), value) for name, values in response["headers"].items() for value in values]
        status = response["status"]
        # vcrpy keeps what came over the wire; httpx decompresses it, so that secrets in it are found.
        content = httpx.Response(200, headers=headers, content=response["body"]["string"]).content
        redacted = self.message_redactor.redact_response(status["code"], status["message"], headers, content)
        return {**response, "redacted": redacted}

    def interactions(self) -> list[Interaction]:
        """What was recorded, redacted."""
        recorded = [
            Interaction(request=request.redacted, response=RecordedResponse.of(response["redacted"])).model_dump()
            for request, response in self.data
        ]
        # Once more through everything: a value may have been met before it turned out to be secret.
        return [Interaction.model_validate(each) for each in self.message_redactor.redactor.json(recorded)]


class _InMemory:
    """Replaces vcrpy's persister, which also writes after a failure and not atomically. `Target.finish` writes ours."""

    def __init__(self, interactions: Sequence[Interaction]) -> None:
        self._interactions = interactions

    def load_cassette(self, _path: str, **_: object) -> tuple[list[VcrRequest], list[dict[str, Any]]]:
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


def _to_vcr(recorded: RecordedRequest) -> MatchableRequest:
    body = recorded.body.content() if recorded.body else b""
    return MatchableRequest(VcrRequest(recorded.method, recorded.url, body, recorded.headers), recorded)


def guard_transport() -> httpx.BaseTransport:
    """What a client talks through in replay: vcrpy answers in its place, and there is no connection, no TLS behind."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"vcrpy has let {request.method} {request.url.path} through")

    return httpx.MockTransport(answer)
