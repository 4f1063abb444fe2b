"""A healthy shop: one way in which a shop may differ from our mock server and still be right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from starlette.types import ASGIApp

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
    unseen: str = ""


#: Id, title, mark, source, change.
ShopLine = tuple[str, str, Mark, str, Change]
D: Mark = "documented"
O: Mark = "observed"  # noqa: E741
P: Mark = "plainly allowed"


def shops(lines: Sequence[ShopLine | HealthyShop]) -> tuple[HealthyShop, ...]:
    """The shops of one part of the catalogue."""
    return tuple(line if isinstance(line, HealthyShop) else HealthyShop(*line) for line in lines)


def layer(shop: HealthyShop, application: ASGIApp) -> Injector:
    """The layer in front of the mock server's application; `applied` counts the responses that differ."""

    async def after(request: Request, given: Answer, mock_shop: MockShop) -> Answer | None:
        changed = await shop.change.after(request, given, mock_shop)
        return None if changed == given else changed

    return Injector(application, Change(shop.change.instead, after))
