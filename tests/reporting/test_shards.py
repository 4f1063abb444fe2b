"""A run in two parts, as CI does it, gives one report that says what the report of a whole run says."""

import base64
import json
import re
from pathlib import Path

from oneentry_scenarios.reporting.html import make_report
from tests.reporting.made import Made, Run

_SHOWN = re.compile(r'd\("data/test-results/[^"]+"\s*,\s*"([^"]+)"')


def shown_in(page: Path) -> dict[str, tuple[str, str]]:
    """What a report shows of each scenario, by the identity that its history goes by: full name and status."""
    results = [json.loads(base64.b64decode(each)) for each in _SHOWN.findall(page.read_text(encoding="utf-8"))]
    shown = {result["historyId"]: (result["fullName"], result["status"]) for result in results}
    assert len(shown) == len(results), "each scenario once"
    return shown


def test_two_shards_give_the_report_of_a_whole_run(page: Path, run: Run, tmp_path: Path) -> None:
    made = Made.at(tmp_path)
    shards = [made.run("features", "--splits=2", f"--group={group}") for group in (1, 2)]
    assert not shards[0].results.keys() & shards[1].results.keys()
    assert [len(shard.results) for shard in shards] == [10, 10], shards[1].output
    merged = shown_in(make_report([shard.directory for shard in shards], reports=tmp_path / "reports"))
    assert merged == shown_in(page)
    assert len(merged) == len(run.results)
    assert {status for _, status in merged.values()} == {"passed", "failed", "broken", "skipped"}
