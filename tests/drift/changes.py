"""Changes of recorded responses, and what a comparison finds then."""

import json
import re
from collections.abc import Callable
from typing import Any

from oneentry_scenarios.cassettes.file import Cassette
from oneentry_scenarios.drift.compare import Finding, compare
from tests.conftest import example

#: A change of one answer, made in place: the whole `response` of a cassette.
Change = Callable[[dict[str, Any]], object]
#: Calls of the story.
STORY = "open-a-payment-session-for-a-new-order"
AUTH, ORDER, SESSION, ACCOUNTS, BY_ORDER, ORDERS, SESSIONS = range(7)
#: In place of a new value: there is none.
DROPPED = object()


def read(name: str) -> Cassette:
    """The cassette with this in its file's name."""
    [path] = (example() / "cassettes").glob(f"*/*{name}*.json")
    return Cassette.read(path)


def body(change: Callable[[Any], object]) -> Change:
    """A change of the JSON of an answer's body."""
    return lambda response: change(response["body"]["json"])


def refused(status: int, message: str | None) -> Change:
    refusal = {"statusCode": status, "message": message}
    return lambda response: response.update(status=status, body={"json": refusal})


def put(where: str, value: Any) -> Change:
    """Another value at a place, such as `status`, `headers.content-type` or `body.items[].id` (`[]` is the first)."""

    def change(response: dict[str, Any]) -> None:
        path = re.sub(r"^body(?=.)", "body.json", where)
        *parents, last = [name or int(index or 0) for name, index in re.findall(r"([^.\[\]]+)|\[(\d*)\]", path)]
        content: Any = response
        for name in parents:
            content = content[name]
        if value is DROPPED:
            content.pop(last)
        else:
            content[last] = value

    return change


def changed(before: Cassette, call: int, change: Change) -> Cassette:
    document = before.model_dump(mode="json")
    change(document["interactions"][call]["response"])
    return Cassette.model_validate_json(json.dumps(document))


def findings(name: str, call: int, change: Change) -> list[Finding]:
    before = read(name)
    return [*compare(before, changed(before, call, change), has_passed=True)]
