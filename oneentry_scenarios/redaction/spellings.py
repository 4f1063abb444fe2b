"""Finds known values in a text in any spelling: escaped, URL-encoded, in base64 or hex, wrapped, truncated."""

import base64
import functools
import html
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import unquote

from oneentry_scenarios.redaction.placeholders import REGEX
from oneentry_scenarios.redaction.rules import must_remain

#: Minimum length of the remains of a truncated value to find.
_SHORTEST_REST = 4


@functools.cache
def spellings(value: str) -> frozenset[str]:
    """Return `value` plain, in hex, and in base64 at any alignment. Escapes are decoded in the text instead."""
    content = value.encode("utf-8", "surrogatepass")
    in_hex = content.hex()
    return frozenset({value, value.replace(" ", "+"), in_hex, in_hex.upper(), *_in_base64(content)})


def replace_values(text: str, spelled: Mapping[str, str], words: Collection[str] = ()) -> str:
    """Replace each key of `spelled` in `text` by its value, and remove the remains of truncated keys.

    Parts for which :func:`must_remain` is true with these `words` are kept.
    """
    finds: list[tuple[int, int, str]] = []
    for reading, starts in _readings(text):
        if present := sorted((each for each in spelled if each in reading), key=len, reverse=True):
            for match in re.finditer("|".join(map(re.escape, present)), reading):
                start, end = starts[match.start()], starts[match.end()]
                found = text[start:end].rstrip("\r\n")  # the line ending does not belong to the value
                finds.append((start, start + len(found), spelled[match.group()]))
        if "..." in reading:
            finds += [(starts[start], starts[end], "") for start, end in _beginnings(reading, spelled)]
            backwards = _beginnings(reading[::-1], [each[::-1] for each in spelled])
            finds += [(starts[-1 - end], starts[-1 - start], "") for start, end in backwards]
    pieces: list[str] = []
    done = 0
    for start, end, placeholder in sorted(finds, key=lambda find: (find[0], -find[1])):
        if must_remain(text, start, end, words):
            continue
        if start >= done:
            pieces += text[done:start], placeholder
        done = max(done, end)
    return "".join(pieces) + text[done:]


def _readings(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield `text` unchanged and with decoded escapes, with the original positions of each character and the end."""
    starts: Sequence[int] = range(len(text) + 1)
    yield text, starts
    for _ in range(3):  # escapes can be nested: JSON in JSON, or `%2526`
        pieces: list[str] = []
        new: list[int] = []
        done = 0
        for match in REGEX["escape"].finditer(text):
            plain = _undone(match.group())
            pieces += text[done : match.start()], plain
            new += [*starts[done : match.start()], *[starts[match.start()]] * len(plain)]
            done = match.end()
        if not done:
            return
        text, starts = "".join(pieces) + text[done:], [*new, *starts[done:]]
        yield text, starts


def _undone(escape: str) -> str:
    if escape.startswith("&"):
        return html.unescape(escape)
    if escape.startswith("\\u"):
        return str(json.loads(f'"{escape}"'))
    if escape.startswith(("%", "\\x")):
        encoded = escape.replace("\\x", "%")
        plain = unquote(encoded)
        return plain if "\ufffd" not in plain else unquote(encoded, "latin-1")
    return escape[1:] if escape[1:] in tuple("\"'/\\") else ""


def _beginnings(text: str, spelled: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the beginning of a value precedes "...", as pytest truncates; in reversed text, the end of one."""
    by_beginning: dict[str, list[str]] = {}
    for each in spelled:
        by_beginning.setdefault(each[:_SHORTEST_REST], []).append(each)
    longest, done = max(map(len, spelled), default=0), 0
    for cut in re.finditer(r"\.\.\.", text):
        # The search starts after the previous cut, so that the text is scanned only once.
        for start in range(max(done, cut.start() - longest), cut.start() - _SHORTEST_REST + 1):
            candidates = by_beginning.get(text[start : start + _SHORTEST_REST], ())
            if any(each.startswith(text[start : cut.start()]) for each in candidates):
                yield start, cut.start()
                break
        done = cut.end()


def _in_base64(value: bytes) -> set[str]:
    """Return the part of base64 text that depends only on `value`, for each of the three possible alignments."""
    found = set()
    for offset in range(3):
        text = base64.b64encode(bytes(offset) + value).decode()
        # Omit the characters at both ends that also depend on a neighboring byte.
        first = (offset * 8 + 5) // 6
        last = (offset + len(value)) * 8 // 6
        found.add(text[first:last])
    return found | {text.translate(str.maketrans("+/", "-_")) for text in found}
