"""A healthy shop: one way in which a correct shop may differ from the mock server."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from starlette.types import ASGIApp

from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, ShopData
from oneentry_scenarios.shop.profile import Profile
from tools.faults.catalogue.table import Reader
from tools.faults.injection import Change, Injector, MockShop
from tools.faults.messages import Answer, Request
from tools.healthy import edits

_LINES = tomllib.loads(Path(__file__).with_name("catalogue").joinpath("shops.toml").read_text(encoding="utf-8"))

#: Evidence that a shop may be like this: the vendor's documents or clients, observations of live projects, or no
#: documented or observed fact that forbids it.
Mark = Literal["documented", "observed", "plainly allowed"]


@dataclass(frozen=True)
class HealthyShop:
    """A row of the catalogue.

    source: the file or page with the evidence.
    clock: the difference between the shop's clock and ours.
    unseen: why no response needs to differ from the mock server's; for every other shop, at least one must differ.
    accounts: the accounts of the storage, if they differ from the mock server's.
    """

    id: str
    title: str
    mark: Mark
    source: str
    change: Change = field(default_factory=Change)
    clock: timedelta = timedelta()
    unseen: str = ""
    accounts: tuple[str, ...] = ()

    @property
    def shop_data(self) -> ShopData:
        """The data of the shop."""
        storage, *others = DEFAULT_SHOP.storages
        return DEFAULT_SHOP._replace(storages=(storage._replace(accounts=self.accounts or storage.accounts), *others))

    @property
    def profile(self) -> str:
        """The profile of the shop, in TOML."""
        known = {name: identifier for name, identifier in Profile().accounts.items() if identifier in self.accounts}
        return "\n".join(["[accounts]", *(f'{name} = "{known[name]}"' for name in known)]) if known else ""


def catalogued(section: str, names: Mapping[str, Any]) -> tuple[HealthyShop, ...]:
    """Return the shops of a section of `catalogue/shops.toml`; `names` are those of the module with the same name."""
    reader, made = Reader({**vars(edits), **names}), []
    for id_, (title, mark, source, change, *more) in _LINES[section].items():
        options = dict(*more)
        does = reader.change(change, options) if change else Change()
        clock, accounts = timedelta(minutes=options.get("clock", 0)), tuple(options.get("accounts", ()))
        made.append(HealthyShop(id_, title, mark, source, does, clock, options.get("unseen", ""), accounts))
    return tuple(made)


def layer(shop: HealthyShop, application: ASGIApp) -> Injector:
    """Return the layer in front of the mock server's application; `applied` counts the responses that differ."""

    async def after(request: Request, given: Answer, mock_shop: MockShop) -> Answer | None:
        changed = await shop.change.after(request, given, mock_shop)
        return None if changed == given else changed

    return Injector(application, Change(shop.change.instead, after))
