"""A healthy shop: one way in which a shop may differ from our mock server and still be right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.faults.fault import Fault
from tools.faults.injection import Change, Injector, MockShop
from tools.faults.messages import Answer, Request

#: How it is known that a shop may be like this: by the vendor's documents or clients, by others' observation of live
#: projects, or because nothing that is documented or observed forbids it.
Mark = Literal["documented", "observed", "plainly allowed"]


@dataclass(frozen=True)
class HealthyShop:
    """A line of the catalogue.

    `source` is the file or page that says so. `clock` is how far the shop's clock is from ours. `unseen` says why no
    response needs to differ from the mock server's; for every other shop, at least one must.
    """

    id: str
    title: str
    mark: Mark
    source: str
    change: Change = field(default_factory=Change)
    clock: timedelta = timedelta()
    is_chunked: bool = False
    unseen: str = ""

    def concerns(self, operation: str) -> bool:
        """Every operation: the change looks for itself which it is for."""
        return True


#: Id, title, mark, source, change.
ShopLine = tuple[str, str, Mark, str, Change]
D: Mark = "documented"
O: Mark = "observed"  # noqa: E741
P: Mark = "plainly allowed"


def shops(lines: Sequence[ShopLine | HealthyShop]) -> tuple[HealthyShop, ...]:
    """The shops of one part of the catalogue."""
    return tuple(line if isinstance(line, HealthyShop) else HealthyShop(*line) for line in lines)


class Layer(Injector):
    """The layer in front of the mock server's application; `applied` counts the responses that it changed."""

    def __init__(self, shop: HealthyShop, application: ASGIApp) -> None:
        # The layer uses what both have: `change` and `concerns`.
        super().__init__(cast("Fault", replace(shop, change=_differing(shop.change))), application)
        self._is_chunked = shop.is_chunked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await super().__call__(scope, receive, _chunked(send) if self._is_chunked else send)


def _differing(change: Change) -> Change:
    """The change; one that leaves the response as it is does not count as applied."""

    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        changed = await change.after(request, given, shop) if change.after else None
        return None if changed == given else changed

    return Change(change.instead, after)


def _chunked(send: Send) -> Send:
    """Without its length, a body is sent in chunks."""

    async def without_length(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [each for each in message["headers"] if each[0] != b"content-length"]}
        await send(message)

    return without_length
