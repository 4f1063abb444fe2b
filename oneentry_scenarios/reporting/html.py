"""Generates a single HTML file from Allure results with Allure's npm package; the file works offline."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from oneentry_scenarios.environment import IS_CHECKOUT, ROOT, SET_UP_REPORT, command, recent_node
from oneentry_scenarios.problem import Problem, messages, read_toml
from oneentry_scenarios.reporting.writer import ALLURE, ENVIRONMENT_FILE, read_properties, report_name, write_properties

REPORTS = ROOT / "reports"
COMMAND_LINE = Path(__file__).parent / "node_modules" / "allure" / "cli.js"
_PAGE = read_toml(__file__, "page.toml")
_ADVICE = messages(__file__)("update-page" if IS_CHECKOUT else "report-page")


def make_report(results: Sequence[Path] = (), *, reports: Path = REPORTS, allure: Path = COMMAND_LINE) -> Path:
    """Generate `<reports>/allure-report/index.html` from `results` (several are merged), or from the newest run.

    An earlier report stays until the new one is complete. Raises Problem if something is missing or broken.
    """
    reports = reports.resolve()  # Allure runs in another directory
    directories = list(results) or [_newest_run(reports)]
    starts = {start for directory in directories for start in _starts(directory)}
    facts = merged_facts(directories)
    node = recent_node()
    if not allure.is_file():
        raise Problem(f"Allure's command line is not installed. Install it: {command(*SET_UP_REPORT)}")
    reports.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=reports, prefix=".report-") as name:
        temporary = Path(name)
        # Each API has its own history. Replay's file has the name that CI publishes.
        api = facts.get("API", "replay")
        history = temporary / ("history.jsonl" if api == "replay" else f"history-{re.sub('[^a-z]+', '-', api)}.jsonl")
        history.write_text("".join(_history_without(reports / history.name, starts)), encoding="utf-8")
        page = _generate([str(node), str(allure)], directories, facts, history)
        page.write_text(make_offline(page.read_text(encoding="utf-8"), _empty(directories)), encoding="utf-8")
        target = reports / "allure-report" / "index.html"
        target.parent.mkdir(exist_ok=True)
        page.replace(target)
        history.replace(reports / history.name)
    return target


def merged_facts(directories: Iterable[Path]) -> dict[str, str]:
    """Return the facts about the runs; different values are joined."""
    files = [directory / ENVIRONMENT_FILE for directory in directories]
    facts = [read_properties(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    names = dict.fromkeys(name for each in facts for name in each)
    return {name: " + ".join(dict.fromkeys(each[name] for each in facts if name in each)) for name in names}


def _generate(allure: list[str], directories: Sequence[Path], facts: dict[str, str], history: Path) -> Path:
    temporary = history.parent
    # Allure takes the environment from the last directory: this one.
    about = temporary / "about" / ENVIRONMENT_FILE
    about.parent.mkdir()
    about.write_text(write_properties(facts), encoding="utf-8")
    config = temporary / "allurerc.json"
    settings = {"name": report_name(facts), "output": str(temporary / "out"), "historyPath": str(history)}
    config.write_text(json.dumps(ALLURE | settings), encoding="utf-8")
    folders = [str(directory.resolve()) for directory in (*directories, about.parent)]
    arguments = [*allure, "generate", "--config", str(config), "--cwd", str(temporary), *folders]
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 - ours
    page = temporary / "out" / "index.html"
    if done.returncode != 0 or not page.is_file():
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        facts_of_failure = {"code": done.returncode, "packages": COMMAND_LINE.parents[1], "said": said}
        raise Problem(messages(__file__)("allure-failed", command=command(*SET_UP_REPORT), **facts_of_failure))
    return page


def _newest_run(reports: Path) -> Path:
    results = (reports / "allure-results").glob("*/*-result.json")
    newest = max((result.parent for result in results), default=None)
    if newest is None:
        raise Problem(f"There are no results yet. Run `{command('pytest')}` and try again, or run `make replay`.")
    return newest


def _starts(directory: Path) -> Iterator[int]:
    """Yield the start times of the scenarios in `directory`. Read each result: Allure silently skips broken ones."""
    if not directory.is_dir():
        raise Problem(f"There is no directory {directory}. Pass directories with results, or none for the newest run.")
    files = list(directory.glob("*-result.json"))
    if not files:
        raise Problem(f"{directory} has no scenario results. Run `{command('pytest')}`, or pass another directory.")
    for file in files:
        try:
            yield int(json.loads(file.read_text(encoding="utf-8"))["start"])
        except (ValueError, KeyError, TypeError) as error:
            said = messages(__file__)("broken-result", file=file.name, directory=directory, error=error)
            raise Problem(said) from None


def _history_without(file: Path, starts: set[int]) -> Iterator[str]:
    """Yield the lines of the history without an earlier report of the same run: each run counts once."""
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            point = {int(result["start"]) for result in json.loads(line)["testResults"].values()}
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # an unreadable line must not prevent the report
        if not point & starts:
            yield f"{line}\n"


def _empty(directories: Iterable[Path]) -> list[str]:
    """Return the test IDs of the parts of the page that would be empty."""
    files = [json.loads(file.read_text("utf-8")) for each in directories for file in each.glob("*-globals.json")]
    return [part for part, content in _PAGE["hidden"].items() if not any(content in each for each in files)]


def make_offline(page: str, hidden: Iterable[str] = ()) -> str:
    """Return `page` without analytics, `hidden` parts and requests; raise Problem if it would still load something."""
    head, charset, rest = re.sub(_PAGE["analytics"], "", page).partition('<meta charset="utf-8">')
    if not charset:
        raise Problem(f"The head of Allure's page is not as expected. {_ADVICE}")
    style = _PAGE["style"] + "".join(f"[data-testid={each}] {{ display: none !important }}" for each in hidden)
    added = f'<meta http-equiv="Content-Security-Policy" content="{_PAGE["policy"]}"><style>{style}</style>'
    page = f"{head}{charset}\n    {added}{rest}"
    if outside := outside_of(page):
        raise Problem(f"The report would load {', '.join(outside)}. {_ADVICE}")
    return page


def outside_of(page: str) -> list[str]:
    """Return the external addresses that `page` would load."""
    return [address or word for address, word in re.findall(_PAGE["outside"], page)]
