"""Writes an HTTP exchange the way that Allure shows one: `application/vnd.allure.http+json`, schema version 1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oneentry_scenarios.api.exchange import Exchange

MEDIA_TYPE = "application/vnd.allure.http+json"
FILE_ENDING = "httpexchange"
SCHEMA_VERSION = 1

_PART = re.compile(r'"(?:\\.|[^"\\])*"?|[{}\[\],:]|[^\s{}\[\],:"]+')


def name_of(exchange: Exchange) -> str:
    """What the attachment is called, such as `POST /api/content/orders-storage → 201`."""
    address = urlsplit(exchange.url)
    query = f"?{address.query}" if address.query else ""
    return f"{exchange.method} {address.path or '/'}{query} → {exchange.status or 'no answer'}"


def document_of(exchange: Exchange) -> dict[str, Any]:
    """The attachment's content, before it is made JSON."""
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    request = {
        "method": exchange.method,
        "url": exchange.url,
        "headers": _pairs(exchange.request_headers),
        **({"query": _pairs(query)} if query else {}),
        **_body(exchange.request_body, exchange.request_headers),
    }
    if exchange.status is None:
        error = {"name": "No answer", "message": exchange.reason}
        return {"schemaVersion": SCHEMA_VERSION, "request": request, "error": error}
    response = {
        "status": exchange.status,
        "statusText": exchange.reason,
        "headers": _pairs(exchange.response_headers),
        **_body(exchange.response_body, exchange.response_headers),
    }
    return {"schemaVersion": SCHEMA_VERSION, "request": request, "response": response}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _body(text: str, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    if not text:
        return {}
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "text/plain")
    shown = _indented(text) if "json" in content_type.lower() else text
    return {"body": {"contentType": content_type, "encoding": "utf8", "value": shown}}


def _indented(text: str) -> str:
    """JSON with each member on its own line. Nothing else changes: not `340.00`, not a spelling, not a mistake."""
    depth, lines = 0, [""]
    for part in _PART.findall(text):
        if part in ("}", "]"):
            depth -= 1
            if lines[-1].strip():
                lines.append("  " * depth)
            else:  # nothing came since the bracket was opened
                lines.pop()
        lines[-1] += f"{part} " if part == ":" else part
        if part in ("{", "["):
            depth += 1
        if part in ("{", "[", ","):
            lines.append("  " * depth)
    return "\n".join(lines)
