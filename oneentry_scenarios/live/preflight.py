"""Compares the profile with the project before a live run places its first order, and locates each mistake."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import signature
from pathlib import Path

import pytest
from pytest_bdd.steps import step_function_context_registry

from oneentry_scenarios.environment import command
from oneentry_scenarios.gherkin.identity import IDENTITY, template_of
from oneentry_scenarios.live.profile_writer import FIRST_IDS, field_line, joined, profile_of
from oneentry_scenarios.live.project import Access, Project, is_connected, is_connected_for_tests
from oneentry_scenarios.problem import Problem, read_toml
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.checks.payments import WITHOUT_PAGE
from oneentry_scenarios.shop.profile import MOCK_PROFILE, NOT_CONNECTED, SECOND_ACCOUNT, Profile, money, toml_key

_TEXTS = read_toml(__file__, "preflight.toml")
#: The step arguments that name an entry of the profile: {account:Account}, {product:Product}.
_ARGUMENT = re.compile(r"\{(\w+):(Account|Product)\}")


@dataclass
class ProfileReferences:
    """The accounts and products that scenarios name; `cells` of tables below steps may also name products."""

    accounts: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)


@dataclass
class PreflightFindings:
    """Findings that do not stop a run: `hints` for the user, and identifiers of accounts.

    real_money: accounts that are not in test mode.
    test_only: accounts that are connected for tests only -> the message if an order with them is refused.
    """

    real_money: set[str] = field(default_factory=set)
    test_only: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)


@dataclass
class Preflight:
    """The checks of a profile and its project."""

    project: Project
    profile: Profile
    profile_file: Path | None
    references: ProfileReferences
    findings: PreflightFindings = field(default_factory=PreflightFindings)

    def run(self) -> PreflightFindings:
        """Run all checks and return the findings that do not stop a run; raises Problem, which lists all mistakes."""
        named = sorted((self.references.products | self.references.cells) & self.profile.products.keys())
        ids = [self.profile.products[name].id for name in named]
        self.project.read(self.profile, ids)
        problems = [*self.project.reasons_unread.values(), *self._sign_in(), *self._order_form()]
        problems += [*self._accounts(), *self._products(named)]
        if any(problem.startswith(("Profile: ", "[products")) for problem in problems):
            write = command("oneentry-scenarios", "profile")
            which = "given" if self.profile_file else "default"
            problems.append(_TEXTS["profile"][which].format(file=self.profile_file, command=write))
        if problems:
            raise Problem("\n".join(dict.fromkeys(problems)))
        return self.findings

    def _sign_in(self) -> Iterator[str]:
        project, sign_in = self.project, self.profile.sign_in
        message = self._sentences("sign-in")
        if project.languages_instead:
            yield message("language", known=", ".join(project.languages_instead))
        if project.providers is not None:
            found = next((each for each in project.providers if each.identifier == sign_in.provider), None)
            known = joined(each.identifier for each in project.providers)
            if found is None:
                yield message("missing", known=known)
            elif found.form_identifier is None:
                yield message("without-form", known=known)
            elif not found.is_active:
                yield message("off")
        known_fields = [each.marker for each in project.sign_in_form]
        for key, marker in (("user_field", sign_in.user_field), ("password_field", sign_in.password_field)):
            if known_fields and marker not in known_fields:
                yield message("field", key=key, marker=marker, known=", ".join(known_fields))

    def _order_form(self) -> Iterator[str]:
        """Name fields that the profile fills in but the form lacks, and required fields that the profile lacks."""
        project, message = self.project, self._sentences("orders")
        if project.storages_instead is not None:
            yield message("storage", known=joined(str(each.identifier) for each in project.storages_instead))
        if project.storage is None:
            return
        if project.storage.form_identifier != self.profile.orders.form:
            yield message("form" if project.storage.form_identifier else "no-form")
        orders, asked_fields = self.profile.orders, project.order_form
        for marker, (filled, asked) in orders.compare_types(asked_fields).items() if asked_fields else ():
            if asked is None:
                yield message("field", marker=marker, known=", ".join(each.marker for each in asked_fields))
            elif asked != filled:
                yield message("type", marker=marker, filled=filled, asked=asked)
        missing = orders.not_filled_in(asked_fields)
        yield from (message("required", marker=each.marker, line=field_line(each)) for each in missing)

    def _accounts(self) -> Iterator[str]:
        project = self.project
        if project.storage is None or project.accounts is None:
            return
        accounts = {account.identifier: account for account in project.accounts}
        linked = project.linked_accounts
        with_money = (each for each in project.accounts if each.type != WITHOUT_PAGE and each.test_mode is not True)
        self.findings.real_money.update(account.identifier for account in with_money)
        profile = self.profile.with_accounts_last(self.findings.real_money)
        sentences = partial(self._sentences("accounts"), offered=joined(linked), known=joined(accounts))
        if profile.accounts.keys() <= {NOT_CONNECTED}:
            self.findings.hints.append(sentences("none"))
        # Steps that name no account use the first one of the profile, and some the second.
        unnamed = profile.names_for_orders[: 2 if SECOND_ACCOUNT in self.references.accounts else 1]
        for name in sorted({*unnamed, *self.references.accounts} & profile.accounts.keys()):
            identifier = profile.accounts[name]
            account = accounts.get(identifier)
            message = partial(sentences, key=toml_key(name), identifier=identifier, account=account)
            if account is None:
                yield message("missing")
            elif identifier not in linked:
                yield message("unlinked")
            elif name == NOT_CONNECTED:
                if account.settings is not None and is_connected(account):  # without settings, it may be either
                    yield message("connected")
            elif is_connected(account):
                continue
            elif is_connected_for_tests(account):
                self.findings.hints.append(message("for-tests", consequence=message("may-be-refused")))
                self.findings.test_only[identifier] = message("for-tests", consequence=message("refused"))
            else:
                yield message("unconnected")

    def _products(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            product = self.profile.products[name]
            message = partial(self._sentences("products"), key=toml_key(name), product=product)
            if product.id not in self.project.previews:
                continue
            if (preview := self.project.previews[product.id]) is None:
                yield message("missing")
                continue
            total, due = preview.total_sum, preview.total_due
            price = product.price if total == product.price else money(total)
            currency = (preview.currency or product.currency).upper()
            compared = ("price", product.price, price), ("currency", product.currency.upper(), currency)
            wrong = [each for each in compared if each[1] != each[2]]
            for field_, mine, theirs in wrong:
                yield message("another", field=field_, mine=mine, theirs=theirs)
            if due != total and not wrong:
                self.findings.hints.append(message("due", due=money(due)))

    def _sentences(self, table: str) -> Callable[..., str]:
        """Return a function that formats a message of this table of `preflight.toml` by its name and facts."""
        return lambda name, /, **facts: _TEXTS[table][name].format(profile=self.profile, project=self.project, **facts)


def references_of(items: Iterable[pytest.Item]) -> ProfileReferences:
    """Return what the steps of these scenarios name. A step without an account uses its parameter's default."""
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
    """Return what `oneentry-scenarios profile` prints: a new profile, or with `checks` that `profile` matches.

    The default for `profile` is the profile of the environment. Raises Problem. Places no order.
    """
    if (product_ids and checks) or (profile and not checks):
        raise Problem("--product is for a new profile, --profile for --check: leave one of the two out.")
    access = Access.from_environment(root, may_order=False)
    redactor = Redactor()
    access.settings.learn(redactor, Profile())
    project = Project(access, access.connector(redactor))
    if not checks:
        return profile_of(project.read(None, product_ids or FIRST_IDS))
    file = profile or access.profile_file
    checked = Profile.read(file) if file else MOCK_PROFILE
    everything = ProfileReferences(set(checked.accounts), set(checked.products))
    findings = Preflight(project, checked, file, everything).run()
    compared = file or "No profile is given; the default shop"
    return "\n".join([*findings.hints, f"{compared} matches {access.settings.host}.", ""])
