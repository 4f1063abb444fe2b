"""Writes what Allure collects into the run's directory: everything in a report goes through here."""

import json
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
from allure_commons.model2 import Globals, TestResult

from oneentry_scenarios.reporting.properties import write_properties

#: Fields without free text: they cannot hold a secret.
_NO_WORDS = frozenset({"uuid", "historyId", "testCaseId", "status", "source", "type"})


class ResultsWriter:
    """Takes the place of allure-pytest's file logger: nothing is written that `redact` has not seen.

    The directory is made when there is something to write, so that a run without scenarios leaves nothing behind.
    """

    def __init__(self, directory: Path, redact: Callable[[str], str]) -> None:
        self.directory = directory
        self.redact = redact
        self._made = False

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write a scenario's result."""
        self._write_json(result.file_pattern.format(prefix=result.uuid), result)

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        """Write what belongs to the run as a whole."""
        self._write_json(globals_item.file_pattern.format(prefix=uuid4()), globals_item)

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes | Mapping[str, Any], file_name: str) -> None:
        """Write an attachment; one that is given as a mapping becomes JSON."""
        if isinstance(body, str | bytes):
            self._write(file_name, self._clean_body(body))
        else:
            self._write_json(file_name, body)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str | os.PathLike[str], file_name: str) -> None:
        """Copy an attachment."""
        self._write(file_name, self._clean_body(Path(source).read_bytes()))

    def write_about_run(self, facts: Mapping[str, str], categories: Sequence[Mapping[str, Any]]) -> None:
        """Write the facts about the run, and the categories of failure."""
        redacted = {name: self.redact(value) for name, value in facts.items()}
        self._write("environment.properties", write_properties(redacted).encode())
        self._write("categories.json", json.dumps(categories, indent=2).encode())

    def _clean_body(self, body: str | bytes) -> bytes:
        """Text without secrets; what is no text, such as a picture, as it is."""
        try:
            return self.redact(body if isinstance(body, str) else body.decode()).encode()
        except UnicodeDecodeError:
            return body if isinstance(body, bytes) else body.encode("utf-8", "replace")

    def _write_json(self, file_name: str, document: object) -> None:
        texts: list[str] = []
        plain = _plain(document, texts)
        # Nearly always nothing is left to redact: one look at all texts together is enough.
        together = "\n".join(texts)
        if self.redact(together) != together:
            plain = self._clean(plain)
        self._write(file_name, json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace"))

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self._clean(item) for item in value]
        if isinstance(value, dict):
            return {name: item if name in _NO_WORDS else self._clean(item) for name, item in value.items()}
        return value

    def _write(self, file_name: str, content: bytes) -> None:
        """Write the whole file or none of it: a run can be stopped at any time."""
        if not self._made:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._made = True
        path = f"{self.directory}{os.sep}{file_name}"
        with open(f"{path}.tmp", "wb") as file:  # pathlib would take as long as the disk
            file.write(content)
        os.replace(f"{path}.tmp", path)


def _plain(value: Any, texts: list[str]) -> Any:
    """What JSON has of `value`; of Allure's model objects what is not empty. All words in it are added to `texts`."""
    if isinstance(value, list):
        texts += [item for item in value if isinstance(item, str)]
        return [item if isinstance(item, str) else _plain(item, texts) for item in value]
    if hasattr(value, "__attrs_attrs__"):
        value = {name: item for name, item in vars(value).items() if item or item is False}
    if not isinstance(value, dict):
        return value
    texts += [item for name, item in value.items() if isinstance(item, str) and name not in _NO_WORDS]
    return {name: _plain(item, texts) if not isinstance(item, str | int) else item for name, item in value.items()}


def path_shortener(root: Path) -> Callable[[str], str]:
    """A function that makes the absolute paths in a text relative to the project, or to where Python keeps packages."""
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
        if "/" not in text and "\\" not in text:  # most texts hold no path, which is seen much sooner
            return text
        return pattern.sub(lambda match: spellings[match[1]] or ("" if match[0] != match[1] else "."), text)

    return shorten
