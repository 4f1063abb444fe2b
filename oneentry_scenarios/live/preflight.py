"""Checks what reading can check before a live run places its first order; says of each mistake where to mend it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.api.models import OrderStorage, PaymentAccount, ProviderOfSignIn
from oneentry_scenarios.live.access import Access, PreflightError, Stopped, in_one_line
from oneentry_scenarios.live.profile_references import ProfileReferences
from oneentry_scenarios.live.project import (
    WITHOUT_MONEY,
    fields_of,
    is_connected,
    is_connected_for_tests,
    made_up,
    other_languages,
    sign_in_fields,
    usable_providers,
    usable_storages,
)
from oneentry_scenarios.live.settings import VARIABLES
from oneentry_scenarios.shop.profile import Product, Profile

#: What features call the account that is there, but not connected: orders by it are refused.
NOT_CONNECTED = "bank transfer"
#: How a person without a profile gets one.
HOW_TO_WRITE = ".venv/bin/oneentry-scenarios profile > my-shop.toml, then ONEENTRY_PROFILE=my-shop.toml in .env"
Checked = TypeVar("Checked")


@dataclass
class Findings:
    """What does not stop a run: accounts that take `real_money`, and `hints` for the person who runs it.

    `unconnected` accounts are connected in test mode only; each has what to say when an order by it is refused.
    """

    real_money: set[str] = field(default_factory=set)
    unconnected: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)


@dataclass
class Preflight:
    """The checks. `connect` makes a client for a language, on a new device."""

    access: Access
    profile: Profile
    profile_file: Path | None
    references: ProfileReferences
    connect: Callable[[str], OneEntry]
    findings: Findings = field(default_factory=Findings)
    _problems: list[str] = field(default_factory=list)

    def run(self) -> Findings:
        """Make all checks; raises PreflightError, which names each mistake, or returns what stops no run."""
        with suppress(Stopped):
            self._check()
        if any(problem.startswith(("Profile: ", "[products")) for problem in self._problems):
            self._problems.append(
                f"The profile is {self.profile_file}."
                if self.profile_file
                else f"No profile is given, so the shop should be OneEntry's example. Write your own: {HOW_TO_WRITE}"
            )
        if self._problems:
            raise PreflightError("\n".join(dict.fromkeys(self._problems)))
        return self.findings

    def _check(self) -> None:
        """Where the profile names what is not there, the checks go on with what is."""
        with self.connect(self.profile.language) as client:
            providers = self._noted(lambda: self.access.providers(client, self.profile.language))
        if providers is None:
            return
        language = self._language(providers)
        provider = self._noted(lambda: self._provider(providers)) or next(iter(usable_providers(providers)), None)
        if provider is None:
            return
        with self.connect(language) as client:
            markers = self._markers(client, provider.form_identifier)
            self._noted(lambda: self._as_customer(client, provider.identifier, markers))
            for name in sorted((self.references.products | self.references.cells) & self.profile.products.keys()):
                self._noted(partial(self._product, client, name, self.profile.products[name]))
        if self.access.settings.other_user:
            with self.connect(language) as client:
                self._noted(lambda: self._as_other_customer(client, provider.identifier, markers))

    def _noted(self, check: Callable[[], Checked]) -> Checked | None:
        """Make a check. A mistake is noted, and the next check is made, unless the project answers no call at all."""
        try:
            return check()
        except PreflightError as error:
            self._problems.append(str(error))
            if isinstance(error, Stopped):
                raise
            return None

    def _language(self, providers: Iterable[ProviderOfSignIn]) -> str:
        """The profile's language; if the project lacks it, that is noted, and it is one that the project has."""
        known = other_languages(providers)
        if known:
            line = _line("language", self.profile.language)
            self._problems.append(f"{line}: the project does not have this language, only {', '.join(known)}")
        return known[0] if known else self.profile.language

    def _provider(self, providers: Sequence[ProviderOfSignIn]) -> ProviderOfSignIn:
        line = _line("[sign_in] provider", wanted := self.profile.sign_in.provider)
        found = next((provider for provider in providers if provider.identifier == wanted), None)
        if found is None:
            raise PreflightError(f"{line}: the project has no such auth provider, only {_listed(providers)}")
        if found.form_identifier is None:
            raise PreflightError(f"{line}: it has no form to sign in with; the project has {_listed(providers)}")
        if not found.is_active:
            raise PreflightError(f"{line}: this auth provider is switched off; switch it on in the admin panel")
        return found

    def _markers(self, client: OneEntry, form: str | None) -> tuple[str, str]:
        """The markers to sign in with: the profile's, or where the form lacks one, that is noted, the form's."""
        asked = fields_of(client, form)
        known = [each.marker for each in asked]
        names, found = self.profile.sign_in, sign_in_fields(asked)
        markers = {"user_field": (names.user_field, found[0]), "password_field": (names.password_field, found[1])}
        for key, (mine, _) in markers.items():
            if known and mine not in known:
                line = _line(f"[sign_in] {key}", mine)
                self._problems.append(f"{line}: the sign-in form {form!r} has no such field, only {', '.join(known)}")
        user, password = (mine if mine in known else theirs or mine for mine, theirs in markers.values())
        return user, password

    def _as_customer(self, client: OneEntry, provider: str, markers: Sequence[str]) -> None:
        with self.access.signed_in(client, provider, markers):
            storage = self._noted(lambda: self._storage(client))
            if storage is not None:
                self._order_form(client, storage)
                self._noted(lambda: self._accounts(client, storage))

    def _as_other_customer(self, client: OneEntry, provider: str, markers: Sequence[str]) -> None:
        with self.access.signed_in(client, provider, markers, "other_"):
            pass

    def _storage(self, client: OneEntry) -> OrderStorage | None:
        """The profile's storage; if the project lacks it, that is noted, and it is the first that has a form."""
        line = _line("[orders] storage", wanted := self.profile.orders.storage)
        try:
            return client.orders.get_orders_storage_by_marker(wanted)
        except Refused as refusal:
            self.access.stop_at_obstacle(refusal, VARIABLES["user"])
            if refusal.status != 404:
                raise PreflightError(f"{line}: {in_one_line(refusal)}") from None
        except OneEntryError as failure:
            raise PreflightError(f"{line}: {in_one_line(failure)}") from None
        storages = self.access.read(client.orders.get_all_orders_storage, "the list of order storages")
        self._problems.append(f"{line}: the project has no such order storage, only {_listed(storages)}")
        return next(iter(usable_storages(storages)), None)

    def _order_form(self, client: OneEntry, storage: OrderStorage) -> None:
        """Note what the profile fills in but the form does not have, and what the form requires but does not get."""
        names, form = self.profile.orders, storage.form_identifier
        if form != names.form:
            line = _line("[orders] form", names.form)
            self._problems.append(f"{line}: the order storage {storage.identifier!r} has {form!r}")
        asked = {each.marker: each for each in fields_of(client, form)}
        filled = names.types()
        for marker, type_ in filled.items() if asked else ():
            if marker not in asked:
                self._problems.append(
                    f"Profile: [orders] fills in {marker!r}: the form {form!r} has only {', '.join(asked)}"
                )
            elif asked[marker].type != type_:
                self._problems.append(
                    f"Profile: [orders] fills in {marker!r} as {type_!r}: its type in the form {form!r} is "
                    f"{asked[marker].type!r}"
                )
        for each in (each for marker, each in asked.items() if each.is_required and marker not in filled):
            self._problems.append(
                f"Profile: the form {form!r} also requires {each.marker!r}. Add, for example\n"
                f"  [orders.fields]\n  {made_up(each)}"
            )

    def _accounts(self, client: OneEntry, storage: OrderStorage) -> None:
        listed = self.access.read(client.payments.get_accounts, "the payment accounts")
        accounts = {account.identifier: account for account in listed}
        linked = {account.identifier for account in storage.payment_account_identifiers}
        # Steps that name no account pay in cash.
        for name in sorted((self.references.accounts | {"cash"}) & self.profile.accounts.keys()):
            self._noted(partial(self._account, name, accounts, linked))
        with_money = (each for each in listed if each.type != WITHOUT_MONEY and each.test_mode is not True)
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
        account = accounts[identifier]
        if account.settings is None:
            return
        status = account.settings.status
        if name == NOT_CONNECTED and is_connected(account):
            raise PreflightError(
                f"{line}: this payment account is connected, but scenarios need one here that is not. Name another, or "
                "leave the line out: then they are skipped"
            )
        if name != NOT_CONNECTED and not is_connected(account):
            if not is_connected_for_tests(account):
                raise PreflightError(
                    f"{line}: this payment account is not connected ({status}). Connect it in the admin "
                    "panel, or name another"
                )
            hint = (
                f"{line}: this payment account is in test mode and connected for tests, but {status} for real "
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
            self.access.stop_at_obstacle(refusal, VARIABLES["user"])
            if refusal.status == 404 and str(product.id) in refusal.reason:
                raise PreflightError(f"{table} id = {product.id}: the project has no such product") from None
            return
        except OneEntryError:
            return
        total, due = preview.total_sum, preview.total_due
        currency = (preview.currency or product.currency).upper()
        price = product.price if total == product.price else money(total)
        for key, mine, theirs in (("price", product.price, price), ("currency", product.currency.upper(), currency)):
            if mine != theirs:
                raise PreflightError(
                    f'{table} {key} = "{mine}": in the project it is {theirs}. If that is right, write\n'
                    f'  {table}\n  {key} = "{theirs}"'
                )
        if due != total:
            self.findings.hints.append(
                f'{table} price = "{product.price}": right, but {money(due)} is due, after discounts or taxes. '
                "If scenarios find other totals, that is why"
            )


def money(amount: Decimal) -> str:
    """An amount as profiles write it: with at least two decimals."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount}"


def _line(key: str, value: str) -> str:
    """A line of the profile."""
    return f'Profile: {key} = "{value}"'


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _listed(entries: Iterable[Any]) -> str:
    return ", ".join(str(entry.identifier) for entry in entries) or "none"
