"""The preflight: each mistake that it can find by reading is reported in one message that says where to fix it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from starlette.responses import Response

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.live.preflight import Preflight, PreflightFindings, ProfileReferences
from oneentry_scenarios.live.project import Access, Project
from oneentry_scenarios.live.settings import Limits
from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.shop.profile import Product, Profile
from tests.live.projects import SAMPLES, LiveProject, running

ALL = ProfileReferences({"cash", "card", "bank transfer"}, {"Product 14", "Product 2"})


@pytest.fixture(scope="module", params=[("default", "current"), ("other", "2025")], ids=" ".join)
def live_project(request: pytest.FixtureRequest) -> Iterator[LiveProject]:
    shop, era = request.param
    with running(shop, era) as project:
        yield project


def check(
    settings: ProjectAndUsers, profile: Profile, references: ProfileReferences = ALL, limits: Limits | None = None
) -> PreflightFindings:
    connection = ClientConfig(settings.project_url, settings.app_token, read_timeout=1)
    connect = partial(OneEntry, connection)
    return Preflight(Project(Access(settings, limits or Limits()), connect), profile, None, references).run()


def problem(settings: ProjectAndUsers, profile: Profile) -> str:
    with pytest.raises(Problem) as error:
        check(settings, profile)
    return str(error.value)


def with_table(profile: Profile, table: str, **values: Any) -> Profile:
    """The profile with other values in a table of it, or at its top."""
    if not table:
        return profile.model_copy(update=values)
    content = getattr(profile, table)
    changed = content | values if isinstance(content, dict) else content.model_copy(update=values)
    return profile.model_copy(update={table: changed})


def test_a_project_that_fits_passes_and_nothing_is_left_behind(live_project: LiveProject) -> None:
    assert check(live_project.settings, live_project.profile) == PreflightFindings()
    with live_project.client() as client:
        provider = live_project.profile.sign_in.provider
        assert len(client.auth_provider.get_active_sessions_by_marker(provider)) == 1, "only this very client"
    assert live_project.order_count() == 0


@pytest.mark.parametrize(("said", "wrong"), SAMPLES["settings"].items())
def test_a_mistake_in_the_environment_is_named(live_project: LiveProject, said: str, wrong: dict[str, str]) -> None:
    right = live_project.settings
    known = vars(right) | {"inactive": live_project.shop_data.users[2]}
    values = {name: value.format(**known) for name, value in wrong.items()}
    message = problem(replace(right, **values), live_project.profile)
    assert re.match(said, message), message
    assert right.password not in message.replace("ONEENTRY", "")


@pytest.mark.parametrize(("said", "mistake"), SAMPLES["profiles"].items())
def test_a_mistake_in_the_profile_is_named(live_project: LiveProject, said: str, mistake: list[str]) -> None:
    (table, key, value), profile = mistake, live_project.profile
    known = {"unlinked": live_project.shop_data.accounts[-1].identifier, "cash": profile.account("cash")}
    known["unconnected"] = profile.account("bank transfer")
    changed = with_table(profile, table, **{key: value.format(**known)})
    assert said.format(**known) in problem(live_project.settings, changed)


def test_accounts_that_no_scenario_mentions_are_not_checked(live_project: LiveProject) -> None:
    profile = with_table(live_project.profile, "accounts", card="no-card")
    check(live_project.settings, profile, ProfileReferences({"cash"}, set()))


@pytest.mark.parametrize(("key", "value"), [("id", 999), ("price", "1.00"), ("currency", "XAU")])
def test_a_product_that_is_another_is_named(live_project: LiveProject, key: str, value: object) -> None:
    profile = live_project.profile
    product = Product.model_validate(profile.product("Product 14").model_dump(mode="json") | {key: value})
    says = "the project has no such product" if key == "id" else "in the project it is "
    message = problem(live_project.settings, with_table(profile, "products", **{"Product 14": product}))
    assert f'[products."Product 14"] {key} = {json.dumps(value)}: {says}' in message


@pytest.mark.parametrize(
    ("website", "detail"),
    [
        (Response("<html>Welcome</html>"), "the body is not JSON"),
        (Response('{"hello": "world"}'), "differs from what is documented"),
        (Response("", 301, {"Location": "https://www.shop.example/"}), "it redirects to https://www.shop.example/"),
        (Response("<html>Forbidden</html>", 403), "403 no message"),
        (Response('{"message": "Cannot GET /api"}', 404), "404 Cannot GET /api"),
    ],
    ids=["page", "JSON", "redirect", "forbidden", "not found"],
)
def test_an_address_that_is_not_oneentry_is_named(website: Response, detail: str) -> None:
    with Server() as server:
        server.application = website
        message = problem(ProjectAndUsers(server.url, "your-app-token", "a@email.com", "123456"), Profile())
    host = server.url.removeprefix("http://")
    assert message.startswith(f"ONEENTRY_PROJECT_URL: {host} responds, but does not look like OneEntry: ")
    assert detail in message
