"""Writes the profile of a project from the values that can be read there, with a comment for each that cannot."""

import json
from collections.abc import Iterable, Iterator, Sequence

from oneentry_scenarios.api.forms import AskedField
from oneentry_scenarios.live.project import Project, is_connected, is_connected_for_tests
from oneentry_scenarios.problem import Problem, read_toml
from oneentry_scenarios.shop.checks.payments import WITHOUT_PAGE
from oneentry_scenarios.shop.profile import NOT_CONNECTED, Profile, money, toml_key

#: No call of the client lists products, so these IDs are tried if none are given.
FIRST_IDS = range(1, 41)
#: Types of text fields.
_TEXTS = ("string", "text")
_KNOWN = read_toml(__file__, "profile_writer.toml")
_WHERE: dict[str, str] = _KNOWN["where"]


def profile_of(project: Project) -> str:
    """Return the profile in TOML; raises Problem if the first call to the project failed."""
    if project.providers is None:
        raise Problem(project.reasons_unread["first call"])
    parts = _sign_in(project), _orders(project), _accounts(project), _statuses(project), _products(project)
    lines = [_KNOWN["head"], _entry("language", project.languages_instead or [Profile().language])]
    return "\n".join([*lines, *(line for part in parts for line in part)]) + "\n"


def _sign_in(project: Project) -> Iterator[str]:
    yield from _table(project, "sign_in")
    yield _entry("provider", [each.identifier for each in project.usable_providers])
    if project.provider:
        for key, marker in zip(("user_field", "password_field"), project.sign_in_markers(), strict=True):
            yield _entry(key, [marker] if marker else [], form=project.provider.form_identifier)


def _orders(project: Project) -> Iterator[str]:
    yield from _table(project, "orders")
    yield _entry("storage", [str(each.identifier) for each in project.usable_storages])
    if project.storage is None:
        return
    form, asked = project.storage.form_identifier, project.order_form
    yield _entry("form", [str(form)])
    required = [each for each in asked if each.is_required]
    texts = [each for each in required if each.type in _TEXTS]
    name = next((each for each in texts if "name" in each.marker.lower()), texts[0] if texts else None)
    yield _entry("name_field", [name.marker] if name else [], form=form)
    if name and name.type != "string":
        yield _entry("name_type", [name.type])
    for each in asked:
        if each.type == "string" and not each.is_required:
            yield f"# run_mark_field = {json.dumps(each.marker)}  # remove the # to write the run ID into this field"
    if more := [each for each in required if each is not name]:
        yield from _table(project, "orders.fields")
        yield from map(field_line, more)


def _accounts(project: Project) -> Iterator[str]:
    yield from _table(project, "accounts")
    linked = project.linked_accounts
    accounts = [account for account in project.accounts or () if account.identifier in linked]
    usable = [each for each in accounts if is_connected(each) or is_connected_for_tests(each)]
    kinds = {
        "cash": [each for each in usable if each.type == WITHOUT_PAGE],
        "card": sorted((each for each in usable if each.type != WITHOUT_PAGE), key=lambda each: not each.test_mode),
        NOT_CONNECTED: [account for account in accounts if account not in usable],
    }
    for name, found in kinds.items():
        lacks = f"no such account in the storage (available: {joined(linked)}). Scenarios that need it are skipped."
        yield _entry(toml_key(name), [each.identifier for each in found]) if found else f"# {name}: {lacks}"
    if any(account.test_mode is not True for account in kinds["card"][:1]):
        yield "# The card account is not in test mode: scenarios that pay with it are skipped."


def _statuses(project: Project) -> Iterator[str]:
    """Write the statuses that newer servers flag as final (SDK 1.0.158); no server flags the one of `expired`."""
    yield from _table(project, "order_statuses")
    all_ = joined(each.identifier for each in project.statuses)
    for outcome, flag in {"completed": "isFinalSuccess", "canceled": "isCancelFinal", "expired": ""}.items():
        found = [each.identifier for each in project.statuses if (each.model_extra or {}).get(flag) is True]
        yield _entry(outcome, found, where="status", known=all_)


def _products(project: Project) -> Iterator[str]:
    """Write a product for each name. The first is also paid by card, so its price should have no cents."""
    previews = [preview for preview in project.previews.values() if preview]
    found = [(product, preview.currency) for preview in previews for product in preview.order_preview]
    found.sort(key=lambda each: each[0].price % 1 != 0)
    if not found:
        yield from _table(project, "products")
        yield f"# ? {_WHERE['products']}"
    for number, name in enumerate(Profile().products if found else ()):
        product, currency = found[min(number, len(found) - 1)]
        yield from _table(project, f"products.{toml_key(name)}")
        yield f"id = {product.id}"
        yield _entry("price", [money(product.price)])
        yield _entry("currency", [currency] if currency else [])


def _table(project: Project, name: str) -> Iterator[str]:
    """Write the head of a table, and why it could not be read."""
    yield from ("", f"[{name}]", *(f"# ? {line}" for line in project.reasons_unread.get(name, "").splitlines()))


def _entry(key: str, values: Sequence[str], where: str = "", **facts: str | None) -> str:
    """Return a line with the first value; without values, a comment from `profile_writer.toml` (`where` or the key)."""
    if not values:
        return f'# ? {key} = ""  # {_WHERE[where or key].format(**facts)}'
    also = f"  # also available: {joined(values[1:])}" if values[1:] else ""
    return f"{key} = {json.dumps(values[0], ensure_ascii=False)}{also}"


def joined(names: Iterable[str]) -> str:
    """Return sorted names as part of a sentence."""
    return ", ".join(sorted(names)) or "none"


def field_line(asked: AskedField) -> str:
    """Return a profile line that fills in a field, or a comment if no value of its type can be generated."""
    choices = [each["value"] for each in asked.list_titles if isinstance(each, dict) and "value" in each]
    key, type_ = toml_key(asked.marker), json.dumps(asked.type)
    if asked.type in _TEXTS:
        maker = next((maker for part, maker in _KNOWN["fakers"].items() if part in asked.marker.lower()), "word")
        return f"{key} = {{ type = {type_}, faker = {json.dumps(maker)} }}"
    if asked.type in _KNOWN["numbers"]:
        return f"{key} = {{ type = {type_}, value = {_KNOWN['numbers'][asked.type]} }}"
    if asked.type in ("list", "radioButton") and choices:
        value = [choices[0]] if asked.type == "list" else choices[0]
        return f"{key} = {{ type = {type_}, value = {json.dumps(value)} }}"
    return f"# ? {key} = {{ type = {type_}, value = ... }}"
