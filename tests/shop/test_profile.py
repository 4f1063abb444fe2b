"""The profile: read strictly, each mistake named with its place; what it lacks, with the lines to add."""

from pathlib import Path

import pytest
from faker import Faker

from oneentry_scenarios.mock_server import OTHER_PROFILE
from oneentry_scenarios.problem import Problem, read_toml
from oneentry_scenarios.shop.profile import FilledField, NotInProfile, Profile

MISTAKES = read_toml(__file__, "mistakes.toml")["profiles"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "profile.md"


def read(tmp_path: Path, text: str) -> Profile:
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return Profile.read(path)


def test_what_is_left_out_stays_as_in_the_documented_story(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Profile()
    profile = read(tmp_path, '[orders]\nstorage = "mine"\n')
    assert (profile.orders.storage, profile.orders.form, profile.orders.run_mark_field) == ("mine", "order", None)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["says"])
def test_a_mistake_is_named_with_its_place(tmp_path: Path, mistake: dict[str, str]) -> None:
    with pytest.raises(Problem) as error:
        read(tmp_path, mistake["text"])
    assert f"shop.toml cannot be used:\n  - {mistake['says']}" in str(error.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problem) as error:
        read(tmp_path, 'langage = "x"\n[orders]\nfrom = "order"')
    assert str(error.value).count("there is no such key") == 2


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="is not valid TOML"):
        read(tmp_path, "language = ")
    with pytest.raises(Problem, match=r"nowhere\.toml cannot be read: No such file"):
        Profile.read(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("kind", "name", "lines"),
    [
        ("product", "Product 9", '\n  [products."Product 9"]\n  id = 1\n  price = "1.00"\n  currency = "USD"'),
        ("account", "cahs", '\n  [accounts]\n  cahs = "its identifier"'),
        ("order_status", "refunded", '\n  [order_statuses]\n  refunded = "its identifier"'),
    ],
)
def test_what_is_missing_is_reported_with_the_lines_to_add(kind: str, name: str, lines: str) -> None:
    with pytest.raises(NotInProfile) as error:
        getattr(Profile(), kind)(name)
    assert str(error.value).endswith(f"Add it with your shop's values (in replay, re-record then):{lines}")
    assert ("; did you mean 'cash'?" in str(error.value)) == (name == "cahs")


def test_the_lines_to_add_are_a_profile(tmp_path: Path) -> None:
    with pytest.raises(NotInProfile) as error:
        Profile().product('6" pan')
    lines = str(error.value).partition(":\n")[2]
    assert read(tmp_path, lines).product('6" pan').id == 1


def test_the_document_shows_every_key_and_can_be_used(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    shown = read(tmp_path, text).model_dump(mode="json")
    every = Profile.read(OTHER_PROFILE).model_dump(mode="json")
    assert _keys(shown) == _keys(every)


def _keys(document: dict[str, dict[str, object]]) -> dict[str, set[str]]:
    return {name: set(table) if isinstance(table, dict) else set() for name, table in document.items()}


@pytest.mark.parametrize("method", ["wrod", "json_bytes_of_nothing", "__dict__"])
def test_a_method_that_faker_does_not_have_is_named(method: str) -> None:
    with pytest.raises(Problem, match=rf"\[orders\.fields\] floor: Faker cannot generate '{method}'"):
        FilledField(faker=method).generated("floor", Faker())
