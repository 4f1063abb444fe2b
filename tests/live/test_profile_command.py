"""The command `profile`: what it writes fits the project; all that is wrong in a profile is one message."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oneentry_scenarios.__main__ import main
from oneentry_scenarios.live.settings import ALLOW_ORDERS
from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, OTHER, Field, ShopData
from oneentry_scenarios.shop.profile import Profile
from tests.conftest import STORY, STORY_CASSETTE, Project
from tests.live.projects import SAMPLES, LiveProject

#: A shop in which nothing is called as in the default shop, and whose order form requires more than a name.
DEMANDING = OTHER._replace(
    storages=(
        OTHER.storages[0]._replace(
            fields=(
                *(Field("besteller", "text"), Field("telefon", "string"), Field("etage", "integer")),
                *(Field("lieferung", "timeInterval"), Field("vermerk", "string", is_required=False)),
            ),
        ),
        *OTHER.storages[1:],
    ),
)


@pytest.fixture(params=[DEFAULT_SHOP, OTHER, DEMANDING], ids=["default", "other", "demanding"])
def shop_data(request: pytest.FixtureRequest) -> ShopData:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def server(shop_data: ShopData) -> Iterator[Server]:
    with Server(shop_data=shop_data) as server:
        yield server


@pytest.fixture
def live_project(shop_data: ShopData, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LiveProject:
    """A project in the environment, in which no orders are allowed, in an empty directory."""
    project = LiveProject(server.url, shop_data)
    for name, value in project.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ONEENTRY_PROFILE", raising=False)
    monkeypatch.delenv(ALLOW_ORDERS)
    monkeypatch.chdir(tmp_path)
    return project


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["profile", *arguments])
    return code, *capsys.readouterr()


def written_for(shop_data: ShopData, capsys: pytest.CaptureFixture[str]) -> str:
    """The profile as the command writes it, completed where it says that a person must."""
    code, written, _ = run(capsys, *(f"--product={product.id}" for product in shop_data.products))
    assert code == 0
    unknown = '# ? lieferung = { type = "timeInterval", value = ... }'
    assert (unknown in written) == (shop_data is DEMANDING)
    return written.replace(unknown, 'lieferung = { type = "timeInterval", value = ["10:00"] }')


def test_a_written_profile_fits_the_project(
    live_project: LiveProject, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "my-shop.toml").write_text(written_for(live_project.shop_data, capsys))
    fits = f"my-shop.toml matches {live_project.settings.host}.\n"
    assert run(capsys, "--check", "--profile", "my-shop.toml") == (0, fits, "")
    profile = Profile.read(tmp_path / "my-shop.toml")
    assert profile.product("Product 14").price % 1 == 0, "it is also paid by card"
    assert set(profile.accounts) == {"cash", "card", "bank transfer"}
    assert live_project.order_count() == 0


@pytest.mark.parametrize("shop_data", [DEMANDING], indirect=True, ids=["demanding"])
def test_an_order_fills_in_all_that_the_form_requires(
    live_project: LiveProject, capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    """Recorded with generated values, which are the same in replay."""
    (project.root / "my-shop.toml").write_text(written_for(live_project.shop_data, capsys))
    variables = live_project.variables | {"ONEENTRY_PROFILE": "my-shop.toml"}
    project.run("--api=live", "--record", STORY, **variables).expect(0)
    [order] = live_project.orders()
    filled = {field.marker: (field.type, field.value) for field in order.form_data}
    phone = filled.pop("telefon")
    assert filled == {
        "besteller": ("text", "Christina Thomas"),
        "etage": ("integer", 1),
        "lieferung": ("timeInterval", ["10:00"]),
    }
    assert len(phone[1]) > 5
    assert phone[1] in (project.root / STORY_CASSETTE).read_text("utf-8")
    assert project.run(STORY).code == 0


@pytest.mark.parametrize("shop_data", [OTHER], indirect=True, ids=["other"])
def test_all_that_is_wrong_is_one_message(live_project: LiveProject, capsys: pytest.CaptureFixture[str]) -> None:
    """The example's profile in a shop in which nothing is called as there."""
    code, _, message = run(capsys, "--check")
    assert code == 1
    missing = [each for each in SAMPLES["all-wrong"] if not re.search(f"^{re.escape(each)}", message, re.MULTILINE)]
    assert not missing, message
    assert live_project.order_count() == 0


@pytest.mark.usefixtures("live_project")
@pytest.mark.parametrize("shop_data", [DEFAULT_SHOP], indirect=True, ids=["default"])
def test_what_may_not_be_read_becomes_a_comment(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.controls.remove_permission("orders.get_all_orders_storage")
    code, written, _ = run(capsys)
    assert (code, bool(re.search("^# [?] .* is a missing permission", written, re.MULTILINE))) == (0, True)
    server.controls.remove_permission("forms.get_form_by_marker")
    code, written, _ = run(capsys)
    known = "# ? user_field = \"\"  # its marker is in the form 'reg' in the admin panel"
    assert (code, known in written) == (0, True)


@pytest.mark.usefixtures("live_project")
@pytest.mark.parametrize("shop_data", [DEFAULT_SHOP], indirect=True, ids=["default"])
def test_a_mistake_in_the_environment_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEENTRY_APP_TOKEN", "another")
    assert run(capsys)[2].startswith("ONEENTRY_APP_TOKEN: ")
    monkeypatch.delenv("ONEENTRY_APP_TOKEN")
    assert run(capsys)[2].startswith("A live run needs the settings of your project. Missing: ONEENTRY_APP_TOKEN.")
