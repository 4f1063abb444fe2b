"""Replays a recording in memory before it is kept, by private parts of pytest: what does not replay now never will."""

from contextlib import suppress

import pytest
from _pytest.main import FSHookProxy

from oneentry_scenarios.cassettes.file import Cassette, CassetteError, say
from oneentry_scenarios.cassettes.network import attempts_fail, network
from oneentry_scenarios.cassettes.replay import Replay
from oneentry_scenarios.cassettes.target import RECORDING, RUN_MARK, TARGET
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingMismatch
from oneentry_scenarios.redaction.redactor import Redactor


def keep(cassette: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Write the `cassette` of `item`, which has passed and been torn down; raises CassetteError if it cannot."""
    recording = item.stash[RECORDING]
    name, before = recording.identity.cassette, recording.existing_cassette
    try:
        state = "changed" if before else "new"
        if cassette == before or (before and _is_enough(before, cassette, item, nextitem)):
            state = "unchanged"
        else:
            replay(cassette, item, nextitem)
            cassette.write(item.config.rootpath / name)
        item.config.stash[TARGET].notes.recorded[name] = state
    except (OSError, CassetteError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        raise CassetteError(f"{name} cannot be written: {problem}. It is as it was before.") from None


def _is_enough(before: Cassette, now: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
    """Whether `before`, a project's, still replays and says the same: ids, dates and tokens differ each time."""
    mark = {name: text for name, text in now.data.items() if name == RUN_MARK}
    with_what_is_new = {"interactions": now.interactions, "data": before.data | mark}
    is_alike = now.recorded_from == "project" and before.model_copy(update=with_what_is_new) == now
    with suppress(CassetteError):
        if is_alike and item.ihook.pytest_cassette_says_the_same(before=before, now=now):
            replay(before, item, nextitem)
            return True
    return False


@network(closed=True)  # also while fixtures clean up
@attempts_fail()
def replay(cassette: Cassette, item: pytest.Function, nextitem: pytest.Item | None) -> None:
    """Run `item` once more, on `cassette` alone; raises CassetteError if it fails: it would fail each time.

    No report contains its exchanges.
    """
    session, config = item.session, item.config
    recorder, recording = config.stash[TARGET], item.stash[RECORDING]
    config.stash[TARGET] = target = Replay(config.rootpath, Redactor(), cassette)
    hooks = FSHookProxy(config.pluginmanager, {each.plugin for each in config.hook.pytest_api_exchange.get_hookimpls()})
    session.gethookproxy = lambda _: hooks  # type: ignore[method-assign, assignment, return-value]
    try:
        with attempts_fail():
            item._initrequest()  # noqa: SLF001  (as pytest does before it runs an item again)
            session._setupstate.setup(item)  # noqa: SLF001
            item.runtest()
            target.finish(item.stash[RECORDING])
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001
        problem = error.description if isinstance(error, RecordingMismatch) else error
        raise CassetteError(say("does-not-replay", problem=problem)) from None
    finally:
        session._setupstate.teardown_exact(nextitem)  # noqa: SLF001
        del session.gethookproxy
        config.stash[TARGET], item.stash[RECORDING] = recorder, recording
