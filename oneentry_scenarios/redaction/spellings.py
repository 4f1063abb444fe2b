"""The spellings that a value can have in a file: escaped, URL-encoded, in base64."""

import base64
import functools
import json
from urllib.parse import quote, quote_plus


@functools.cache
def spellings(value: str) -> frozenset[str]:
    """`value` as files may hold it: plain, URL-encoded, JSON- and unicode-escaped, in base64 at any alignment."""
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    escaped |= {repr(value)[1:-1], repr(value.encode())[2:-1]}
    encoded = {quote(value, safe=""), quote(value), quote_plus(value)}
    unicode_escaped = "".join(f"\\u{ord(character):04x}" for character in value)
    lower = map(str.lower, encoded - {value})
    return frozenset({value, unicode_escaped, *escaped, *encoded, *lower, *_in_base64(value.encode())})


def _in_base64(value: bytes) -> set[str]:
    """The part of base64 text that depends on `value` alone, for each of the three ways in which it can be aligned."""
    found = set()
    for offset in range(3):
        text = base64.b64encode(bytes(offset) + value).decode()
        # Characters that also depend on a neighbouring byte are left out at both ends.
        first = (offset * 8 + 5) // 6
        last = (offset + len(value)) * 8 // 6
        found.add(text[first:last])
    return found | {text.translate(str.maketrans("+/", "-_")) for text in found}
