"""The catalogue of healthy shops can be trusted: a shop that is not healthy is red, a bad layer is at fault itself."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from oneentry_scenarios.live.settings import message
from oneentry_scenarios.mock_server import DEFAULT_SHOP, Clock, Server
from tests.conftest import STORY
from tools.faults import report as fault_report
from tools.healthy import __main__ as command
from tools.healthy import report
from tools.healthy.catalogue import AS_IT_IS, SHOPS
from tools.healthy.catalogue.broken import BROKEN
from tools.healthy.run import FalseAlarm, Result, run
from tools.healthy.server import place_earlier_orders
from tools.healthy.shop import Mark

pytestmark = pytest.mark.usefixtures("measured")

BY_ID = {shop.id: shop for shop in (*SHOPS, *BROKEN)}
ONCE = (("first", 0),)


def test_every_shop_has_a_name_of_its_own_a_source_and_a_mark() -> None:
    assert len({shop.id for shop in SHOPS}) == len(SHOPS) >= 40
    assert SHOPS[0] is AS_IT_IS
    for shop in SHOPS:
        assert re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)?", shop.id)
        assert shop.title
        assert shop.source
        assert shop.mark in get_args(Mark)


@pytest.mark.parametrize(
    "shop", ["http/gzip", "json/more-fields", "sessions/amount", "sessions/link-later", "accounts/only-cards"]
)
def test_the_scenarios_run_over_a_shop(shop: str) -> None:
    result = run(BY_ID[shop], ONCE, (STORY,))
    assert result.is_quiet, report.details(result)


def test_earlier_orders_are_in_the_past_and_half_have_a_session() -> None:
    with Server(clock=Clock) as server:
        before = datetime.now(UTC)
        asyncio.run(place_earlier_orders(server, 4))
        numbers = range(DEFAULT_SHOP.first_order, DEFAULT_SHOP.first_order + 4)
        orders = [server.shop.orders.of_buyer(DEFAULT_SHOP.users[0], number) for number in numbers]
        assert abs(server.shop.clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert [len(order.sessions) for order in orders] == [0, 1, 0, 1]
    assert all(order.created < before for order in orders)


@pytest.mark.parametrize(
    ("shop", "problem"),
    [("broken/no-change", "it changed no response"), ("broken/layer", "the layer failed: Traceback")],
)
def test_a_bad_shop_is_an_error_of_the_catalogue(shop: str, problem: str) -> None:
    result = run(BY_ID[shop], ONCE, (STORY,))
    assert not result.alarms
    [found] = result.problems
    assert problem in found
    assert report.line(result).startswith("ERROR")


def test_a_shop_that_is_not_healthy_is_red() -> None:
    result = run(BY_ID["broken/total"], (("first", 0), ("again", 0)), (STORY,))
    assert [each.run for each in result.alarms] == ["first", "again"]
    assert all(each.scenario and "341" in each.problem for each in result.alarms)
    assert not result.problems


def test_a_run_that_is_refused_as_a_whole_is_red() -> None:
    [alarm] = run(AS_IT_IS, ONCE, ("features/no-such.feature",)).alarms
    assert alarm.scenario == ""
    assert "exit code 4: ERROR: file or directory not found" in alarm.problem


def test_the_command_fails_on_a_false_alarm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    red = Result(AS_IT_IS, (FalseAlarm("first", "A scenario", "it is red"),))
    for result, code in ((red, 1), (Result(AS_IT_IS), 0), (Result(AS_IT_IS, problems=("the layer failed",)), 1)):
        monkeypatch.setattr(command, "run_all", lambda *_, result=result: [result])
        assert command.main([AS_IT_IS.id]) == code
    assert "1 false alarms, over 1 shops" in capsys.readouterr().out


def test_the_section_lists_shops_and_results() -> None:
    red = Result(replace(AS_IT_IS, id="made/up", title="a | b"), (FalseAlarm("again", "New", "x"),))
    section = report.for_docs([Result(AS_IT_IS), red])
    assert "1 of 2 shops have no false alarms" in section
    assert "| `made/up` | a \\| b |" in section
    assert "| red 0 + 1 + 0 |" in section
    assert "\n- `made/up`: New: x\n" in section


def test_what_every_live_run_skips_is_not_reported() -> None:
    skips = ("A clock", message("mock-only")), ("A card", "it has no account")
    assert report.details(Result(AS_IT_IS, skips=skips)) == ["skipped: A card: it has no account"]


def test_each_command_writes_its_own_part_of_the_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fault_report, "DOCS", document := tmp_path / "faults.md")
    faults, leaves, shops = fault_report.PARTS
    document.write_text(f"{faults} 1\n\n{shops} 1\n", encoding="utf-8")
    for text in (f"{shops} 2\n", f"{faults} 2\n", f"{leaves} 1\n"):
        fault_report.write(text)
    assert document.read_text(encoding="utf-8") == f"{faults} 2\n\n{leaves} 1\n\n{shops} 2\n"
