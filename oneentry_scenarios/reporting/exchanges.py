"""Writes an HTTP exchange the way that Allure shows one: `application/vnd.allure.http+json`, schema version 1."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic_core import to_json

from oneentry_scenarios.api.exchange import Exchange, Request, Response

MEDIA_TYPE = "application/vnd.allure.http+json"
FILE_ENDING = "httpexchange"


def attachment_of(exchange: Exchange) -> tuple[dict[str, Any], str]:
    """The attachment's content, before it is made JSON, and its name, such as `POST /api/content/orders → 201`."""
    request, response, address = exchange.request, exchange.response, urlsplit(exchange.request.url)
    query = parse_qsl(address.query, keep_blank_values=True)
    sent = {"method": request.method, "url": request.url, **({"query": _pairs(query)} if query else {})}
    document = {"schemaVersion": 1, "request": sent | _content(request)}
    if response is None:
        document["error"] = {"name": "No answer", "message": exchange.failure}
    else:
        document["response"] = {"status": response.status, "statusText": response.reason} | _content(response)
    place = request.url.removeprefix(f"{address.scheme}://{address.netloc}") or "/"
    return document, f"{request.method} {place} → {response.status if response else 'no answer'}"


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _content(message: Request | Response) -> dict[str, Any]:
    """Headers and body: JSON with each member on its own line, if it would not be written differently by that."""
    content: dict[str, Any] = {"headers": _pairs(message.headers)}
    if (body := message.body) is not None:
        content_type = dict(message.headers).get("content-type", "text/plain")
        shown = _indented(body.structure) if body.is_structure else str(body)
        content["body"] = {"contentType": content_type, "encoding": "utf8", "value": shown}
    return content


def _indented(structure: Any) -> str:
    try:
        return to_json(structure, indent=2).decode()  # json indents in Python, which costs 3 % of a replay
    except ValueError:  # a lone surrogate
        return json.dumps(structure, ensure_ascii=False, indent=2)
