"""Pytest plugin: writes Allure results with the texts of the feature files, and a summary of each run."""

import os
import platform
import re
import secrets
import shutil
import tomllib
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import allure_commons
import pytest

from oneentry_scenarios.cassettes.target import REDACTOR, TARGET
from oneentry_scenarios.environment import command
from oneentry_scenarios.problem import messages
from oneentry_scenarios.reporting.failure import same_failures
from oneentry_scenarios.reporting.listener import ScenarioListener
from oneentry_scenarios.reporting.summary import lines_of, markdown_of, tallies_of
from oneentry_scenarios.reporting.writer import ResultsWriter, path_shortener, report_name

RUNS_KEPT = 20
_RUN = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.\d{3}_[0-9a-f]{4}")
_PACKAGES = ("pytest", "pytest-bdd", "httpx", "vcrpy", "allure-pytest")

_WRITER = pytest.StashKey[ResultsWriter]()
_WORKER_INPUT = "allure_results"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Write Allure results to a new directory or to `--alluredir`, and a JUnit file by default."""
    if not config.pluginmanager.hasplugin("allure_pytest"):
        raise pytest.UsageError("allure-pytest, which writes the reports, is disabled: remove -p no:allure_pytest.")
    if config.option.clean_alluredir:
        raise pytest.UsageError(messages(__file__)("clean-alluredir"))
    chosen: str | None = config.option.allure_report_dir
    # Without a directory, allure-pytest registers neither listener nor writer: ours replace them.
    config.option.allure_report_dir = None
    if (workerinput := getattr(config, "workerinput", None)) is not None:
        directory = Path(workerinput[_WORKER_INPUT])
    else:
        directory = Path(os.path.abspath(chosen)) if chosen else _runs(config) / _new_run()
        if config.getoption("xmlpath", "") is None and not config.option.collectonly:
            config.option.xmlpath = str(config.rootpath / "reports" / "junit.xml")
    shorten = path_shortener(config.rootpath)
    writer = ResultsWriter(
        directory,
        lambda text: config.stash[REDACTOR].free_text(shorten(text)),
        lambda text: config.stash[REDACTOR].sweep(text),
    )
    listener = ScenarioListener(config)
    config.stash[_WRITER] = writer
    config.pluginmanager.register(listener, "allure_listener")
    for plugin in (listener, writer):
        allure_commons.plugin_manager.register(plugin)
        config.add_cleanup(partial(allure_commons.plugin_manager.unregister, plugin))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each xdist worker the same directory."""
    node.workerinput[_WORKER_INPUT] = str(node.config.stash[_WRITER].directory)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the facts about the run, and delete the oldest runs."""
    config = session.config
    writer = config.stash[_WRITER]
    if hasattr(config, "workerinput") or not writer.directory.is_dir():
        return
    writer.write_about_run(_facts(config))
    if writer.directory.parent == (runs := _runs(config)):
        names = sorted(name for name in os.listdir(runs) if _RUN.fullmatch(name))
        for name in names[:-RUNS_KEPT]:
            shutil.rmtree(runs / name, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the results by feature, and the command for the HTML report."""
    writer = config.stash[_WRITER]
    if hasattr(config, "workerinput") or not writer.directory.is_dir():  # xdist workers have an invisible terminal
        return
    stats = terminalreporter.stats
    tallies = tallies_of(stats)
    is_default = writer.directory.parent == _runs(config)
    shown = os.path.relpath(writer.directory) if writer.directory.is_relative_to(Path.cwd()) else str(writer.directory)
    terminalreporter.section("scenarios", sep="-")
    terminalreporter.write_line("\n".join(lines_of(tallies)))
    notes = config.hook.pytest_run_notes(config=config, stats=stats)
    writer.write_first_page({title: text for each in notes for title, text in each.items()}, same_failures(stats))
    make = command("oneentry-scenarios", "report", *([] if is_default else [shown]))
    terminalreporter.line(f"Allure results: {shown} - to generate the HTML report: {make}")
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        markdown = markdown_of(report_name(_facts(config)), tallies, stats, writer.redact)
        try:
            with Path(page).open("a", encoding="utf-8") as file:
                file.write(markdown)
        except OSError as error:
            terminalreporter.line(f"The summary for GitHub Actions cannot be written to {page}: {error.strerror}.")


def _runs(config: pytest.Config) -> Path:
    return config.rootpath / "reports" / "allure-results"


def _new_run() -> str:
    """Return a unique name that sorts by time."""
    time = datetime.now(UTC).replace(tzinfo=None).isoformat("_", "milliseconds").replace(":", "-")
    return f"{time}_{secrets.token_hex(2)}"


def _facts(config: pytest.Config) -> dict[str, str]:
    facts = {**config.stash[TARGET].facts(), "Python": platform.python_version()}
    facts |= {package: metadata.version(package) for package in _PACKAGES}
    # Read the repository's version from pyproject.toml, because it may not be installed.
    path = config.rootpath / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}) if path.is_file() else {}
    return facts | ({project["name"]: project["version"]} if {"name", "version"} <= project.keys() else {})
