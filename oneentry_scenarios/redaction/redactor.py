"""The redactor, which replaces secret and private values with placeholders of the same shape.

One :class:`Redactor` serves client errors, cassettes, reports, logs and the terminal. It detects a value in three ways:
the value was configured or received (*known value*), the field that contains it has a known name (*field name*),
or the value has a unique form (*shape*: a JWT, a refresh token, a client secret, an e-mail address).
Personal data is detected in the same ways, unless the scenario typed it itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from json import loads
from typing import Any

from oneentry_scenarios.redaction.placeholders import PERSONAL, PRIVATE, REGEX, claims_of, make, make_token, recognize
from oneentry_scenarios.redaction.placeholders import Kind as Kind
from oneentry_scenarios.redaction.rules import CHECKS, NAMES, WORDS, AnyShape
from oneentry_scenarios.redaction.spellings import replace_values, spellings

#: A shorter secret is replaced only in its own field, not everywhere its letters occur ("123456", "USD").
SHORTEST_VALUE_REPLACED_ANYWHERE = 8

_SHAPE = AnyShape()
#: Limits of the cache of texts that need no redaction: number of texts, length of a text.
_MOST_CLEAN_TEXTS, _LONGEST_CLEAN_TEXT = 5000, 500

Replace = Callable[[str, Kind], str]
#: The kinds that are not redacted.
Shown = frozenset[Kind]
_NONE: Shown = frozenset()


class Redactor:
    """Replaces secret and private values with placeholders. Equal values share a placeholder until :meth:`reset`.

    Placeholders are kept, so redacting twice changes nothing, and replay sends and shows the recorded placeholders.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        #: Each spelling of a long value, also from before the last reset, by the shown kinds.
        self._spelled: dict[Shown, dict[str, str]] = {shown: {} for shown in (_NONE, PERSONAL, PRIVATE)}
        self._account_values: set[str] = set()
        self._hosts: set[str] = set()
        self._sent: set[str] = set()
        self._numbers: Counter[Kind] = Counter()
        self._own_names = WORDS  # of the API and the shop
        self._markers: dict[str, Kind] = {}
        self._kinds: dict[str, Kind | None] = {}  # cache by field name: scenarios use few names
        #: Cache of texts without secrets, by the shown kinds: scenarios share nearly all their texts.
        self._clean: dict[Shown, set[str]] = {shown: set() for shown in self._spelled}
        self._detections = 0  # a text without a new one needs no redaction

    def reset(self) -> None:
        """Restart the numbering for the next scenario. Earlier values stay known, as a safety net."""
        for seen in (self._placeholders, self._account_values, self._sent, self._numbers):
            seen.clear()

    def learn(self, value: str, kind: Kind) -> str:
        """Register `value` and return its placeholder."""
        if not value or self._is_covered(value, kind):
            return self.placeholder_of(value)
        self._forget_clean()
        self._numbers[kind] += 1
        self._placeholders[value] = placeholder = self._new_placeholder(value, kind, self._numbers[kind])
        self._account_values |= {value} if kind in PRIVATE - PERSONAL else set()
        if len(value) >= SHORTEST_VALUE_REPLACED_ANYWHERE:
            self._hosts |= {value} if kind is Kind.HOST else set()
            for shown, spelled in self._spelled.items():
                spelled |= {} if kind in shown else dict.fromkeys(spellings(value), placeholder)
        return placeholder

    def placeholder_of(self, value: str) -> str:
        """Return the placeholder of a registered value; any other value unchanged."""
        return self._placeholders.get(value, value)

    def keep_sent_texts(self, value: Any) -> None:
        """Do not redact the texts in `value` as personal data: the scenario sends them."""
        if isinstance(value, list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                self.keep_sent_texts(item)
        elif isinstance(value, str) and value not in self._sent:
            self._sent.add(value)
            for known in filter(None, (self._placeholders, self._spelled[_NONE])):
                for each in spellings(value):
                    if (found := recognize(known.get(each, ""))) and found[0] in PERSONAL:
                        del known[each]

    def learn_markers(self, markers: Mapping[str, Kind | None]) -> None:
        """Register a shop's own words, with the kind of value for those that are form fields."""
        self._own_names |= markers.keys()
        # The marker `name` is a person's name in any case; the key `name` may be a product's.
        new = {_snake_case(marker): kind for marker, kind in markers.items() if kind and marker != "name"}
        if not new.items() <= self._markers.items():
            self._markers |= new
            self._kinds.clear()
            self._forget_clean()

    def kind_of_field(self, name: str) -> Kind | None:
        """Return the kind of value in the field or header `name`, if secret or personal.

        For the marker of a form field, pass `person_<marker>`: rules for people's names then apply.
        """
        if name not in self._kinds:
            words = _snake_case(name)
            by_name = (kind for kind, pattern in NAMES.items() if pattern.search(words))
            self._kinds[name] = self._markers.get(words.removeprefix("person_")) or next(by_name, None)
        return self._kinds[name]

    def headers(self, headers: Iterable[tuple[str, str]], shown: Shown = _NONE) -> tuple[tuple[str, str], ...]:
        """Redact header values by header name."""
        return tuple([(name, self._member(name, value, shown)) for name, value in headers])

    def json(self, value: Any, kind: Kind | None = None, shown: Shown = _NONE, within: str = "") -> Any:
        """Redact JSON by field name, form marker (`marker`, `value`), value and shape.

        With `kind`, redact each text and number as this kind. `shown`: kinds to keep. `within`: the value's field.
        """
        if isinstance(value, str):
            return self._secret(value, kind, self.learn) if kind else self.stored_text(value, shown)
        if isinstance(value, list):
            return [self.json(item, kind, shown, within) for item in value]
        if isinstance(value, dict):
            fields = {"name": f"{within}_name"} if "name" in value else {}
            if "value" in value:
                fields["value"] = f"person_{value.get('marker', 'value')}"
            return {
                name if name in self._own_names else self._redacted(name, shown, self.learn): self._member(
                    name, item, shown, kind, fields.get(name)
                )
                for name, item in value.items()
            }
        return self.learn(str(value), kind) if kind and type(value) in (int, float) else value

    def _member(self, name: str, value: Any, shown: Shown, kind: Kind | None = None, field: str | None = None) -> Any:
        """Redact a header or an object's member `name`; `kind` is the kind of the object, if known."""
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str) and value in self._own_names and REGEX["naming"].search(name):
            return value
        own = self.kind_of_field(field or name)
        return self.json(value, kind if own is None or own in shown else own, shown, name)

    def sweep(self, text: str) -> str:
        """Redact known values again in a redacted text: some may have been registered since."""
        return self._without_known(text, _NONE) if self._spelled[_NONE] else text

    def stored_text(self, text: str, shown: Shown = _NONE) -> str:
        """Redact an address, a body or another stored text by value, field and shape."""
        if text in self._account_values:
            return self.placeholder_of(text)  # also a short user name
        if text in self._clean[shown]:
            return text
        detections = self._detections
        if text.lstrip()[:1] in ("{", "["):
            with suppress(ValueError, RecursionError):  # JSON shows field names more reliably than other text
                self.json(loads(text), shown=shown)
        return self._redacted(text, shown, self.learn, detections)

    def free_text(self, text: str, *, secrets_only: bool = False) -> str:
        """Redact free text; `secrets_only` leaves private values (host, e-mails) readable, for the terminal.

        No values are registered: the order of log lines must not change the numbers in a cassette.
        """
        return self._redacted(text, PRIVATE if secrets_only else _NONE, self._unnumbered)

    def _redacted(self, text: str, shown: Shown, replace: Replace, detections: int | None = None) -> str:
        if text in (clean := self._clean[shown]):
            return text
        detections, redacted = self._detections if detections is None else detections, text
        if self._spelled[shown]:  # empty in replay, which has only placeholders
            redacted = self._without_known(text, shown)
        if REGEX["may-need-redaction"].search(redacted):
            redacted = self._fields_in(redacted, shown, replace)
            redacted = _SHAPE.sub(lambda match: _shape(match, replace, shown), redacted)
        if redacted == text and self._detections == detections and len(text) <= _LONGEST_CLEAN_TEXT:
            if len(clean) == _MOST_CLEAN_TEXTS:
                clean.clear()
            clean.add(text)
        return redacted

    def _forget_clean(self) -> None:
        for clean in self._clean.values():
            clean.clear()

    def _without_known(self, text: str, shown: Shown) -> str:
        for host in self._hosts if Kind.HOST not in shown else ():  # hosts are case-insensitive
            text = re.sub(re.escape(host), host, text, flags=re.IGNORECASE)
        return replace_values(text, self._spelled[shown], self._own_names)

    def _fields_in(self, text: str, shown: Shown, replace: Replace) -> str:
        if not REGEX["field-hint"].search(text):
            return text
        pieces: list[str] = []
        done = at = 0
        while match := REGEX["field"].search(text, at):
            group, (start, end) = match.lastgroup or "", match.span(match.lastgroup or "")
            kind = self.kind_of_field("person_" * ("value" in match["between"]) + match["name"])  # or a marker
            if kind and kind not in shown and group == "nested":
                end = _end_of(text, start, match["mark"])
            if kind is None or kind in shown or REGEX["no-value"].fullmatch(text[start:end]):
                at = match.end("between")  # the value may contain fields
                continue
            mark = match["mark"] if group in ("number", "nested") else ""
            pieces += text[done:start], f"{mark}{self._secret(text[start:end], kind, replace)}{mark}"
            done = at = end
        return "".join(pieces) + text[done:]

    def _secret(self, value: str, kind: Kind, replace: Replace) -> str:
        """Return the placeholder of a field's value; a scheme like `Bearer` before the token is kept."""
        scheme, space, token = value.rpartition(" ") if kind is Kind.ACCESS_TOKEN else ("", "", value)
        return f"{scheme}{space}{replace(token, kind)}"

    def _unnumbered(self, value: str, kind: Kind) -> str:
        """Return the placeholder of a known value; for an unknown one, a placeholder with the number 0."""
        return self.placeholder_of(value) if self._is_covered(value, kind) else self._new_placeholder(value, kind, 0)

    def _is_covered(self, value: str, kind: Kind) -> bool:
        """Return whether `value` needs no new placeholder. If it is itself a placeholder, reserve its number."""
        self._detections += 1
        if recognized := recognize(value):
            found, number = recognized
            self._numbers[found] = max(self._numbers[found], number)
        return recognized is not None or value in self._placeholders or (kind in PERSONAL and value in self._sent)

    def _new_placeholder(self, value: str, kind: Kind, number: int) -> str:
        claims = claims_of(value)
        if claims is None:
            return make(value, kind, number)
        # The claims of an app token could identify the project.
        return make_token(kind, number, self.json(claims) if kind is Kind.ACCESS_TOKEN and number else {})


def _snake_case(name: str) -> str:
    return REGEX["separator"].sub("_", REGEX["new-word"].sub("_", name).lower())


def _shape(match: re.Match[str], replace: Replace, shown: Shown) -> str:
    kind, value = Kind[match.lastgroup or ""], match.group()
    return value if kind in shown or not CHECKS.get(kind, bool)(value) else replace(value, kind)


def _end_of(text: str, start: int, quote: str) -> int:
    """Return the end of the list or object at `start`, with strings in `quote`; a truncated one ends with `text`."""
    depth, is_quoted = 0, False
    for token in REGEX["quote-or-bracket"].finditer(text, start):
        mark, escapes = token.group()[-1], len(token.group()) - 1
        if mark == quote[-1:]:
            # With more backslashes, the quote is part of a string, or a backslash ends the string.
            is_quoted ^= escapes % (2 * len(quote)) == len(quote) - 1
        elif not is_quoted:
            depth += (mark in "[{") - (mark in "]}")
            if not depth:
                return token.end()
    return len(text)
