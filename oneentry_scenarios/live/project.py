"""What can be read of a project, for checking a profile and for writing one."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from oneentry_scenarios.api.auth_provider import AuthField
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError
from oneentry_scenarios.api.models import AskedField, OrderStorage, PaymentAccount, ProviderOfSignIn
from oneentry_scenarios.shop.profile import toml_key

#: Accounts of this type ask for no money by themselves: cash and the like.
WITHOUT_MONEY = "custom"
#: Types of text fields.
TEXTS = ("string", "text")
#: Part of a marker -> the method of Faker that makes up such a text.
_FAKERS = {"phone": "phone_number", "tel": "phone_number", "mail": "ascii_safe_email", "street": "street_address"}
_FAKERS |= {"address": "street_address", "city": "city", "zip": "postcode", "post": "postcode", "name": "name"}
_NUMBERS = {"integer": 1, "float": 1.5, "real": 1.5}
_LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")


def other_languages(providers: Iterable[ProviderOfSignIn]) -> list[str]:
    """The project's languages, if the client's is not one of them: of a known one, it shows the texts alone."""
    infos = [(each.model_extra or {}).get("localizeInfos") for each in providers]
    return sorted({name for info in infos if isinstance(info, dict) for name in info if _LANGUAGE.fullmatch(name)})


def usable_providers(providers: Iterable[ProviderOfSignIn]) -> list[ProviderOfSignIn]:
    """Those that a customer can sign in with."""
    return [each for each in providers if each.is_active and each.form_identifier]


def usable_storages(storages: Iterable[OrderStorage]) -> list[OrderStorage]:
    """Those that have a form, without which no order can be placed."""
    return [each for each in storages if each.identifier and each.form_identifier]


def sign_in_fields(asked: Iterable[AskedField]) -> tuple[str | None, str | None]:
    """The markers of the fields for user and password."""
    login = next((each.marker for each in asked if each.is_login), None)
    return login, next((each.marker for each in asked if each.is_password), None)


def fields_of(client: OneEntry, form: str | None) -> Sequence[AskedField]:
    """What a form asks for; nothing if the project does not show it: many user groups may not read forms."""
    with suppress(OneEntryError):
        return client.forms.get_form_by_marker(form or "").attributes
    return ()


def made_up(asked: AskedField) -> str:
    """A line for a profile that fills in a field; a comment for a type of which no value can be made up."""
    choices = [each["value"] for each in asked.list_titles if isinstance(each, dict) and "value" in each]
    key, type_ = toml_key(asked.marker), json.dumps(asked.type)
    if asked.type in TEXTS:
        maker = next((maker for part, maker in _FAKERS.items() if part in asked.marker.lower()), "word")
        return f"{key} = {{ type = {type_}, faker = {json.dumps(maker)} }}"
    if asked.type in _NUMBERS:
        return f"{key} = {{ type = {type_}, value = {_NUMBERS[asked.type]} }}"
    if asked.type in ("list", "radioButton") and choices:
        value = [choices[0]] if asked.type == "list" else choices[0]
        return f"{key} = {{ type = {type_}, value = {json.dumps(value)} }}"
    return f"# ? {key} = {{ type = {type_}, value = ... }}"


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
