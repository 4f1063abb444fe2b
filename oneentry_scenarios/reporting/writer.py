"""Writes what Allure collects into a run's own directory: the one place that everything in a report passes through."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import allure_commons

from oneentry_scenarios.reporting.properties import write_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from allure_commons.model2 import Globals, TestResult

#: What never holds anybody's words; looking for secrets in it would only take time.
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
        self._write_json(result.file_pattern.format(prefix=result.uuid), _as_dict(result))

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        """Write what belongs to the run as a whole."""
        self._write_json(globals_item.file_pattern.format(prefix=uuid4()), _as_dict(globals_item))

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
        """Write what the run was about, and which kinds of failure it tells apart."""
        redacted = {name: self.redact(value) for name, value in facts.items()}
        self._write("environment.properties", write_properties(redacted).encode())
        self._write("categories.json", json.dumps(categories, indent=2).encode())

    def _clean_body(self, body: str | bytes) -> bytes:
        """Text without secrets; what is no text, such as a picture, as it is."""
        try:
            return self.redact(body if isinstance(body, str) else body.decode()).encode()
        except UnicodeDecodeError:
            return body if isinstance(body, bytes) else body.encode("utf-8", "replace")

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self._clean(item) for item in value]
        if isinstance(value, dict):
            return {name: item if name in _NO_WORDS else self._clean(item) for name, item in value.items()}
        return value

    def _write_json(self, file_name: str, document: Mapping[str, Any]) -> None:
        # Nearly always nothing is left to redact; to look once through all words takes a fraction of the time.
        words = "\n".join(_words_of(document))
        clean = document if self.redact(words) == words else self._clean(document)
        self._write(file_name, json.dumps(clean, ensure_ascii=False).encode("utf-8", "replace"))

    def _write(self, file_name: str, content: bytes) -> None:
        """Write the whole file or none of it: a run can be stopped at any time."""
        if not self._made:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._made = True
        path = f"{self.directory}{os.sep}{file_name}"
        with open(f"{path}.tmp", "wb") as file:  # pathlib would take as long as the disk
            file.write(content)
        os.replace(f"{path}.tmp", path)


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


def _words_of(value: Any) -> Iterator[str]:
    """Every text that `_clean` would look at."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _NO_WORDS:
                yield from _words_of(item)


def _as_dict(value: Any) -> Any:
    """Allure's model objects as JSON has them; what is empty is left out."""
    if isinstance(value, list):
        return [_as_dict(item) for item in value]
    if not hasattr(value, "__attrs_attrs__"):
        return value
    return {name: _as_dict(item) for name, item in vars(value).items() if item or item is False}
