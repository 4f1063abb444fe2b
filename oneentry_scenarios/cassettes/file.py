"""The cassette file: one recorded scenario as JSON, validated when read, written atomically; and its settings."""

import json
import os
import re
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from oneentry_scenarios.api.body import Body, without_duplicates
from oneentry_scenarios.api.exchange import Request
from oneentry_scenarios.problem import messages
from oneentry_scenarios.redaction.placeholders import Kind
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile

#: The version of the file format; other versions are rejected.
FORMAT = 1
#: Far above any recording. Larger files are not ours and are not read into memory.
LARGEST_FILE_BYTES = 20_000_000


message = messages(__file__)


class CassetteError(Exception):
    """A cassette is missing, damaged or not fully used; the message has the file and the command that fixes it."""


#: Request headers that httpx adds; they are not specific to the call.
_HEADERS_OF_HTTPX = frozenset({"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"})
#: Response headers to keep; all others (dates, lengths, cookies, proxy IDs) are volatile or secret.
_RESPONSE_HEADERS = frozenset({"content-type", "location", "retry-after", "www-authenticate"})
#: The subset of HTTP's characters for header values and reason phrases that cassettes need.
_Printable = Annotated[str, Field(pattern=r"^[\x20-\x7e]*$")]
_Headers = dict[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], _Printable]


def _headers(names: frozenset[str], *, kept: bool) -> BeforeValidator:
    """Return a validator that keeps or drops these headers of an HTTP message (tuples), not of a cassette (a dict)."""
    return BeforeValidator(
        lambda given: {name: text for name, text in given if (name in names) is kept} if type(given) is tuple else given
    )


def address(url: str) -> str:
    """Return `url`; raise ValueError if it is not an HTTP URL with a host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("should be an address with http:// or https:// and a host")
    return url


@dataclass(frozen=True)
class ProjectAndUsers:
    """The project and the test users of a scenario. Scenarios with two users require `other_user`."""

    __pydantic_config__ = ConfigDict(strict=False, extra="forbid")  # strict would accept only an instance

    project_url: Annotated[str, AfterValidator(address)]
    app_token: str = field(repr=False)
    user: str
    password: str = field(repr=False)
    other_user: str = ""
    other_password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host of the project's address, with its port if given."""
        return urlsplit(self.project_url).netloc

    def learn(self, redactor: Redactor, profile: Profile) -> None:
        """Register all secret and private values with `redactor`, in a fixed order, and the shop's own words."""
        words = dict.fromkeys(re.findall(r'"([^"]+)"', profile.model_dump_json()))
        fields = {profile.sign_in.password_field: Kind.PASSWORD, profile.orders.name_field: Kind.NAME}
        filled = profile.orders.fields.items()  # what Faker calls a phone number is one
        fields |= {marker: kind for marker, each in filled if (kind := redactor.kind_of_field(each.faker or ""))}
        redactor.learn_markers(words | fields)
        redactor.learn(self.host, Kind.HOST)
        if "xn--" in self.host:  # a server may also use the Unicode form of its name
            from httpx import URL

            labels = self.host.partition(":")[0].split(".")
            redactor.learn(".".join(URL(f"//{label}").host for label in labels), Kind.HOST)
        redactor.learn(self.app_token, Kind.APP_TOKEN)
        for user, password in ((self.user, self.password), (self.other_user, self.other_password)):
            redactor.learn(user, Kind.EMAIL if "@" in user else Kind.LOGIN)
            redactor.learn(password, Kind.PASSWORD)

    def redacted(self, redactor: Redactor) -> Self:
        """Return these settings with placeholders: cassettes keep them, and replay signs in with them."""
        placeholders = {name: redactor.placeholder_of(value) for name, value in asdict(self).items()}
        return type(self)(**placeholders | {"project_url": redactor.stored_text(self.project_url)})


class _Part(BaseModel):
    """Base class; `model_validate` also accepts an object with these attributes, for example a message."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True, from_attributes=True)


class RecordedRequest(_Part):
    """The parts of a request that identify the call, redacted."""

    method: Annotated[str, Field(pattern=r"^[A-Z]+$")]
    url: Annotated[str, AfterValidator(address)]
    headers: Annotated[_Headers, _headers(_HEADERS_OF_HTTPX, kept=False)]
    body: Body | None = None

    @classmethod
    def of(cls, request: Request) -> Self:
        """Return the parts of a redacted request, not validated: replay only compares them."""
        headers = {name: text for name, text in request.headers if name not in _HEADERS_OF_HTTPX}
        return cls.model_construct(method=request.method, url=request.url, headers=headers, body=request.body)

    @property
    def name(self) -> str:
        """The method and path."""
        return f"{self.method} {urlsplit(self.url).path}"


class RecordedResponse(_Part):
    """The parts of a response that do not change from run to run, redacted."""

    status: Annotated[int, Field(ge=100, le=599)]
    reason: _Printable
    headers: Annotated[_Headers, _headers(_RESPONSE_HEADERS, kept=True)]
    body: Body | None = None


class Interaction(_Part):
    """A request and its response."""

    request: RecordedRequest
    response: RecordedResponse


class RecordedScenario(_Part):
    """The scenario of a cassette; must match the scenario that opens the file."""

    feature: str
    rule: str | None
    name: str
    row: dict[str, str]


class Cassette(_Part):
    """One recorded scenario with its shop's profile, the `settings` for sign-in, and its generated `data`."""

    format: Literal[1] = 1
    recorded_from: Literal["mock server", "project"]
    scenario: RecordedScenario
    settings: ProjectAndUsers
    profile: Profile
    data: dict[str, str]
    #: Options of the recording run, for example `--era=2025`; the command to re-record repeats them.
    options: Annotated[list[str], Field(exclude_if=lambda options: not options)] = []
    interactions: list[Interaction]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a cassette; raise FileNotFoundError, or CassetteError with the reason why the file is invalid."""
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise CassetteError("it is not a regular file")
            if status.st_size > LARGEST_FILE_BYTES:
                raise CassetteError(f"it is larger than {LARGEST_FILE_BYTES // 1_000_000} MB")
            return cls.model_validate(_parsed(path.read_bytes()))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise CassetteError(f"it cannot be read: {error.strerror}") from None
        except ValidationError as error:
            raise CassetteError(problem_of(error)) from None

    @property
    def whose_responses(self) -> str:
        """The source of the responses, for people. Only a server on the same machine may be called over HTTP."""
        if self.recorded_from == "mock server":
            return "mock server, not OneEntry"
        on_this_machine = self.settings.project_url.startswith("http://")
        return "a local server, not OneEntry" if on_this_machine else "a project on OneEntry"

    def write(self, path: Path) -> None:
        """Write this cassette to `path` atomically: a reader finds the complete old or the complete new file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("w", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def problem_of(error: ValidationError) -> str:
    """Return the first problem of a cassette that failed validation, after its location."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"


def _parsed(content: bytes) -> Any:
    """Parse a cassette. Detect common damage first: pydantic's details of an arbitrary file do not help."""
    if not content.strip():
        raise CassetteError("it is empty")
    try:
        document = json.loads(content.decode(), object_pairs_hook=without_duplicates)
    except UnicodeDecodeError as error:
        raise CassetteError(f"it is not UTF-8 text: {error.reason} at byte {error.start}") from None
    except ValueError as error:
        raise CassetteError(f"it is not valid JSON (truncated?): {error}") from None
    except RecursionError:
        raise CassetteError("its JSON is nested too deeply") from None
    if not isinstance(document, dict) or "format" not in document:
        raise CassetteError('it is JSON, but not a cassette: it has no "format"')
    if repr(document["format"]) != repr(FORMAT):  # also `true` and 1.0
        raise CassetteError(f"its format is {document['format']!r:.40}, but this version of the suite reads {FORMAT}")
    return document
