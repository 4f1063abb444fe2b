"""The people of the features: who they are, and the shop as each of them sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oneentry_scenarios.shop.shop import Person, Shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from oneentry_scenarios.api.client import OneEntry
    from oneentry_scenarios.shop.profile import Profile
    from oneentry_scenarios.shop.settings import Settings


class Cast:
    """Christina and Ben, registered customers, and visitors, who are not; each with a shop of their own.

    `connect` makes a client for a device; `generate` a name that replay finds again; `no_second_user` ends a scenario
    that needs Ben where the project has only one test user; orders carry `run_mark` where the shop has a field for it.
    """

    def __init__(
        self,
        settings: Settings,
        profile: Profile,
        connect: Callable[..., OneEntry],
        generate: Callable[[str], str],
        no_second_user: Callable[[], None],
        run_mark: str | None = None,
    ) -> None:
        self._settings = settings
        self._profile = profile
        self._connect = connect
        self._generate = generate
        self._no_second_user = no_second_user
        self._run_mark = run_mark
        self._shops: dict[tuple[str, str], Shop] = {}

    def __getitem__(self, person: str) -> Shop:
        """The shop as `person` sees it on the usual device."""
        return self.on("the usual device", person)

    def on(self, device: str, person: str) -> Shop:
        """The shop as `person` sees it on another device."""
        if (person, device) not in self._shops:
            client = self._connect(device=f"{person} on {device}")
            self._shops[person, device] = Shop(client, self._profile, self._person(person), self._run_mark)
        return self._shops[person, device]

    def leave(self) -> None:
        """Sign everybody out, as far as they are in: a project keeps sign-ins, and a later scenario counts them."""
        for shop in self._shops.values():
            shop.leave()

    def of_unknown_application(self, person: str) -> Shop:
        """The shop as `person` sees it through an application that the shop does not know."""
        client = self._connect(device="an unknown application", app_token="no-such-application")  # noqa: S106
        return Shop(client, self._profile, self._person(person), self._run_mark)

    def _person(self, name: str) -> Person:
        settings = self._settings
        if name == "Christina":
            return Person(settings.user, settings.password, "Christina Thomas")
        if name == "Ben":
            if not settings.other_user:
                self._no_second_user()
            return Person(settings.other_user, settings.other_password, self._generate("name of Ben"))
        return Person("", "", "Nobody")
