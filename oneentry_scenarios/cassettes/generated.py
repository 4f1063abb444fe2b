"""Generated test data that replay finds again: a value is made once, kept in the cassette and read back from there."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from oneentry_scenarios.cassettes.file import CassetteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from faker import Faker

    from oneentry_scenarios.cassettes.run import Take


class Generated:
    """The generated values of one scenario, by name."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._faker: Faker | None = None

    def __call__(self, name: str, make: Callable[[Faker], str]) -> str:
        """The value called `name`: from the cassette if it has one, else made now by `make`.

        Raises:
            CassetteError: replay, and the cassette does not have it.
        """
        take = self._take
        if name not in take.data:
            if take.run.api == "replay":
                raise CassetteError(
                    f"The cassette holds no generated {name}, which this scenario now asks for. "
                    f"Record it again:\n    {take.command}"
                )
            take.data[name] = make(self._fake())
        return take.used_data.setdefault(name, take.data[name])

    def _fake(self) -> Faker:
        """Faker, loaded only when a value is really made: replay must not depend on which Faker is installed."""
        if self._faker is None:
            from faker import Faker

            self._faker = Faker()
            # The mock server forgets between scenarios, so the same data is welcome; a project does not.
            self._faker.seed_instance(self._take.identity.key if self._take.run.api == "mock" else secrets.token_hex())
        return self._faker
