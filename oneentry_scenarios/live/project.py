"""Access to the project of a live run, what can be read there, and what refused calls mean."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

import httpx

from oneentry_scenarios.api import models
from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused, Unreachable
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.api.forms import AskedField
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.live.settings import LIMITS, VARIABLES, Limits, message, oneentry_variables, settings_from
from oneentry_scenarios.problem import Problem, read_toml
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile

#: Creates a client on a new device, with the texts of a language: `connect_in("en_US")`.
ConnectIn: TypeAlias = Callable[[str], OneEntry]
_RULES = read_toml(__file__, "refusals.toml")["rules"]
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")


class RateLimited(OneEntryError):
    """The project returned 429 before, so the run sends no more requests. This request was not sent."""


@dataclass(frozen=True)
class Access:
    """A project, its limits and the file of its profile, if any; raises Problem if no client can be created."""

    settings: ProjectAndUsers
    limits: Limits = field(default_factory=Limits)
    profile_file: Path | None = None

    def __post_init__(self) -> None:
        """Create a client once. Its errors are not shown: they may contain a proxy address with a password."""
        try:
            self.connector(Redactor())(Profile().language).close()
        except ImportError:
            raise Problem(message("proxy-is-socks")) from None
        except OSError:
            raise Problem(message("certificates")) from None
        except (ValueError, httpx.InvalidURL):
            raise Problem(message("proxy-address")) from None

    @classmethod
    def from_environment(cls, root: Path, *, may_order: bool = True) -> Self:
        """Return the project in the environment or in `root`/.env; raises Problem like `settings_from`."""
        variables = oneentry_variables(root)
        file = variables.get("ONEENTRY_PROFILE")
        settings = settings_from(variables, may_order=may_order)
        return cls(settings, Limits.from_environment(variables), root / file if file else None)

    def connector(self, redactor: Redactor, **options: Any) -> ConnectIn:
        """Return the function that creates clients; `options` replace fields of ClientConfig."""
        return partial(OneEntry, replace(self.client_config(MessageRedactor(redactor)), **options))

    def client_config(self, message_redactor: MessageRedactor) -> ClientConfig:
        """Return the client configuration for the project."""
        return ClientConfig(
            self.settings.project_url,
            self.settings.app_token,
            connect_timeout=self.limits.connect_timeout,
            read_timeout=self.limits.read_timeout,
            # No proxy for http: without encryption, it could read the app token and the passwords.
            uses_proxy_variables=self.settings.project_url.startswith("https://"),
            message_redactor=message_redactor,
        )

    def slower_setting(self) -> str:
        """Return the setting that prevents 429."""
        return f"{LIMITS['requests_per_second']}={self.limits.requests_per_second / 2 or 2:g}"

    def explained(self, refusal: Refused, call: str, **facts: str) -> tuple[str, bool]:
        """Return what a refusal means for the user who set the environment, and whether it also stops all other calls.

        `refusals.toml` has the messages and the values of `call`; `facts` fill them in. No rule matches: no message.
        """
        request = refusal.exchange.request
        refused = {"call": call, "status": str(refusal.status), "reason": refusal.message}
        facts |= {
            "made": f"{request.method} {urlsplit(request.url).path}",
            "said": f"{refusal.status} {refusal.message}",
            "host": self.settings.host,
            "slower": self.slower_setting(),
        }
        for rule in _RULES:
            if all(re.search(rule.get(key, ""), value) for key, value in refused.items()):
                return rule["text"].format(**facts), "stops" in rule
        return "", False


class _Stopped(Exception):
    """No call to the project can succeed, so reading stops."""


@dataclass
class Project:
    """What was read from a project.

    reasons_unread: why a part could not be read, by its table in the profile, "first call" or "other_sign_in".
    languages_instead: the project's languages, if it lacks the wanted one.
    storages_instead: the project's storages, if it lacks the wanted one or none is wanted.
    previews: product ID -> its price; `None` if there is no such product, missing if its price could not be read.
    """

    access: Access
    connect_in: ConnectIn
    reasons_unread: dict[str, str] = field(default_factory=dict)
    languages_instead: Sequence[str] = ()
    providers: Sequence[models.AuthProviderInfo] | None = None
    provider: models.AuthProviderInfo | None = None
    sign_in_form: Sequence[AskedField] = ()
    storages_instead: Sequence[models.OrderStorage] | None = None
    storage: models.OrderStorage | None = None
    order_form: Sequence[AskedField] = ()
    accounts: Sequence[models.PaymentAccount] | None = None
    statuses: Sequence[models.OrderStatus] = ()
    previews: dict[int, models.OrderPreview | None] = field(default_factory=dict)

    @property
    def usable_providers(self) -> list[models.AuthProviderInfo]:
        """The providers that a customer can sign in with."""
        return [each for each in self.providers or () if each.is_active and each.form_identifier]

    @property
    def usable_storages(self) -> list[models.OrderStorage]:
        """Those of `storages_instead` that have a form, which orders need."""
        return [each for each in self.storages_instead or () if each.identifier and each.form_identifier]

    @property
    def linked_accounts(self) -> set[str]:
        """Identifiers of the payment accounts that the storage offers."""
        return {each.identifier for each in self.storage.payment_account_identifiers} if self.storage else set()

    def sign_in_markers(self) -> tuple[str | None, str | None]:
        """Return the markers of the form's fields for user and password."""
        login = next((each.marker for each in self.sign_in_form if each.is_login), None)
        return login, next((each.marker for each in self.sign_in_form if each.is_password), None)

    def read(self, wanted: Profile | None, product_ids: Iterable[int]) -> Self:
        """Read what `wanted` names; where the project lacks it, or without `wanted`, read the first available."""
        language = (wanted or Profile()).language
        with suppress(_Stopped):
            self._read_as_visitor(language)
            usable = self.usable_providers
            named = (each for each in usable if wanted and each.identifier == wanted.sign_in.provider)
            self.provider = next(named, usable[0] if usable else None)
            if self.provider is None:
                return self
            language = self.languages_instead[0] if self.languages_instead else language
            with self.connect_in(language) as client, ExitStack() as stack:
                self.sign_in_form = _fields_of(client, self.provider.form_identifier)
                markers = self._markers(wanted)
                self._sign_in(stack, client, markers)
                if wanted is None or "sign_in" not in self.reasons_unread:
                    self._read_as_customer(client, wanted)
                    self._read_products(client, product_ids)
            if wanted and self.access.settings.other_user:
                with self.connect_in(language) as client, ExitStack() as stack:
                    self._sign_in(stack, client, markers, "other_")
        return self

    def _read_as_visitor(self, language: str) -> None:
        """Make the first call, which checks the address, the app token and the language."""
        odd = f"{VARIABLES['project_url']}: {self.access.settings.host} responds, but does not look like OneEntry"
        with self._reading("first call", odd, "first", language=language), self.connect_in(language) as client:
            self.providers = client.auth_provider.get_auth_providers()
        # `Transport` strips the languages of `localizeInfos`, unless the project lacks the client's language.
        infos = [(each.model_extra or {}).get("localizeInfos") for each in self.providers or ()]
        names = {name for info in infos if isinstance(info, dict) for name in info}
        self.languages_instead = sorted(filter(_LANGUAGE.fullmatch, names))

    def _markers(self, wanted: Profile | None) -> tuple[str, str]:
        """Return the markers to sign in with: the wanted ones, or the form's where it lacks them; empty if unknown."""
        wanted_markers = (wanted.sign_in.user_field, wanted.sign_in.password_field) if wanted else ("", "")
        in_form = {each.marker for each in self.sign_in_form}
        pairs = zip(wanted_markers, self.sign_in_markers(), strict=True)
        user, password = (mine if mine in in_form else theirs or mine for mine, theirs in pairs)
        return user, password

    def _sign_in(self, stack: ExitStack, client: OneEntry, markers: tuple[str, str], which: str = "") -> None:
        """Sign in as the first test user, or as the second (`other_`), until `stack` is closed."""
        if self.provider is None or not all(markers):
            return
        names = f"{which}user", f"{which}password"
        provider, user, password = self.provider.identifier, *(VARIABLES[name] for name in names)
        fields = [(marker, getattr(self.access.settings, name)) for marker, name in zip(markers, names, strict=True)]
        facts = {"user": user, "password": password, "user_field": markers[0], "password_field": markers[1]}
        with self._reading(f"{which}sign_in", f"Signing in as {user}", "sign-in", provider=provider, **facts):
            stack.enter_context(signed_in(client, provider, fields))

    def _read_as_customer(self, client: OneEntry, wanted: Profile | None) -> None:
        if wanted:
            with self._reading("orders", f'Profile: [orders] storage = "{wanted.orders.storage}"'):
                try:
                    self.storage = client.orders.get_orders_storage_by_marker(wanted.orders.storage)
                except Refused as refusal:
                    if refusal.status != 404:
                        raise
            if "orders" in self.reasons_unread:
                return
        if self.storage is None:
            with self._reading("orders", "Could not read the list of order storages"):
                self.storages_instead = client.orders.get_all_orders_storage()
            self.storage = next(iter(self.usable_storages), None)
        with self._reading("accounts", "Could not read the payment accounts"):
            self.accounts = client.payments.get_accounts()
        if self.storage is not None:
            self.order_form = _fields_of(client, self.storage.form_identifier)
            if wanted is None:
                with self._reading("order_statuses", "Could not read the order statuses"):
                    marker = str(self.storage.identifier)
                    self.statuses = client.orders.get_all_statuses_by_storage_marker(marker)

    def _read_products(self, client: OneEntry, ids: Iterable[int]) -> None:
        """Read prices by preview, which places no order. Without previews, wrong prices only show in orders."""
        for id_ in ids:
            with self._reading("products", ""):
                try:
                    self.previews[id_] = client.orders.preview_order([{"productId": id_, "quantity": 1}])
                except Refused as refusal:
                    if refusal.status != 404 or str(id_) not in refusal.message:
                        raise
                    self.previews[id_] = None

    @contextmanager
    def _reading(self, table: str, otherwise: str, call: str = "", **facts: str) -> Iterator[None]:
        """Store why a table cannot be read: the message of `refusals.toml`, else `otherwise` with the call's error.

        Reading continues with the next table, unless the error would stop every call.
        """
        try:
            yield
        except OneEntryError as failure:
            problem, stops = "", False
            if isinstance(failure, Refused):
                problem, stops = self.access.explained(failure, call, **facts)
            elif isinstance(failure, Unreachable) and call == "first":
                said = failure.args[0].partition("\n")[0]
                problem = f"{VARIABLES['project_url']}: {said}\nCheck the address and the network."
            if problem or otherwise:
                self.reasons_unread[table] = problem or f"{otherwise}: {' '.join(str(failure.args[0]).split())}"
            if stops:
                raise _Stopped from None


def _fields_of(client: OneEntry, form: str | None) -> Sequence[AskedField]:
    """Return the fields of a form; none if it cannot be read, because many user groups may not read forms."""
    with suppress(OneEntryError):
        return client.forms.get_form_by_marker(form or "").attributes
    return ()


def is_connected(account: models.PaymentAccount) -> bool:
    """Return whether the account accepts orders; an account without settings may be connected."""
    return account.settings is None or account.settings.status == "connected"


def is_connected_for_tests(account: models.PaymentAccount) -> bool:
    """Return whether a test-mode account is connected by `testSettings` (observed); without them, it may be."""
    for_tests = (account.model_extra or {}).get("testSettings")
    status = for_tests.get("status", "connected") if isinstance(for_tests, dict) else "connected"
    return account.test_mode is True and status == "connected"


@contextmanager
def signed_in(client: OneEntry, provider: str, fields: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Sign in with markers and values, and sign out at the end; raises the client's errors if signing in fails."""
    data: list[AuthField] = [{"marker": marker, "value": value} for marker, value in fields]
    sign_in = client.auth_provider.auth(provider, data)
    try:
        yield
    finally:
        with suppress(OneEntryError):
            client.auth_provider.logout(provider, sign_in.refresh_token)
