"""The calls that check an environment: what each failure means to the person who set it."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import NO_MESSAGE, CallFailed, OneEntryError, Refused, Unreachable
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.models import ProviderOfSignIn
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.live.obstacles import VISITORS, obstacle
from oneentry_scenarios.live.project import signed_in
from oneentry_scenarios.live.settings import UNUSABLE, VARIABLES, Limits, SettingsError
from oneentry_scenarios.redaction.redactor import Redactor

_URL, _TOKEN = VARIABLES["project_url"], VARIABLES["app_token"]


class PreflightError(Exception):
    """The environment or the profile does not fit the project; says what to change, and where."""


class Stopped(PreflightError):
    """The project answers no call at all, so nothing else can be checked."""


@dataclass(frozen=True)
class Access:
    """A project with these settings. Each method raises PreflightError for what is set wrongly."""

    settings: Settings
    limits: Limits = field(default_factory=Limits)

    def client_config(self, message_redactor: MessageRedactor) -> ClientConfig:
        """How to call the project."""
        return ClientConfig(
            self.settings.project_url,
            self.settings.app_token,
            connect_timeout=self.limits.connect_timeout,
            read_timeout=self.limits.read_timeout,
            # Not to one's own machine: without encryption, the proxy would read the app token and the passwords.
            uses_proxy_variables=self.settings.project_url.startswith("https://"),
            message_redactor=message_redactor,
        )

    def check(self) -> None:
        """Raises SettingsError if no client can be made with what is set."""
        try:
            OneEntry(self.client_config(MessageRedactor(Redactor()))).close()
        except tuple(UNUSABLE) as error:
            raise SettingsError(next(text for kind, text in UNUSABLE.items() if isinstance(error, kind))) from None

    def providers(self, client: OneEntry, language: str) -> tuple[ProviderOfSignIn, ...]:
        """The first call: is the address OneEntry's, and does it take the app token and the language?"""
        host = self.settings.host
        try:
            return client.auth_provider.get_auth_providers()
        except Unreachable as failure:
            said = failure.args[0].partition("\n")[0]
            problem = f"{_URL}: {said}\nIs it your project's address, and is the network up?"
        except Refused as refusal:
            said = f"{refusal.status} {refusal.reason}"
            if refusal.status in (401, 403) and not re.search(f"{NO_MESSAGE}|(?i:permission)", refusal.reason):
                problem = (
                    f"{_TOKEN}: {host} does not accept it ({said}). Copy the app token of this very project from its "
                    f"admin panel: is it another project's, or did it change places with {VARIABLES['password']}?"
                )
            elif "langCode" in refusal.reason:
                problem = f'Profile: language = "{language}" is no language to the project: {said}'
            else:
                self.stop_at_obstacle(refusal, VISITORS)
                problem = f"{_URL}: {host} answers, but not as OneEntry does: {said}"
        except CallFailed as failure:
            problem = f"{_URL}: {host} answers, but not as OneEntry does: {in_one_line(failure)}"
        raise Stopped(problem)

    @contextmanager
    def signed_in(self, client: OneEntry, provider: str, markers: Sequence[str], which: str = "") -> Iterator[None]:
        """Sign in as the settings' user, or as the `other_` one, and out again."""
        names = f"{which}user", f"{which}password"
        fields = [(marker, getattr(self.settings, name)) for marker, name in zip(markers, names, strict=True)]
        with ExitStack() as stack:
            try:
                stack.enter_context(signed_in(client, provider, fields))
            except Refused as refusal:
                self.stop_at_obstacle(refusal, VISITORS)
                who, password = (VARIABLES[name] for name in names)
                raise PreflightError(self._why_not(refusal, who, password, provider, markers)) from None
            except OneEntryError as failure:
                raise PreflightError(f"Signing in as {VARIABLES[names[0]]}: {in_one_line(failure)}") from None
            yield

    def _why_not(self, refusal: Refused, user: str, password: str, provider: str, markers: Sequence[str]) -> str:
        said = f"{refusal.status} {refusal.reason}"
        if refusal.reason == NO_MESSAGE or refusal.reason.startswith("Cannot "):  # not the words of a sign-in
            host = self.settings.host
            return f"Signing in as {user}: {host} answers, but not as OneEntry does ({said}). Is {_URL} right?"
        if "activat" in refusal.reason.lower():
            return f"{user}: this user is not activated ({said}). Activate it in the admin panel, under Users"
        if "missed" in refusal.reason:
            return (
                f'Profile: [sign_in] user_field = "{markers[0]}" and password_field = "{markers[1]}": '
                f"the sign-in form has no such markers ({said}). Copy both from the form in the admin panel"
            )
        return (
            f"{user} and {password}: the project does not let this user in ({said}). Check both; the user must be "
            f"registered with the auth provider {provider!r}"
        )

    def stop_at_obstacle(self, refusal: Refused, who: str) -> None:
        """Name what stopped this call, if that has nothing to do with what it asked."""
        if problem := obstacle(refusal, self.settings.host, self.limits, who):
            raise (PreflightError if refusal.status == 403 else Stopped)(problem) from None

    def read(self, call: Callable[[], Any], what: str) -> Any:
        """Make a call that reads `what`."""
        try:
            return call()
        except OneEntryError as failure:
            if isinstance(failure, Refused):
                self.stop_at_obstacle(failure, VARIABLES["user"])
            raise PreflightError(f"The preflight could not read {what}: {in_one_line(failure)}") from None


def in_one_line(failure: OneEntryError) -> str:
    """What a failed call says, as one line."""
    return " ".join(str(failure.args[0]).split())
