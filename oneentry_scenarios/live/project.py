"""What a project shows to a visitor and to its user, for checking a profile and for writing one."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import NO_MESSAGE, OneEntryError, Refused, Unreachable
from oneentry_scenarios.api.models import (
    AskedField,
    OrderPreview,
    OrderStatus,
    OrderStorage,
    PaymentAccount,
    ProviderOfSignIn,
)
from oneentry_scenarios.live.access import VISITORS, Access
from oneentry_scenarios.live.settings import VARIABLES
from oneentry_scenarios.shop.profile import Profile

#: What is read, as messages call it.
PROVIDERS, SIGN_IN = "the auth providers", "the sign-in"
STORAGE, STORAGES, STATUSES = "the order storage", "the list of order storages", "the order statuses"
ACCOUNTS, PRODUCTS = "the payment accounts", "the products"
_URL, _TOKEN = VARIABLES["project_url"], VARIABLES["app_token"]
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")


class _Stopped(Exception):
    """The project answers no call at all, so nothing else can be read."""


@dataclass
class Project:
    """What was read; `unread` says of the rest why, and what to change. `connect` makes a client for a language.

    `languages` are the project's if it lacks the one that was asked for. `previews` has `None` for a product that is
    not there, and lacks those that the project did not want to tell the price of.
    """

    access: Access
    connect: Callable[[str], OneEntry]
    unread: dict[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    providers: Sequence[ProviderOfSignIn] | None = None
    provider: ProviderOfSignIn | None = None
    sign_in_form: Sequence[AskedField] = ()
    storages: Sequence[OrderStorage] | None = None
    storage: OrderStorage | None = None
    order_form: Sequence[AskedField] = ()
    accounts: Sequence[PaymentAccount] | None = None
    statuses: Sequence[OrderStatus] = ()
    previews: dict[int, OrderPreview | None] = field(default_factory=dict)

    @property
    def usable_providers(self) -> list[ProviderOfSignIn]:
        """Those that a customer can sign in with."""
        return [each for each in self.providers or () if each.is_active and each.form_identifier]

    @property
    def usable_storages(self) -> list[OrderStorage]:
        """Those that have a form, without which no order can be placed; empty if the profile's was found."""
        return [each for each in self.storages or () if each.identifier and each.form_identifier]

    @property
    def linked_accounts(self) -> set[str]:
        """What the storage offers to pay with."""
        return {each.identifier for each in self.storage.payment_account_identifiers} if self.storage else set()

    def sign_in_markers(self) -> tuple[str | None, str | None]:
        """The markers of the form's fields for user and password."""
        login = next((each.marker for each in self.sign_in_form if each.is_login), None)
        return login, next((each.marker for each in self.sign_in_form if each.is_password), None)

    def read(self, wanted: Profile | None, product_ids: Iterable[int]) -> Self:
        """Read what `wanted` names, and where the project lacks that or nothing is wanted, the first that is there."""
        language = (wanted or Profile()).language
        with suppress(_Stopped):
            self._read_as_visitor(language)
            usable = self.usable_providers
            named = (each for each in usable if wanted and each.identifier == wanted.sign_in.provider)
            self.provider = next(named, usable[0] if usable else None)
            if self.provider is None:
                return self
            language = self.languages[0] if self.languages else language
            with self.connect(language) as client, ExitStack() as session:
                self.sign_in_form = _fields_of(client, self.provider.form_identifier)
                markers = self._markers(wanted)
                self._sign_in(session, client, markers)
                if wanted is None or SIGN_IN not in self.unread:
                    self._read_as_customer(client, wanted)
                    self._read_products(client, product_ids)
            if wanted and self.access.settings.other_user:
                with self.connect(language) as client, ExitStack() as session:
                    self._sign_in(session, client, markers, "other_")
        return self

    def _read_as_visitor(self, language: str) -> None:
        """The first call: is the address OneEntry's, and does it take the app token and the language?"""
        try:
            with self.connect(language) as client:
                self.providers = client.auth_provider.get_auth_providers()
        except OneEntryError as failure:
            self.unread[PROVIDERS] = self._why_not_answered(failure, language)
            raise _Stopped from None
        infos = [(each.model_extra or {}).get("localizeInfos") for each in self.providers]
        names = {name for info in infos if isinstance(info, dict) for name in info}
        self.languages = sorted(filter(_LANGUAGE.fullmatch, names))

    def _why_not_answered(self, failure: OneEntryError, language: str) -> str:
        host, said = self.access.settings.host, in_one_line(failure)
        if isinstance(failure, Unreachable):
            said = failure.args[0].partition("\n")[0]
            return f"{_URL}: {said}\nIs it your project's address, and is the network up?"
        if isinstance(failure, Refused):
            said = f"{failure.status} {failure.reason}"
            if failure.status in (401, 403) and not re.search(f"{NO_MESSAGE}|(?i:permission)", failure.reason):
                return (
                    f"{_TOKEN}: {host} does not accept it ({said}). Copy the app token of this very project from its "
                    f"admin panel: is it another project's, or did it change places with {VARIABLES['password']}?"
                )
            if "langCode" in failure.reason:
                return f'Profile: language = "{language}" is no language to the project: {said}'
            if problem := self.access.obstacle(failure, VISITORS):
                return problem
        return f"{_URL}: {host} answers, but not as OneEntry does: {said}"

    def _markers(self, wanted: Profile | None) -> tuple[str, str]:
        """The markers to sign in with: the wanted ones, or where the form lacks one, the form's; empty if unknown."""
        mine = (wanted.sign_in.user_field, wanted.sign_in.password_field) if wanted else ("", "")
        known = {each.marker for each in self.sign_in_form}
        both = zip(mine, self.sign_in_markers(), strict=True)
        user, password = (own if own in known else theirs or own for own, theirs in both)
        return user, password

    def _sign_in(self, session: ExitStack, client: OneEntry, markers: tuple[str, str], which: str = "") -> None:
        """Sign in as the settings' user, or as the `other_` one, until the `session` ends."""
        if self.provider is None or not all(markers):
            return
        names = f"{which}user", f"{which}password"
        provider, user, password = self.provider.identifier, *(VARIABLES[name] for name in names)
        fields = [(marker, getattr(self.access.settings, name)) for marker, name in zip(markers, names, strict=True)]

        def explain(failure: OneEntryError) -> str:
            if not isinstance(failure, Refused):
                return f"Signing in as {user}: {in_one_line(failure)}"
            said, host = f"{failure.status} {failure.reason}", self.access.settings.host
            if failure.reason == NO_MESSAGE or failure.reason.startswith("Cannot "):  # not the words of a sign-in
                return f"Signing in as {user}: {host} answers, but not as OneEntry does ({said}). Is {_URL} right?"
            if "activat" in failure.reason.lower():
                return f"{user}: this user is not activated ({said}). Activate it in the admin panel, under Users"
            if "missed" in failure.reason:
                return (
                    f'Profile: [sign_in] user_field = "{markers[0]}" and password_field = "{markers[1]}": '
                    f"the sign-in form has no such markers ({said}). Copy both from the form in the admin panel"
                )
            return (
                f"{user} and {password}: the project does not let this user in ({said}). Check both; the user must be "
                f"registered with the auth provider {provider!r}"
            )

        with self._reading(f"{which}{SIGN_IN}", explain, VISITORS):
            session.enter_context(signed_in(client, provider, fields))

    def _read_as_customer(self, client: OneEntry, wanted: Profile | None) -> None:
        if wanted:
            line = f'Profile: [orders] storage = "{wanted.orders.storage}"'
            with self._reading(STORAGE, lambda failure: f"{line}: {in_one_line(failure)}"):
                try:
                    self.storage = client.orders.get_orders_storage_by_marker(wanted.orders.storage)
                except Refused as refusal:
                    if refusal.status != 404:
                        raise
            if STORAGE in self.unread:
                return
        if self.storage is None:
            with self._reading(STORAGES):
                self.storages = client.orders.get_all_orders_storage()
            self.storage = next(iter(self.usable_storages), None)
        with self._reading(ACCOUNTS):
            self.accounts = client.payments.get_accounts()
        if self.storage is not None:
            self.order_form = _fields_of(client, self.storage.form_identifier)
            if wanted is None:
                with self._reading(STATUSES):
                    marker = str(self.storage.identifier)
                    self.statuses = client.orders.get_all_statuses_by_storage_marker(marker)

    def _read_products(self, client: OneEntry, ids: Iterable[int]) -> None:
        """A preview orders nothing. A project that gives none cannot be asked; then the order itself will tell."""
        for id_ in ids:
            with self._reading(PRODUCTS, lambda _: ""):
                try:
                    self.previews[id_] = client.orders.preview_order([{"productId": id_, "quantity": 1}])
                except Refused as refusal:
                    if refusal.status != 404 or str(id_) not in refusal.reason:
                        raise
                    self.previews[id_] = None

    @contextmanager
    def _reading(
        self, part: str, explain: Callable[[OneEntryError], str] | None = None, who: str = VARIABLES["user"]
    ) -> Iterator[None]:
        """Keep why a part cannot be read. The next one is, unless what stopped the call would stop all of them."""
        try:
            yield
        except OneEntryError as failure:
            refusal = failure if isinstance(failure, Refused) else None
            obstacle = refusal and self.access.obstacle(refusal, who)
            other = explain(failure) if explain else f"The preflight could not read {part}: {in_one_line(failure)}"
            self.unread |= {part: obstacle or other} if obstacle or other else {}
            if refusal and obstacle and refusal.status != 403:
                raise _Stopped from None


def in_one_line(failure: OneEntryError) -> str:
    """What a failed call says, as one line."""
    return " ".join(str(failure.args[0]).split())


def _fields_of(client: OneEntry, form: str | None) -> Sequence[AskedField]:
    """What a form asks for; nothing if the project does not show it: many user groups may not read forms."""
    with suppress(OneEntryError):
        return client.forms.get_form_by_marker(form or "").attributes
    return ()


def is_connected(account: PaymentAccount) -> bool:
    """Whether orders by it may be placed; an account that does not say so may be connected."""
    return account.settings is None or account.settings.status == "connected"


def is_connected_for_tests(account: PaymentAccount) -> bool:
    """Observed in test mode: `settings` is not connected, `testSettings` is. One that is not shown may be connected."""
    for_tests = (account.model_extra or {}).get("testSettings")
    status = for_tests.get("status", "connected") if isinstance(for_tests, dict) else "connected"
    return account.test_mode is True and status == "connected"


@contextmanager
def signed_in(client: OneEntry, provider: str, fields: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Sign in with markers and values, and out again at the end; raises the client's errors if that fails."""
    data: list[AuthField] = [{"marker": marker, "value": value} for marker, value in fields]
    sign_in = client.auth_provider.auth(provider, data)
    try:
        yield
    finally:
        with suppress(OneEntryError):
            client.auth_provider.logout(provider, sign_in.refresh_token)
