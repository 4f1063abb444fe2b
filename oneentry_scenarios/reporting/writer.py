"""Writes Allure's results into the run's directory. All report content passes through this module."""

import json
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
from allure_commons.model2 import GlobalAttachment, GlobalError, Globals, TestResult
from pydantic_core import to_json

from oneentry_scenarios.problem import read_toml

ENVIRONMENT_FILE = "environment.properties"
#: Configuration of Allure's reports.
ALLURE = read_toml(__file__, "allure.toml")
_RAN: dict[str, str] = ALLURE.pop("ran")
#: Fields without free text, which cannot contain a secret.
_NO_WORDS = frozenset({"uuid", "historyId", "testCaseId", "status", "source", "type"})


class ResultsWriter:
    """Replaces allure-pytest's file logger. `redact` is applied to all texts, except exchanges, which get `sweep`."""

    def __init__(self, directory: Path, redact: Callable[[str], str], sweep: Callable[[str], str]) -> None:
        self.directory = directory
        self.redact, self.sweep = redact, sweep

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write a scenario's result."""
        self._write_json(result.file_pattern.format(prefix=result.uuid), result)

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        """Write the attachments and errors of the whole run."""
        self._write_json(globals_item.file_pattern.format(prefix=uuid4()), globals_item)

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes | Mapping[str, Any], file_name: str) -> None:
        """Write an attachment; an exchange, given as a mapping, becomes JSON."""
        if isinstance(body, Mapping):
            self._write_in_place(file_name, self.sweep(to_bytes(body).decode()).encode())
            return
        content = body.encode("utf-8", "replace") if isinstance(body, str) else body
        with suppress(UnicodeDecodeError):  # binary data, for example an image, stays unchanged
            content = self.redact(content.decode()).encode()
        self._write_in_place(file_name, content)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str | os.PathLike[str], file_name: str) -> None:
        """Copy an attachment."""
        self.report_attached_data(Path(source).read_bytes(), file_name)

    def write_about_run(self, facts: Mapping[str, str]) -> None:
        """Write the facts about the run, and the failure categories."""
        redacted = {name: self.redact(value) for name, value in facts.items()}
        self._write(ENVIRONMENT_FILE, write_properties(redacted).encode())
        of_allure = ("name", "traceRegex", "matchedStatuses")
        rules = [{name: each[name] for name in of_allure} for each in ALLURE["categories"]]
        self._write("categories.json", json.dumps(rules, indent=2).encode())

    def write_first_page(self, notes: Mapping[str, str], errors: Iterable[str]) -> None:
        """Write the first page's notes, by title, and errors, in one file because Allure keeps the order within it."""
        first_page = Globals(errors=[GlobalError(message=error) for error in errors])
        for title, text in notes.items():
            first_page.attachments.append(GlobalAttachment(title, f"{uuid4()}-attachment.txt", "text/plain"))
            self.report_attached_data(text, first_page.attachments[-1].source)
        if notes or first_page.errors:
            self.report_globals(first_page)

    def _write_json(self, file_name: str, document: object) -> None:
        self._write(file_name, to_bytes(_plain(document, self.redact)))

    def _write(self, file_name: str, content: bytes) -> None:
        """Write the file atomically: a run can be stopped at any time."""
        self._write_in_place(f"{file_name}.tmp", content)
        os.replace(f"{self.directory}{os.sep}{file_name}.tmp", f"{self.directory}{os.sep}{file_name}")

    def _write_in_place(self, file_name: str, content: bytes) -> None:
        """Write a file. No result refers to it until it is complete."""
        path = f"{self.directory}{os.sep}{file_name}"  # pathlib would take as long as the write itself
        try:
            with open(path, "wb") as file:
                file.write(content)
        except FileNotFoundError:  # created late: a run without scenarios creates no directory
            os.makedirs(self.directory, exist_ok=True)
            self._write_in_place(file_name, content)


def to_bytes(value: Any, indent: int | None = None) -> bytes:
    """Return JSON in UTF-8; a lone surrogate becomes a question mark."""
    try:
        return to_json(value, indent=indent)  # five times as fast as json
    except ValueError:
        return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")


def _plain(value: Any, clean: Callable[[str], str]) -> Any:
    """Convert `value` for JSON, with `clean` applied to each text; omit empty fields of Allure's model objects."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_plain(item, clean) for item in value]
    if value is None or isinstance(value, int | float):
        return value
    if hasattr(value, "__attrs_attrs__"):
        value = {name: item for name, item in vars(value).items() if item or item is False}
    if isinstance(value, dict):
        return {name: item if name in _NO_WORDS else _plain(item, clean) for name, item in value.items()}
    return value


def path_shortener(root: Path) -> Callable[[str], str]:
    """Return a function that shortens absolute paths in a text, relative to the repository or to Python's folders."""
    folders = {
        str(root): "",
        sysconfig.get_path("purelib"): "site-packages/",
        sysconfig.get_path("stdlib"): "python/",
        sys.prefix: "python/",
        str(Path.home()): "~/",
    }
    spellings = {spelling: short for folder, short in folders.items() for spelling in (folder, repr(folder)[1:-1])}
    longest_first = sorted(spellings, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, longest_first))})(?:[/\\\\]+|(?=[\\s'\":,)]|$))")

    def shorten(text: str) -> str:
        if "/" not in text and "\\" not in text:  # fast path: most texts contain no path
            return text
        return pattern.sub(lambda match: spellings[match[1]] or ("" if match[0] != match[1] else "."), text)

    return shorten


def report_name(facts: dict[str, str]) -> str:
    """Return the title of the report, for example `... - replayed from the mock server, not OneEntry`."""
    ran = [_RAN.get(api, api) for api in facts.get("API", "").split(" + ") if api]
    source = facts.get("Recorded from")
    if source and "replayed" in ran:
        article = "the " if source.startswith("mock server") else ""
        ran[ran.index("replayed")] = f"replayed from {article}{source}"
    return " - ".join(["OneEntry shop scenarios", *([" and ".join(ran)] if ran else [])])


def write_properties(values: Mapping[str, str]) -> str:
    """Return Java properties, the format of Allure's environment: one line per value."""
    return "".join(f"{_escaped(name, '[=:#! ]')} = {_escaped(value)}\n" for name, value in values.items())


def read_properties(text: str) -> dict[str, str]:
    """Parse the output of :func:`write_properties`."""
    pairs = (line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    return {_unescaped(name): _unescaped(value) for name, value in pairs}


def _escaped(text: str, special: str = "$^") -> str:
    return re.sub(rf"(\\|{special})", r"\\\1", " ".join(text.splitlines()))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
