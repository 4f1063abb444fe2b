"""Where the vendor documents the operations that a scenario calls."""

from __future__ import annotations

import functools

from pydantic.alias_generators import to_camel

_DOCS = "https://js-sdk.oneentry.cloud/docs"
#: The page of this one still has the name that the method had before version 1.0.149 of the official client.
_RENAMED = {"orders/getOrdersStorageByMarker": "orders/getOrderByMarker"}


@functools.cache  # asked for with each exchange
def page_of(operation: str) -> str:
    """The page of the official client's reference that describes `operation`, such as `orders.create_order`."""
    group, _, method = operation.partition(".")
    path = f"{group.replace('_', '-')}/{to_camel(method)}"
    return f"{_DOCS}/{_RENAMED.get(path, path)}"
