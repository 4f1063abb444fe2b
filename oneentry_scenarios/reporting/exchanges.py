"""Writes an HTTP exchange the way that Allure shows one: `application/vnd.allure.http+json`, schema version 1."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic_core import to_json

from oneentry_scenarios.api.exchange import Exchange, Request, Response

MEDIA_TYPE = "application/vnd.allure.http+json"
FILE_ENDING = "httpexchange"


def name_of(exchange: Exchange) -> str:
    """What the attachment is called, such as `POST /api/content/orders-storage → 201`."""
    request, response = exchange.request, exchange.response
    address = urlsplit(request.url)
    query = f"?{address.query}" if address.query else ""
    return f"{request.method} {address.path or '/'}{query} → {response.status if response else 'no answer'}"


def document_of(exchange: Exchange) -> dict[str, Any]:
    """The attachment's content, before it is made JSON."""
    query = parse_qsl(urlsplit(exchange.request.url).query, keep_blank_values=True)
    request = {
        "method": exchange.request.method,
        "url": exchange.request.url,
        "headers": _pairs(exchange.request.headers),
        **({"query": _pairs(query)} if query else {}),
        **_body(exchange.request),
    }
    document = {"schemaVersion": 1, "request": request}
    if exchange.response is None:
        return document | {"error": {"name": "No answer", "message": exchange.failure}}
    response = {
        "status": exchange.response.status,
        "statusText": exchange.response.reason,
        "headers": _pairs(exchange.response.headers),
        **_body(exchange.response),
    }
    return document | {"response": response}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _body(message: Request | Response) -> dict[str, Any]:
    """JSON with each member on its own line; any other body, and JSON that would be written differently, as it is."""
    body = message.body
    if body is None:
        return {}
    content_type = dict(message.headers).get("content-type", "text/plain")
    shown = _indented(body.structure) if body.is_structure else str(body)
    return {"body": {"contentType": content_type, "encoding": "utf8", "value": shown}}


def _indented(structure: Any) -> str:
    try:
        return to_json(structure, indent=2).decode()  # json indents in Python, which costs 3 % of a replay
    except ValueError:  # a lone surrogate
        return json.dumps(structure, ensure_ascii=False, indent=2)
