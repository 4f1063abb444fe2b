"""The README's "Green means" is true: replay is red for a cassette in which one part of it is broken."""

import json
import re
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT, STORY, STORY_CASSETTE, Project, example
from tools.checkout import copy_product
from tools.faults.members import Edit, drop, put

PART = re.search(r"\*\*Green means\*\*.*?\n\n(.*?)\n\n", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
#: A phrase of the README, the change that breaks it, and what the failure names. Interactions by number: 0 signs in,
#: 1 orders, 2 opens the payment session, 3 lists accounts, 4 reads the session, 5 lists orders, 6 lists sessions.
CASES: list[tuple[str, Edit, str]] = [
    ("no interaction stays unused", lambda all_: [*all_, all_[6]], "GET /api/content/payments/sessions/"),
    ("exactly the recorded requests", lambda all_: all_[:-1], "GET /api/content/payments/sessions/"),
    ("in the recorded order", lambda all_: [*all_[:3], all_[4], all_[3], *all_[5:]], "GET /api/content/payments/acc"),
    ("method", put("1.request.method", "PUT"), "PUT /api/content/orders-storage"),
    ("path", put("1.request.url", lambda url: f"{url}/1"), "orders/orders/1"),
    ("query", put("5.request.url", lambda url: url.replace("limit=30", "limit=31")), "query.limit"),
    ("body", put("1.request.body.json.products.0.quantity", 2), "body.products.0.quantity"),
    ("values of the app token", put("1.request.headers.x-app-token", "redacted-app-token-2"), "headers.x-app-token"),
    ("authorization", put("1.request.headers.authorization", "Bearer another"), "headers.authorization"),
    ("content type headers", put("1.request.headers.content-type", "text/xml"), "headers.content-type"),
    ("only their presence is checked", drop("1.request.headers.x-device-metadata"), "headers.x-device-metadata"),
    ("required fields are present", drop("1.response.body.json.totalSum"), "totalSum"),
    ("documented types", put("1.response.body.json.totalSum", "340"), "totalSum"),
    ("show what the customer ordered", put("1.response.body.json.products.0.quantity", 2), "products"),
    ("opened", put("2.response.body.json.orderId", 90), "90"),
    ("signed in", put("0.response.body.json.userIdentifier", "person-2@redacted.invalid"), "person-2"),
    (
        "nothing else has changed",
        put("5.response.body.json.items", lambda items: [*items, items[0] | {"id": 90}]),
        "90",
    ),
]
#: Changes that are not compared: none at all, and another value of a header of which only the presence counts.
GREEN: list[Edit] = [lambda all_: all_, put("1.request.headers.x-device-metadata", "another")]


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Replay the @smoke scenario once per change, all in one run; return the failures, empty if green, GREEN last."""
    copy_product(root := tmp_path_factory.mktemp("changed"), example())
    feature, cassette = STORY.partition("::")[0], json.loads((root / STORY_CASSETTE).read_text("utf-8"))
    text = (root / feature).read_text("utf-8")
    [(background, steps)] = re.findall(r"(?s)\A.*?(  Background:.*?\n\n).*?  Scenario:[^\n]*\n(.*?)(?:\n\n.*)?\Z", text)
    (root / "cassettes/changed").mkdir()
    names = [f"Case {number}" for number in range(len(CASES) + len(GREEN))]
    for name, edit in zip(names, [*(edit for _, edit, _ in CASES), *GREEN], strict=True):
        changed = json.loads(json.dumps(cassette))
        changed["scenario"] |= {"feature": "Changed", "name": name}
        changed["interactions"] = edit(changed["interactions"])
        (root / f"cassettes/changed/{name.lower().replace(' ', '-')}.json").write_text(json.dumps(changed))
    scenarios = "\n\n".join(f"  Scenario: {name}\n{steps}" for name in names)
    (root / "features/changed.feature").write_text(f"Feature: Changed\n\n{background}{scenarios}\n")
    Project(root).run("features/changed.feature")
    cases = ElementTree.parse(root / "reports/junit.xml").iter("testcase")  # noqa: S314  (our own file)
    said = {case.get("name"): case.findtext("failure", "") for case in cases}
    return [said[name] for name in names]


@pytest.mark.parametrize(("part", "number", "said"), [(part, n, said) for n, (part, _, said) in enumerate(CASES)])
def test_a_cassette_that_breaks_a_part_makes_replay_red(failures: list[str], part: str, number: int, said: str) -> None:
    assert PART
    assert part in " ".join(PART[1].split())
    assert said in failures[number]


def test_what_is_not_compared_stays_green(failures: list[str]) -> None:
    assert failures[len(CASES) :] == [""] * len(GREEN)
