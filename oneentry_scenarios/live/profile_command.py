"""The command `oneentry-scenarios profile`: writes the profile of the project in the environment, or checks one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.live.access import Access
from oneentry_scenarios.live.preflight import Preflight
from oneentry_scenarios.live.profile_references import ProfileReferences
from oneentry_scenarios.live.profile_writer import ProfileWriter
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile


def profile_text(root: Path, product_ids: Sequence[int], profile: Path | None, *, checks: bool) -> str:
    """What to print: the profile of the project, or that the given profile (else the environment's) fits it.

    Raises SettingsError, ProfileError or PreflightError, each of which says what to change. Places no order.
    """
    variables = environment(root)
    settings = settings_from(variables, may_order=False)
    access = Access(settings, Limits.from_environment(variables))
    access.check()
    redactor = Redactor()
    settings.learn(redactor, Profile())
    connect = partial(OneEntry, access.client_config(MessageRedactor(redactor)))
    if not checks:
        return ProfileWriter(access, connect, product_ids).write()
    file = profile or (root / variables["ONEENTRY_PROFILE"] if variables.get("ONEENTRY_PROFILE") else None)
    checked = Profile.read(file) if file else Profile()
    everything = ProfileReferences(set(checked.accounts), set(checked.products))
    findings = Preflight(access, checked, file, everything, connect).run()
    return "\n".join([*findings.hints, f"{file or 'The example profile'} fits {settings.host}.", ""])
