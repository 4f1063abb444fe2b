"""Changes of recorded values: what no healthy shop does is found wherever it is recorded, the rest has a reason."""

from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import SOAK
from tools.faults import leaves, report

pytestmark = pytest.mark.usefixtures("measured")

#: What no healthy shop does, as "operation field change".
FOUND = (
    "auth HTTP-status 204",
    "create_order products.*.productId one-more",
    "create_order totalSum negative",
    "get_accounts HTTP-status 20?",
    "get_active_sessions_by_marker deviceInfo.browser other",
    "get_all_orders_by_marker total many-more",
    "get_auth_provider_by_marker isActive opposite",
    "get_orders_storage_by_marker formIdentifier other",
    "get_session* updatedDate earlier",
    "get_sessions id one-more",
    "get_sessions total zero",
    "get_user! content-type other",
    "get_user! statusCode one-more",
    "preview_order totalDue negative",
    "preview_order totalSum *",
)


@pytest.mark.soak
def test_what_no_healthy_shop_does_is_found_wherever_it_is_recorded() -> None:
    made, green = leaves.replayed(FOUND, every=1 if SOAK else 8)
    assert made > (500 if SOAK else 60)
    assert not green


def test_what_stays_green_has_a_reason() -> None:
    made, green = leaves.replayed(every=200)
    assert made > 125
    assert green.keys() == leaves.explained(green)[0].keys()


def test_a_survivor_without_a_reason_and_a_reason_without_a_survivor_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(leaves, "replayed", lambda _: (9, Counter({"auth a other": 2, "auth b.*.c null": 1})))
    monkeypatch.setattr(report, "DOCS", document := tmp_path / "faults.md")
    monkeypatch.setattr(leaves, "REASONS", reasons := tmp_path / "leaves.toml")
    reasons.write_text('reasons = [{ of = ["* b.*.c *", "refresh *"], reason = "Optional." }]')
    document.touch()
    assert leaves.main([]) == 1
    assert capsys.readouterr().out == (
        "9 changes of recorded values, 3 undetected\n"
        "  auth a other: 2 undetected, without a reason\n  refresh *: matches no undetected change\n"
    )
    assert "\n| `b.*.c` | auth | null | 1 | Optional. |\n" in document.read_text()
