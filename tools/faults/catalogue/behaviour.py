"""Behavior: slow or aborted responses, redirects, rate limits, and requests that are not carried out exactly once."""

from dataclasses import replace

from tools.faults.catalogue.table import catalogued
from tools.faults.changes import error
from tools.faults.injection import MockShop
from tools.faults.messages import Answer, Request

BUSY = error(429, "Rate Limit Exceeded", headers=(("retry-after", "30"),))


def _gzip_in_name_only(given: Answer) -> Answer:
    return given.with_header("content-encoding", "gzip")


def _no_content(given: Answer) -> Answer:
    return replace(given, status=204, headers=(), body=b"")


async def _carried_out_twice(request: Request, given: Answer, shop: MockShop) -> Answer | None:
    """Carry out the request twice, and respond once."""
    await shop.ask(request)
    return given


FAULTS = catalogued("behaviour", "behaviour", globals())
