"""Compares the profile with the project before a live run places its first order; says of each mistake where it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.environment import command
from oneentry_scenarios.gherkin.identity import IDENTITY, template_of
from oneentry_scenarios.live.profile_writer import FIRST_IDS, joined, made_up, profile_of
from oneentry_scenarios.live.project import Access, Project, is_connected, is_connected_for_tests
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.checks.payments import WITHOUT_PAGE
from oneentry_scenarios.shop.profile import ANOTHER_ACCOUNT, DEFAULT, NOT_CONNECTED, Profile, money, toml_key

#: The step arguments that name something in the profile: {account:Account}, {product:Product}.
_ARGUMENT = re.compile(r"\{(\w+):(Account|Product)\}")


@dataclass
class ProfileReferences:
    """What scenarios refer to, by the names that features use; `cells` of tables below steps may name products."""

    accounts: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)


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

    def run(self) -> Findings:
        """Make all checks; raises Problem, which names each mistake, or returns what stops no run.

        Where the profile names what is not there, the checks go on with what is.
        """
        named = sorted((self.references.products | self.references.cells) & self.profile.products.keys())
        project = Project(self.access, self.connect).read(
            self.profile, [self.profile.products[name].id for name in named]
        )
        problems = [*project.unread.values(), *self._sign_in(project), *self._order_form(project)]
        problems += [*self._accounts(project), *self._products(project, named)]
        if any(problem.startswith(("Profile: ", "[products")) for problem in problems):
            problems.append(
                f"The profile is {self.profile_file}."
                if self.profile_file
                else "No profile is given, so the shop should be OneEntry's example. Write your own: "
                f"{command('oneentry-scenarios', 'profile')} > my-shop.toml, then ONEENTRY_PROFILE=my-shop.toml in .env"
            )
        if problems:
            raise Problem("\n".join(dict.fromkeys(problems)))
        return self.findings

    def _sign_in(self, project: Project) -> Iterator[str]:
        names = self.profile.sign_in
        if project.languages:
            line = _line("language", self.profile.language)
            yield f"{line}: the project does not have this language, only {', '.join(project.languages)}"
        if project.providers is not None:
            line = _line("[sign_in] provider", names.provider)
            found = next((each for each in project.providers if each.identifier == names.provider), None)
            if found is None:
                yield f"{line}: the project has no such auth provider, only {_listed(project.providers)}"
            elif found.form_identifier is None:
                yield f"{line}: it has no form to sign in with; the project has {_listed(project.providers)}"
            elif not found.is_active:
                yield f"{line}: this auth provider is switched off; switch it on in the admin panel"
        known = [each.marker for each in project.sign_in_form]
        form = project.provider.form_identifier if project.provider else None
        for key, mine in (("user_field", names.user_field), ("password_field", names.password_field)):
            if known and mine not in known:
                line = _line(f"[sign_in] {key}", mine)
                yield f"{line}: the sign-in form {form!r} has no such field, only {', '.join(known)}"

    def _order_form(self, project: Project) -> Iterator[str]:
        """What the profile fills in but the form does not have, and what the form requires but does not get."""
        names, storage = self.profile.orders, project.storage
        if project.storages is not None:
            line = _line("[orders] storage", names.storage)
            yield f"{line}: the project has no such order storage, only {_listed(project.storages)}"
        if storage is None:
            return
        form = storage.form_identifier
        if form != names.form:
            yield f"{_line('[orders] form', names.form)}: the order storage {storage.identifier!r} has {form!r}"
        types, others = names.compared(project.order_form)
        for marker, (filled, asked) in types.items() if project.order_form else ():
            line = f"Profile: [orders] fills in {marker!r}"
            if asked is None:
                yield f"{line}: the form {form!r} has only {', '.join(each.marker for each in project.order_form)}"
            elif asked != filled:
                yield f"{line} as {filled!r}: its type in the form {form!r} is {asked!r}"
        for each in others:
            example = f"Add, for example\n  [orders.fields]\n  {made_up(each)}"
            yield f"Profile: the form {form!r} also requires {each.marker!r}. {example}"

    def _accounts(self, project: Project) -> Iterator[str]:
        if project.storage is None or project.accounts is None:
            return
        accounts = {account.identifier: account for account in project.accounts}
        linked, offered = project.linked_accounts, joined(project.linked_accounts)
        with_money = (each for each in project.accounts if each.type != WITHOUT_PAGE and each.test_mode is not True)
        self.findings.real_money.update(account.identifier for account in with_money)
        profile = self.profile.ordering_last_by(self.findings.real_money)
        if profile.accounts.keys() <= {NOT_CONNECTED}:
            none = f"[accounts] has none to order by, and the order storage {profile.orders.storage!r} offers {offered}"
            advice = "Link one in the admin panel and add it; until then, scenarios that order are skipped."
            self.findings.hints.append(f"Profile: {none}. OneEntry takes no order without an account. {advice}")
        taken = profile.to_order_by[: 2 if ANOTHER_ACCOUNT in self.references.accounts else 1]
        for name in sorted({*taken, *self.references.accounts} & profile.accounts.keys()):
            identifier = profile.accounts[name]
            line = _line(f"[accounts] {toml_key(name)}", identifier)
            this, account = f"{line}: this payment account", accounts.get(identifier)
            if account is None:
                yield f"{line}: the project has no such payment account, only {joined(accounts)}"
            elif identifier not in linked:
                yield (
                    f"{this} is not linked to the order storage {profile.orders.storage!r}, which offers {offered}. "
                    "Link it in the admin panel, name another, or leave the line out: then what needs it is skipped"
                )
            elif account.settings is None or is_connected(account) != (name == NOT_CONNECTED):
                continue
            elif name == NOT_CONNECTED:
                unlike = "is connected, but scenarios need one here that is not"
                yield f"{this} {unlike}. Name another, or leave the line out: then they are skipped"
            elif not is_connected_for_tests(account):
                status = account.settings.status
                yield f"{this} is not connected ({status}). Connect it in the admin panel, or name another"
            else:
                hint = (
                    f"{this} is in test mode and connected for tests, but {account.settings.status} for real payments. "
                    "OneEntry looks at the latter and may refuse orders by it"
                )
                self.findings.hints.append(f"{hint}; then their scenarios are skipped")
                self.findings.unconnected[identifier] = f"{hint}. It did"

    def _products(self, project: Project, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            product, table = self.profile.products[name], f"[products.{toml_key(name)}]"
            if product.id not in project.previews:
                continue
            if (preview := project.previews[product.id]) is None:
                yield f"{table} id = {product.id}: the project has no such product"
                continue
            total, due = preview.total_sum, preview.total_due
            price = product.price if total == product.price else money(total)
            currency = (preview.currency or product.currency).upper()
            compared = ("price", product.price, price), ("currency", product.currency.upper(), currency)
            wrong = [(key, mine, theirs) for key, mine, theirs in compared if mine != theirs]
            for key, mine, theirs in wrong:
                yield (
                    f'{table} {key} = "{mine}": in the project it is {theirs}. If that is right, write\n'
                    f'  {table}\n  {key} = "{theirs}"'
                )
            if due != total and not wrong:
                self.findings.hints.append(
                    f'{table} price = "{product.price}": right, but {money(due)} is due, after discounts or taxes. '
                    "If scenarios find other totals, that is why"
                )


def references_of(items: Iterable[pytest.Item]) -> ProfileReferences:
    """What these scenarios name in their lines, and the account that a step takes where its line names none."""
    references = ProfileReferences()
    found = {"Account": references.accounts, "Product": references.products}
    for item in (each for each in items if IDENTITY in each.stash):
        for step in template_of(item).render(item.stash[IDENTITY].row).steps:
            rows = step.datatable.rows if step.datatable else ()
            references.cells.update(cell.value for row in rows for cell in row.cells)
            for context in step_function_context_registry.values():
                if context.parser.is_matching(step.name):
                    words = context.parser.parse_arguments(step.name) or {}
                    for argument, kind in _ARGUMENT.findall(context.parser.name):
                        found[kind].add(words[argument])
                    account = signature(context.step_func).parameters.get("account")
                    if account and isinstance(account.default, str) and "account" not in words:
                        references.accounts.add(account.default)
    return references


def profile_text(root: Path, product_ids: Sequence[int], profile: Path | None, *, checks: bool) -> str:
    """What `oneentry-scenarios profile` prints: the project's profile, or that the given one fits.

    Without one, that of the environment is checked. Raises Problem. Places no order.
    """
    variables = environment(root)
    settings = settings_from(variables, may_order=False)
    access = Access(settings, Limits.from_environment(variables))
    redactor = Redactor()
    settings.learn(redactor, Profile())
    connect = partial(OneEntry, access.client_config(MessageRedactor(redactor)))
    if not checks:
        return profile_of(Project(access, connect).read(None, product_ids or FIRST_IDS))
    file = profile or (root / variables["ONEENTRY_PROFILE"] if variables.get("ONEENTRY_PROFILE") else None)
    checked = Profile.read(file) if file else DEFAULT
    everything = ProfileReferences(set(checked.accounts), set(checked.products))
    findings = Preflight(access, checked, file, everything, connect).run()
    return "\n".join([*findings.hints, f"{file or 'The example profile'} fits {settings.host}.", ""])


def _line(key: str, value: str) -> str:
    """A line of the profile."""
    return f'Profile: {key} = "{value}"'


def _listed(entries: Iterable[Any]) -> str:
    return ", ".join(str(entry.identifier) for entry in entries) or "none"
