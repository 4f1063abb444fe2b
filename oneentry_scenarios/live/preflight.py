"""Checks what reading can check before a live run places its first order; says of each mistake where to mend it."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import NO_MESSAGE, CallFailed, OneEntryError, Refused, Unreachable
from oneentry_scenarios.api.models import OrderStorage, PaymentAccount, ProviderOfSignIn
from oneentry_scenarios.cassettes.settings import Settings
from oneentry_scenarios.live.obstacles import VISITORS, obstacle
from oneentry_scenarios.live.profile_references import ProfileReferences
from oneentry_scenarios.live.settings import VARIABLES, Limits
from oneentry_scenarios.shop.profile import Product, Profile

#: What features call the account that is there, but not connected: orders by it are refused.
NOT_CONNECTED = "bank transfer"
#: Accounts of this type ask for no money by themselves: cash and the like.
_WITHOUT_MONEY = "custom"
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")
_URL, _TOKEN = VARIABLES["project_url"], VARIABLES["app_token"]


class PreflightError(Exception):
    """The environment or the profile does not fit the project; says what to change, and where."""


@dataclass
class Findings:
    """What does not stop a run: accounts that take `real_money`, and `hints` for the person who runs it.

    `unconnected` accounts are connected in test mode only; each has what to say when an order by it is refused.
    """

    real_money: set[str] = field(default_factory=set)
    unconnected: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preflight:
    """The checks, in the order in which one makes the next possible. `connect` makes a client on a new device."""

    settings: Settings
    profile: Profile
    references: ProfileReferences
    connect: Callable[[], OneEntry]
    limits: Limits = field(default_factory=Limits)
    findings: Findings = field(default_factory=Findings)

    def run(self) -> Findings:
        """Make all checks; raises PreflightError for the first mistake, returns what stops no run."""
        with self.connect() as client:
            self._provider(self._providers(client))
            with self._signed_in(client, "user", "password"):
                storage = self._storage(client)
                self._accounts(client, storage)
                for name in sorted((self.references.products | self.references.cells) & self.profile.products.keys()):
                    self._product(client, name, self.profile.products[name])
        if self.settings.other_user:
            with self.connect() as client, self._signed_in(client, "other_user", "other_password"):
                pass
        return self.findings

    def _providers(self, client: OneEntry) -> tuple[ProviderOfSignIn, ...]:
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
                problem = f"{_line('language', self.profile.language)} is no language to the project: {said}"
            else:
                self._stop_at_obstacle(refusal, VISITORS)
                problem = f"{_URL}: {host} answers, but not as OneEntry does: {said}"
        except CallFailed as failure:
            problem = f"{_URL}: {host} answers, but not as OneEntry does: {_in_one_line(failure)}"
        raise PreflightError(problem)

    def _provider(self, providers: tuple[ProviderOfSignIn, ...]) -> None:
        wanted = self.profile.sign_in.provider
        line = _line("[sign_in] provider", wanted)
        found = next((provider for provider in providers if provider.identifier == wanted), None)
        for provider in providers:
            # The client has taken the profile's language out of each text; one that still has languages lacks it.
            localized = (provider.model_extra or {}).get("localizeInfos")
            known = [name for name in localized if _LANGUAGE.fullmatch(name)] if isinstance(localized, dict) else []
            if known:
                language = _line("language", self.profile.language)
                raise PreflightError(f"{language}: the project does not have this language, only {', '.join(known)}")
        if found is None:
            raise PreflightError(f"{line}: the project has no such auth provider, only {_listed(providers)}")
        if found.form_identifier is None:
            raise PreflightError(f"{line}: it has no form to sign in with; the project has {_listed(providers)}")
        if not found.is_active:
            raise PreflightError(f"{line}: this auth provider is switched off; switch it on in the admin panel")

    @contextmanager
    def _signed_in(self, client: OneEntry, user: str, password: str) -> Iterator[None]:
        """Sign in as one of the settings' users, and out again."""
        form = self.profile.sign_in
        fields = ((form.user_field, user), (form.password_field, password))
        try:
            sign_in = client.auth_provider.auth(
                form.provider, [{"marker": marker, "value": getattr(self.settings, name)} for marker, name in fields]
            )
        except Refused as refusal:
            self._stop_at_obstacle(refusal, VISITORS)
            raise PreflightError(self._why_not(refusal, VARIABLES[user], VARIABLES[password])) from None
        except OneEntryError as failure:
            raise PreflightError(f"Signing in as {VARIABLES[user]}: {_in_one_line(failure)}") from None
        try:
            yield
        finally:
            with suppress(OneEntryError):
                client.auth_provider.logout(form.provider, sign_in.refresh_token)

    def _why_not(self, refusal: Refused, user: str, password: str) -> str:
        said = f"{refusal.status} {refusal.reason}"
        form = self.profile.sign_in
        if refusal.reason == NO_MESSAGE or refusal.reason.startswith("Cannot "):  # not the words of a sign-in
            host = self.settings.host
            return f"Signing in as {user}: {host} answers, but not as OneEntry does ({said}). Is {_URL} right?"
        if "activat" in refusal.reason.lower():
            return f"{user}: this user is not activated ({said}). Activate it in the admin panel, under Users"
        if "missed" in refusal.reason:
            return (
                f'{_line("[sign_in] user_field", form.user_field)} and password_field = "{form.password_field}": '
                f"the sign-in form has no such markers ({said}). Copy both from the form in the admin panel"
            )
        return (
            f"{user} and {password}: the project does not let this user in ({said}). Check both; the user must be "
            f"registered with the auth provider {form.provider!r}"
        )

    def _storage(self, client: OneEntry) -> OrderStorage:
        names = self.profile.orders
        line = _line("[orders] storage", names.storage)
        try:
            storage = client.orders.get_orders_storage_by_marker(names.storage)
        except Refused as refusal:
            self._stop_at_obstacle(refusal, VARIABLES["user"])
            if refusal.status != 404:
                raise PreflightError(f"{line}: {_in_one_line(refusal)}") from None
            known = _listed(self._read(client.orders.get_all_orders_storage, "the list of order storages"))
            raise PreflightError(f"{line}: the project has no such order storage, only {known}") from None
        except OneEntryError as failure:
            raise PreflightError(f"{line}: {_in_one_line(failure)}") from None
        if storage.form_identifier != names.form:
            line = _line("[orders] form", names.form)
            raise PreflightError(f"{line}: the order storage {names.storage!r} has {storage.form_identifier!r}")
        return storage

    def _accounts(self, client: OneEntry, storage: OrderStorage) -> None:
        listed = self._read(client.payments.get_accounts, "the payment accounts")
        accounts = {account.identifier: account for account in listed}
        linked = {account.identifier for account in storage.payment_account_identifiers}
        # Steps that name no account pay in cash.
        for name in sorted((self.references.accounts | {"cash"}) & self.profile.accounts.keys()):
            self._account(name, accounts, linked)
        with_money = (each for each in listed if each.type != _WITHOUT_MONEY and each.test_mode is not True)
        self.findings.real_money.update(account.identifier for account in with_money)

    def _account(self, name: str, accounts: dict[str, PaymentAccount], linked: set[str]) -> None:
        identifier = self.profile.accounts[name]
        line = _line(f"[accounts] {_quoted(name)}", identifier)
        if identifier not in accounts:
            raise PreflightError(f"{line}: the project has no such payment account, only {', '.join(sorted(accounts))}")
        if identifier not in linked:
            raise PreflightError(
                f"{line}: this payment account is not linked to the order storage {self.profile.orders.storage!r}, "
                f"which offers only {', '.join(sorted(linked)) or 'none'}. Link it in the admin panel, or name another"
            )
        settings = accounts[identifier].settings
        if settings is None:
            return
        is_connected = settings.status == "connected"
        if name == NOT_CONNECTED and is_connected:
            raise PreflightError(
                f"{line}: this payment account is connected, but scenarios need one here that is not. Name another, or "
                "leave the line out: then they are skipped"
            )
        if name != NOT_CONNECTED and not is_connected:
            if not _is_connected_for_tests(accounts[identifier]):
                raise PreflightError(
                    f"{line}: this payment account is not connected ({settings.status}). Connect it in the admin "
                    "panel, or name another"
                )
            hint = (
                f"{line}: this payment account is in test mode and connected for tests, but {settings.status} for real "
                "payments. OneEntry looks at the latter and may refuse orders by it"
            )
            self.findings.hints.append(f"{hint}; then their scenarios are skipped")
            self.findings.unconnected[identifier] = f"{hint}. It did"

    def _product(self, client: OneEntry, name: str, product: Product) -> None:
        """A preview orders nothing. A project that gives none cannot be asked; then the order itself will tell."""
        table = f"[products.{_quoted(name)}]"
        try:
            preview = client.orders.preview_order([{"productId": product.id, "quantity": 1}])
        except Refused as refusal:
            self._stop_at_obstacle(refusal, VARIABLES["user"])
            if refusal.status == 404 and str(product.id) in refusal.reason:
                raise PreflightError(f"{table} id = {product.id}: the project has no such product") from None
            return
        except OneEntryError:
            return
        total, due = preview.total_sum, preview.total_due
        currency = (preview.currency or product.currency).upper()
        price = product.price if total == product.price else _money(total)
        for key, mine, theirs in (("price", product.price, price), ("currency", product.currency.upper(), currency)):
            if mine != theirs:
                raise PreflightError(
                    f'{table} {key} = "{mine}": in the project it is {theirs}. If that is right, write\n'
                    f'  {table}\n  {key} = "{theirs}"'
                )
        if due != total:
            self.findings.hints.append(
                f'{table} price = "{product.price}": right, but {_money(due)} is due, after discounts or taxes. '
                "If scenarios find other totals, that is why"
            )

    def _stop_at_obstacle(self, refusal: Refused, who: str) -> None:
        """Name what stopped this call, if that has nothing to do with what it asked."""
        if problem := obstacle(refusal, self.settings.host, self.limits, who):
            raise PreflightError(problem) from None

    def _read(self, call: Callable[[], Any], what: str) -> Any:
        try:
            return call()
        except OneEntryError as failure:
            if isinstance(failure, Refused):
                self._stop_at_obstacle(failure, VARIABLES["user"])
            raise PreflightError(f"The preflight could not read {what}: {_in_one_line(failure)}") from None


def _is_connected_for_tests(account: PaymentAccount) -> bool:
    """Observed in test mode: `settings` is not connected, `testSettings` is. One that is not shown may be connected."""
    for_tests = (account.model_extra or {}).get("testSettings")
    status = for_tests.get("status", "connected") if isinstance(for_tests, dict) else "connected"
    return account.test_mode is True and status == "connected"


def _money(amount: Decimal) -> str:
    """An amount as profiles write it: with at least two decimals."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount}"


def _line(key: str, value: str) -> str:
    """A line of the profile."""
    return f'Profile: {key} = "{value}"'


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _listed(entries: Iterable[Any]) -> str:
    return ", ".join(str(entry.identifier) for entry in entries) or "none"


def _in_one_line(failure: OneEntryError) -> str:
    return " ".join(str(failure.args[0]).split())
