"""Differences between two responses to the same call, without those that have no meaning."""

import json
import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import product, zip_longest
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from oneentry_scenarios.api.body import Body
from oneentry_scenarios.cassettes.file import Cassette, Interaction, RecordedResponse
from oneentry_scenarios.problem import read_toml
from oneentry_scenarios.redaction.placeholders import PRIVATE, claims_of, recognize

#: Whether a working client may break.
Impact = Literal["breaking", "additive"]


class Diff(StrEnum):
    """How a response differs, as shown in tables."""

    GONE = "field removed"
    NEW = "new field"
    ITEM_GONE = "item removed"
    NEW_ITEM = "new item"
    TYPE = "type changed"
    NULL = "null instead of a value"
    NOT_NULL = "a value instead of null"
    FILLED = "optional field has a value"
    VALUE = "value changed"
    FREE_FORM = "value changed, free-form"
    STATUS = "status changed"
    REFUSED = "new refusal"
    NOT_REFUSED = "refusal removed"
    CONTENT_TYPE = "content type changed"
    UNKNOWN_CALL = "call is not recorded"
    MISSING_CALL = "recorded call not made"

    @property
    def impact(self) -> Impact:
        """Whether a client may break. Different calls are additive: the suite decides them, not the API."""
        calls = (Diff.UNKNOWN_CALL, Diff.MISSING_CALL)
        return "additive" if self in (Diff.NEW, Diff.NEW_ITEM, Diff.FILLED, Diff.FREE_FORM, *calls) else "breaking"


_KNOWN = read_toml(__file__, "tolerances.toml")
NULLABLE, VOLATILE, FREE_FORM = (frozenset(_KNOWN[name]) for name in ("nullable", "volatile", "free_form"))
_SHAPES = {name: re.compile(shape) for name, shape in _KNOWN["shapes"].items()}
_ID = re.compile(r"^id$|Ids?$")
#: Fields with markers, which each shop (each profile) chooses.
_MARKER = re.compile(r"^(marker|identifier)$|Identifier$")
_LANGUAGE = re.compile(r"[a-z]{2}_[A-Z]{2}")
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
_TYPES = {dict: "object", list: "list", str: "text", bool: "boolean", type(None): "null"}
_LONGEST_SHOWN = 60
_ABSENT = object()


class Side:
    """The cassette, or the recording that would replace it, with the origins of its values."""

    def __init__(self, cassette: Cassette) -> None:
        self.language = cassette.profile.language
        self._origins: dict[str, set[str]] = {}
        #: The places of objects in requests, data and profile.
        self.places: set[str] = set()
        #: Records in responses: group of operations and ID as text -> a number, the same on both sides.
        self.records: dict[tuple[str, str], int] = {}
        self._remember("data", cassette.data)
        self._remember("profile", cassette.profile.model_dump(mode="json"))

    def remember_request(self, number: int, interaction: Interaction) -> None:
        """Remember the values of a request: responses may repeat them."""
        self._remember(f"{number} path", urlsplit(interaction.request.url).path.split("/"))
        self._remember(f"{number} body", content_of(interaction.request.body))

    def origins(self, value: Any) -> set[str]:
        """Return the origins of a value: generated data, profile, requests."""
        return self._origins.get(json.dumps(value), set())

    def sent_only_here(self, item: Any, other: Self) -> bool:
        """Return whether all members of `item` occur together in an object that was sent here, but not by `other`."""
        origins = [self.origins(value) for value in item.values()] if isinstance(item, dict) else []
        places = [{origin.rpartition(".")[0] for origin in each} for each in origins]
        return bool(places and set.intersection(*places) - other.places)

    def members(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the members of an object; of texts by language, only the one in the profile's language."""
        names = {name: "{language}" if name == self.language else name for name in value}
        return {new: value[old] for old, new in names.items() if not _LANGUAGE.fullmatch(new)}

    def _remember(self, origin: str, value: Any) -> None:
        if isinstance(value, dict):
            self.places.add(origin)
            for name, member in self.members(value).items():
                self._remember(f"{origin}.{name}", member)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self._remember(f"{origin}.{index}", item)
        elif value is not None and not isinstance(value, bool):
            self._origins.setdefault(json.dumps(value), set()).add(origin)


class Comparison:
    """The comparison of one response with the recorded one."""

    def __init__(self, before: Side, now: Side, group: str, *, is_same_shop: bool) -> None:
        self._before, self._now = before, now
        self._group = group
        self._is_same_shop = is_same_shop
        #: Place and difference -> recorded and current value.
        self.differences: dict[tuple[str, Diff], tuple[str, str]] = {}

    def add(self, what: Diff, where: str, old: str, new: str) -> None:
        """Add a difference, unless its place already has it."""
        self.differences.setdefault((where, what), (old, new))

    def compare_responses(self, before: RecordedResponse, now: RecordedResponse) -> None:
        """Add the differences between two responses."""
        old, new = content_of(before.body), content_of(now.body)
        if (before.status < 400) is not (now.status < 400):
            what = Diff.REFUSED if now.status >= 400 else Diff.NOT_REFUSED
            self.add(what, "response.status", _outcome(before.status, old), _outcome(now.status, new))
            return  # in unrelated bodies, each field would differ
        if before.status != now.status:
            self.add(Diff.STATUS, "response.status", str(before.status), str(now.status))
        if (old_type := _media_type(before)) != (new_type := _media_type(now)):
            self.add(Diff.CONTENT_TYPE, "response.headers.content-type", old_type, new_type)
        if isinstance(old, dict) and isinstance(new, dict) and "id" in old and "id" in new:
            number = len(self._before.records)
            self._before.records.setdefault((self._group, str(old["id"])), number)
            self._now.records.setdefault((self._group, str(new["id"])), number)
        self._samples([old], [new], "response.body", "", is_exact=True)

    def _samples(self, before: list[Any], now: list[Any], where: str, name: str, *, is_exact: bool) -> None:
        """Compare the values at a place: one value per side, fully (`is_exact`), or the types of all list items."""
        old_types, new_types = {_type(each) for each in before}, {_type(each) for each in now}
        if {"null"} in (old_types, new_types) and not old_types & new_types:
            if is_exact or name not in NULLABLE:
                filled = Diff.FILLED if not is_exact or name in NULLABLE else Diff.NOT_NULL
                self.add(Diff.NULL if new_types == {"null"} else filled, where, _types(before), _types(now))
        elif old_types - {"null"} and new_types - old_types - {"null"}:
            self.add(Diff.TYPE, where, _types(before), _types(now))
        else:
            for kind, compare in ((dict, self._members), (list, self._lists)):
                old, new = ([each for each in side if isinstance(each, kind)] for side in (before, now))
                if old and new:
                    compare(old, new, where, name, is_exact=is_exact)
            if is_exact and not old_types & {"object", "list", "null"}:
                self._values(before[0], now[0], where, name)

    def _members(self, before: list[Any], now: list[Any], where: str, _: str, *, is_exact: bool) -> None:
        sides = [self._before.members(each) for each in before], [self._now.members(each) for each in now]
        for name in dict.fromkeys(name for side in sides for each in side for name in each):
            old, new = ([each[name] for each in side if name in each] for side in sides)
            place = f"{where}.{name}"
            if old and new:
                self._samples(old, new, place, name, is_exact=is_exact)
            elif is_exact or name not in NULLABLE:
                # Show only the type of a new field: its value may be secret.
                self.add(Diff.GONE if old else Diff.NEW, place, _types(old), _types(new))

    def _lists(self, before: list[Any], now: list[Any], where: str, name: str, *, is_exact: bool) -> None:
        if is_exact and where != "response.body" and name != "items":
            for index, (old, new) in enumerate(zip_longest(*before, *now, fillvalue=_ABSENT)):
                place = f"{where}[{index}]"
                if old is not _ABSENT and new is not _ABSENT:
                    self._samples([old], [new], place, name, is_exact=True)
                elif new is _ABSENT and not self._before.sent_only_here(old, self._now):
                    self.add(Diff.ITEM_GONE, place, _types([old]), "")
                elif old is _ABSENT and not self._now.sent_only_here(new, self._before):
                    self.add(Diff.NEW_ITEM, place, "", _types([new]))
            return
        old_items, new_items = [item for each in before for item in each], [item for each in now for item in each]
        for old, new in product(old_items, new_items):
            if self._is_same_thing(old, new):
                self._samples([old], [new], f"{where}[]", name, is_exact=True)
        self._samples(old_items, new_items, f"{where}[]", name, is_exact=False)

    def _is_same_thing(self, old: Any, new: Any) -> bool:
        """Return whether two list items have the same marker, or belong to the same earlier call of the scenario."""
        if not isinstance(old, dict) or not isinstance(new, dict):
            return False
        marker, marker_now = old.get("identifier"), new.get("identifier")
        if marker is not None and marker_now is not None:
            return marker == marker_now or bool(self._before.origins(marker) & self._now.origins(marker_now))
        number = self._before.records.get((self._group, str(old.get("id"))))
        return number is not None and number == self._now.records.get((self._group, str(new.get("id"))))

    def _values(self, old: Any, new: Any, where: str, name: str) -> None:
        shapes = _shape(old), _shape(new)
        if old == new or name in VOLATILE or _ID.search(name) or self._before.origins(old) & self._now.origins(new):
            return
        if shapes[0] != shapes[1]:
            self.add(Diff.TYPE, where, *shapes)
        elif shapes[0] in ("text", "number", "boolean"):
            depends_on_shop = self._is_of_the_shop(old, name) and not self._is_same_shop
            if not depends_on_shop and not (isinstance(old, str) and self._is_same_sentence(old, new)):
                self.add(Diff.FREE_FORM if name in FREE_FORM else Diff.VALUE, where, _shown(old), _shown(new))
        elif (claims := claims_of(old)) and (claims_now := claims_of(new)):
            self._members([claims], [claims_now], f"{where}.claims", name, is_exact=True)

    def _is_of_the_shop(self, value: Any, name: str) -> bool:
        """Return whether the value depends on the shop: an amount, a title, or a marker that the profile lacks."""
        is_amount = not isinstance(value, bool) and _AMOUNT.fullmatch(str(value)) is not None
        return is_amount or name in FREE_FORM or (_MARKER.search(name) is not None and not self._before.origins(value))

    def _is_same_sentence(self, old: str, new: str) -> bool:
        """Return whether two messages differ only in numbers and in values that we sent: "Product 14 not found"."""
        words, words_now = (re.findall(r"[\w@.+-]*\w|\S", text) for text in (old, new))
        return min(len(words), len(words_now)) > 1 and all(
            one == now or (one.isdigit() and now.isdigit()) or self._before.origins(one) & self._now.origins(now)
            for one, now in zip_longest(words, words_now, fillvalue="")
        )


def content_of(body: Body | None) -> Any:
    """Return the JSON of a body, or its text."""
    if body is None:
        return None
    content = body.parsed()
    return content if content is not None or body.is_structure else body.text


def _media_type(response: RecordedResponse) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


def _outcome(status: int, content: Any) -> str:
    message = content.get("message") if isinstance(content, dict) and status >= 400 else None
    return f"{status} {_shown(message)}" if message else str(status)


def _type(value: Any) -> str:
    return _TYPES.get(type(value), "number")


def _types(values: Iterable[Any]) -> str:
    return " or ".join(sorted({_type(each) for each in values}))


def _shape(value: Any) -> str:
    """Return the type of a value, the shape of a text, or the kind of secret that a placeholder replaces."""
    if not isinstance(value, str):
        return _type(value)
    if (placeholder := recognize(value)) is not None:
        return "private" if placeholder[0] in PRIVATE else placeholder[0].value
    return next((name for name, shape in _SHAPES.items() if shape.fullmatch(value)), "text")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
