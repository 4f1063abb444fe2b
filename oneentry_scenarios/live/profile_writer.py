"""Writes the profile of a project from what can be read there. What cannot be read becomes a comment that says so."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import Refused
from oneentry_scenarios.api.models import OrderStorage, PaymentAccount, PricedProduct, ProviderOfSignIn
from oneentry_scenarios.live.access import Access, PreflightError
from oneentry_scenarios.live.preflight import NOT_CONNECTED, money
from oneentry_scenarios.live.project import (
    TEXTS,
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
from oneentry_scenarios.shop.profile import Profile, toml_key

Answer = TypeVar("Answer")

#: No call of the client lists products, so these ids are tried where none are given.
FIRST_IDS = range(1, 41)
_HEAD = """\
# Written by `oneentry-scenarios profile`. Read it once: it cannot know what you would choose.
# A line that begins with "# ?" is for you to complete: the project does not show what belongs there."""


@dataclass
class ProfileWriter:
    """Reads with clients that `connect` makes for a language, and writes TOML. It places no order."""

    access: Access
    connect: Callable[[str], OneEntry]
    product_ids: Sequence[int] = ()
    _lines: list[str] = field(default_factory=lambda: [_HEAD])

    def write(self) -> str:
        """The profile. Raises PreflightError if the project does not answer the first call."""
        with self.connect(Profile().language) as client:
            providers = self.access.providers(client, Profile().language)
        language, *others = other_languages(providers) or [Profile().language]
        self._entry("language", language, others)
        with self.connect(language) as client, ExitStack() as session:
            self._sign_in(client, usable_providers(providers), session)
            storage = self._orders(client)
            self._accounts(client, storage)
            self._statuses(client, storage)
            self._products(client)
        return "\n".join(self._lines) + "\n"

    def _sign_in(self, client: OneEntry, providers: Sequence[ProviderOfSignIn], session: ExitStack) -> None:
        """Write how to sign in, and do so until the `session` ends."""
        self._table("sign_in")
        if not providers:
            self._unknown("provider", "no auth provider is active and has a form: see the admin panel, under Users")
            return
        provider, *others = providers
        self._entry("provider", provider.identifier, [each.identifier for each in others])
        form = provider.form_identifier
        markers = sign_in_fields(fields_of(client, form))
        for key, marker in zip(("user_field", "password_field"), markers, strict=True):
            if marker:
                self._entry(key, marker)
            else:
                self._unknown(key, f"its marker is in the form {form!r} in the admin panel")
        known = [marker for marker in markers if marker]
        if len(known) == len(markers):
            signing_in = self.access.signed_in(client, provider.identifier, known)
            self._read(lambda: session.enter_context(signing_in))

    def _orders(self, client: OneEntry) -> OrderStorage | None:
        self._table("orders")
        read = self._read(lambda: self.access.read(client.orders.get_all_orders_storage, "the order storages"))
        storages = usable_storages(read or ())
        if not storages:
            self._unknown("storage", "the marker of an order storage that has a form: see the admin panel")
            return None
        storage, *others = storages
        self._entry("storage", storage.identifier, [str(each.identifier) for each in others])
        self._entry("form", storage.form_identifier)
        asked = fields_of(client, storage.form_identifier)
        required = [each for each in asked if each.is_required]
        texts = [each for each in required if each.type in TEXTS]
        name = next((each for each in texts if "name" in each.marker.lower()), texts[0] if texts else None)
        if name is None:
            self._unknown("name_field", f"a text field of the form {storage.form_identifier!r}, for the buyer's name")
        else:
            self._entry("name_field", name.marker)
        if name and name.type != "string":
            self._entry("name_type", name.type)
        for each in asked:
            if each.type == "string" and not each.is_required:
                self._lines.append(f"# run_mark_field = {json.dumps(each.marker)}  # if it may hold the mark of a run")
        if more := [each for each in required if each is not name]:
            self._table("orders.fields")
            self._lines += map(made_up, more)
        return storage

    def _accounts(self, client: OneEntry, storage: OrderStorage | None) -> None:
        self._table("accounts")
        linked = {each.identifier for each in storage.payment_account_identifiers} if storage else set()
        read = self._read(lambda: self.access.read(client.payments.get_accounts, "the payment accounts"))
        accounts: list[PaymentAccount] = [account for account in read or () if account.identifier in linked]
        usable = [each for each in accounts if is_connected(each) or is_connected_for_tests(each)]
        kinds = {
            "cash": [account for account in usable if account.type == WITHOUT_MONEY],
            "card": [account for account in usable if account.type != WITHOUT_MONEY],
            NOT_CONNECTED: [account for account in accounts if account not in usable],
        }
        for name, (first, *others) in ((name, found) for name, found in kinds.items() if found):
            self._entry(toml_key(name), first.identifier, [each.identifier for each in others])
        for name in (name for name, found in kinds.items() if not found):
            self._unknown(toml_key(name), f"no such account is linked to the storage; it has {_joined(linked)}")
        if any(account.test_mode is not True for account in kinds["card"][:1]):
            self._lines.append("# The card's account is not in test mode: scenarios that pay with it are skipped.")

    def _statuses(self, client: OneEntry, storage: OrderStorage | None) -> None:
        """Newer servers say which statuses are final (SDK 1.0.158); what `expired` leads to, none says."""
        self._table("order_statuses")
        marker = str(storage.identifier) if storage else ""
        call = lambda: client.orders.get_all_statuses_by_storage_marker(marker)  # noqa: E731
        statuses = self._read(lambda: self.access.read(call, "the order statuses")) or ()
        for outcome, flag in {"completed": "isFinalSuccess", "canceled": "isCancelFinal", "expired": ""}.items():
            found = [each.identifier for each in statuses if (each.model_extra or {}).get(flag) is True]
            if found:
                self._entry(outcome, found[0], found[1:])
            else:
                known = _joined(each.identifier for each in statuses)
                self._unknown(outcome, f"the status that the storage gives then; it has {known}")

    def _products(self, client: OneEntry) -> None:
        """A product for each name. The first name is also paid by card, so its price should have no cents."""
        found: list[tuple[PricedProduct, str]] = []
        for id_ in self.product_ids or FIRST_IDS:
            with suppress(Refused):
                preview = client.orders.preview_order([{"productId": id_, "quantity": 1}])
                found += [(product, preview.currency) for product in preview.order_preview]
        found.sort(key=lambda each: each[0].price % 1 != 0)
        if not found:
            self._table("products")
            self._lines.append(
                "# ? No product was found. Give ids: oneentry-scenarios profile --product 14 --product 2"
            )
        for number, name in enumerate(Profile().products if found else ()):
            product, currency = found[min(number, len(found) - 1)]
            self._table(f"products.{toml_key(name)}")
            self._lines.append(f"id = {product.id}")
            self._entry("price", money(product.price))
            if currency:
                self._entry("currency", currency)
            else:
                self._unknown("currency", 'the project does not say it; an ISO 4217 code such as "USD"')

    def _read(self, call: Callable[[], Answer]) -> Answer | None:
        """What a call reads; if it cannot, a comment that says why."""
        try:
            return call()
        except PreflightError as error:
            self._lines += [f"# ? {line}" for line in str(error).splitlines()]
            return None

    def _table(self, name: str) -> None:
        self._lines += ["", f"[{name}]"]

    def _entry(self, key: str, value: str | None, others: Sequence[str] = ()) -> None:
        also = f"  # or one of these: {_joined(others)}" if others else ""
        self._lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}{also}")

    def _unknown(self, key: str, where: str) -> None:
        self._lines.append(f'# ? {key} = ""  # {where}')


def _joined(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
