"""What is secret or private, and the placeholder of the same shape that replaces it wherever something is kept.

One :class:`Redactor` serves client errors, cassettes, reports, logs and the terminal. It knows a value in three ways:
because it was configured or received (*known value*), because of the name of the field that carries it (*field name*),
or because it looks like nothing else does (*shape*: a JWT, a refresh token, a client secret, an e-mail).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oneentry_scenarios.redaction.placeholders import PRIVATE, claims_of, make, make_token, recognise
from oneentry_scenarios.redaction.placeholders import Kind as Kind
from oneentry_scenarios.redaction.spellings import spellings

#: A shorter secret is replaced in the field that carries it, not wherever its letters occur ("123456", "USD").
SHORTEST_VALUE_REPLACED_ANYWHERE = 8
#: What is left of a shortened secret is taken out from this length on.
_SHORTEST_REST = 4


#: Field and header names, lower case without separators, and what they carry.
FIELDS: dict[str, Kind] = {
    "xapptoken": Kind.APP_TOKEN,
    "apptoken": Kind.APP_TOKEN,
    "authorization": Kind.ACCESS_TOKEN,
    "accesstoken": Kind.ACCESS_TOKEN,
    "refreshtoken": Kind.REFRESH_TOKEN,
    "clientsecret": Kind.CLIENT_SECRET,
    "paymenturl": Kind.CHECKOUT_LINK,
    "cookie": Kind.SECRET,
    "setcookie": Kind.SECRET,
}
_SEPARATORS = re.compile(r"[^a-z0-9]")
_PASSWORD_NAME = re.compile(r"pass(word|wd|phrase)?\d?(?![a-z])|password")
_SECRET_NAME = re.compile(r"(secret|token|apikey|signature)(key)?$")


class Search:
    """Replaces what a pattern finds. Each find contains the `hint`: most texts do not, which is seen much sooner."""

    def __init__(self, hint: str, pattern: str) -> None:
        self.hint = re.compile(hint)
        self.pattern = re.compile(pattern)

    def sub(self, replace: Callable[[re.Match[str]], str], text: str) -> str:
        """`text` with each find replaced."""
        return self.pattern.sub(replace, text) if self.hint.search(text) else text


#: What looks like nothing else does. An access token is a JSON Web Token.
SHAPES: dict[Kind, str] = {
    Kind.ACCESS_TOKEN: r"eyJ[\w-]+\.[\w-]+\.[\w-]*",
    Kind.REFRESH_TOKEN: r"\b\d{13}-[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
    Kind.CLIENT_SECRET: r"\bpi_\w+_secret_\w+",
    Kind.CHECKOUT_LINK: r"https?://checkout\.[^\s\"'<>\\]*[^\s\"'<>\\,;:.!?)\]]",
    Kind.EMAIL: r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
}
_SHAPE = Search(
    r"eyJ|\d-|pi_|checkout\.|@", "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in SHAPES.items())
)

#: `"name": "value"`, `name='value'` and `name: Bearer value` in text that is no JSON; the value may be cut off.
_FIELD_IN_TEXT = Search(
    r"(?i)token|secret|password|authorization|cookie|payment_?url|apikey",
    r"""(?ix) (?<![\w-])(?P<before>(?P<name>[\w-]*
            (?:token|secret|secretkey|password\w*|authorization|cookie|payment_?url|apikey))\\?["']?\s*[:=]\s*)
        (?: (?P<quote>\\?["'])(?P<quoted>(?:(?!(?P=quote)).)*) | (?P<bare>Bearer\s+[^\s"',;&)\]}<]+) )""",
)
_FIELD_IN_QUERY = Search(r"[?&]", r"(?<=[?&])(?P<before>(?P<name>[\w-]+)=)(?P<quote>)(?P<quoted>)(?P<bare>[^&#\s\"']+)")
_MARKER_IN_TEXT = Search(
    r"(?i)marker",
    r"""(?ix) (?P<before>marker\\?["']?\s*[:=]\s*\\?["'](?P<name>\w+)\\?["']\s*,\s*\\?["']?value\\?["']?\s*[:=]\s*)
        (?P<quote>\\?["'])(?P<quoted>(?:(?!(?P=quote)).)*)""",
)

SEARCHES = (_SHAPE, _FIELD_IN_TEXT, _FIELD_IN_QUERY, _MARKER_IN_TEXT)


class Redactor:
    """Replaces secrets and private values by placeholders: the same value always by the same one, until :meth:`reset`.

    Placeholders stay as they are, so redacting twice changes nothing, and replay sends and shows what was recorded.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        #: Also those from before the last reset.
        self._ever: dict[str, str] = {}
        self._private: set[str] = set()
        self._numbers: Counter[Kind] = Counter()
        self._password_markers: set[str] = set()
        #: Answers of `kind_of_field`: a scenario asks for the same few names all the time.
        self._kinds: dict[str, Kind | None] = {}

    def reset(self) -> None:
        """Count placeholders from one again, for the next scenario. Values seen before stay known, as a safety net."""
        self._placeholders.clear()
        self._numbers.clear()

    def learn(self, value: str, kind: Kind) -> str:
        """Make `value` known and return its placeholder."""
        if value in self._placeholders:
            return self._placeholders[value]
        if not value or self._is_placeholder(value):
            return value
        self._numbers[kind] += 1
        placeholder = self._new_placeholder(value, kind, self._numbers[kind])
        self._placeholders[value] = self._ever[value] = placeholder
        if kind in PRIVATE:
            self._private.add(value)
        return placeholder

    def known(self, value: str) -> str:
        """The placeholder of a value that was learned; any other value as it is."""
        return self._placeholders.get(value, value)

    def learn_password_marker(self, marker: str) -> None:
        """Make known that the form field `marker` holds a password, even if its name does not say so."""
        self._password_markers.add(_SEPARATORS.sub("", marker.lower()))
        self._kinds.clear()

    def kind_of_field(self, name: str) -> Kind | None:
        """What a field, header or form marker called `name` carries, if it is secret."""
        if name not in self._kinds:
            plain = _SEPARATORS.sub("", name.lower())
            kind = FIELDS.get(plain)
            if kind is None and (plain in self._password_markers or _PASSWORD_NAME.search(name.lower())):
                kind = Kind.PASSWORD
            if kind is None and _SECRET_NAME.search(plain):
                kind = Kind.SECRET
            self._kinds[name] = kind
        return self._kinds[name]

    def field(self, name: str, value: str) -> str:
        """Redact the `value` of a field or header called `name`."""
        kind = self.kind_of_field(name)
        if kind is None:
            return self.string(value)
        scheme, space, token = _split_scheme(value, kind)
        return f"{scheme}{space}{self.learn(token, kind)}"

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Redact header values by header name."""
        return tuple([(name, self.field(name, value)) for name, value in headers])

    def json(self, value: Any) -> Any:
        """Redact parsed JSON: by the names of fields, by form markers (`{"marker", "value"}`), by value and shape."""
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        marker = value.get("marker")
        return {
            self.string(name): self._member(marker if name == "value" and isinstance(marker, str) else name, item)
            for name, item in value.items()
        }

    def sweep(self, value: Any) -> Any:
        """Replace known values in parsed JSON that was redacted already: some may have been learned after that."""
        if isinstance(value, str):
            return self._by_value(value, secrets_only=False)
        if isinstance(value, list):
            return [self.sweep(item) for item in value]
        if isinstance(value, dict):
            return {self.sweep(name): self.sweep(item) for name, item in value.items()}
        return value

    def text(self, text: str, *, secrets_only: bool = False) -> str:
        """Redact free text; `secrets_only` leaves private values (host, e-mails) readable, for the terminal.

        Nothing is learned from it: what a log happens to say first must not change the numbers in a cassette.
        """
        text = self._cut_off(self._by_value(text, secrets_only=secrets_only))
        for search in (_MARKER_IN_TEXT, _FIELD_IN_TEXT, _FIELD_IN_QUERY):
            text = search.sub(self._field_in_text, text)
        return _SHAPE.sub(lambda match: self._shape_in_text(match, secrets_only=secrets_only), text)

    def _member(self, name: str, item: Any) -> Any:
        if isinstance(item, str):
            return self.field(name, item)
        if isinstance(item, list) and self.kind_of_field(name):
            return [self._member(name, element) for element in item]
        return self.json(item)

    def string(self, text: str) -> str:
        """Redact an address or another single value: known values in it, and what has the shape of a secret."""
        if text in self._private:
            return self.known(text)  # also a short user name
        if len(text) < SHORTEST_VALUE_REPLACED_ANYWHERE and text.isalnum():
            return text  # no known value is replaced in it, and each shape has a dot, a hyphen or an @
        by_value = self._by_value(text, secrets_only=False)
        return _SHAPE.sub(lambda match: self.learn(match.group(), Kind[match.lastgroup or ""]), by_value)

    def _by_value(self, text: str, *, secrets_only: bool) -> str:
        # What is not in the text can be left out of the pattern: one of everything that a long run has seen takes long
        # to make, and each new token would need another.
        if len(text) < SHORTEST_VALUE_REPLACED_ANYWHERE:
            return text
        found: dict[str, str] = {}
        for value, placeholder in self._ever.items():
            if len(value) >= SHORTEST_VALUE_REPLACED_ANYWHERE and not (secrets_only and value in self._private):
                found |= {spelling: placeholder for spelling in spellings(value) if spelling in text}
        if not found:
            return text
        longest_first = sorted(found, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda match: found[match.group()], text)

    def _cut_off(self, text: str) -> str:
        """Redact what pytest leaves of a long value that it shortens: its beginning before "...", its end after it."""
        if "..." not in text:
            return text
        parts = text.split("...")
        for value in self._ever:
            if len(value) < SHORTEST_VALUE_REPLACED_ANYWHERE:
                continue
            for spelling in spellings(value):
                lengths = range(len(spelling) - 1, _SHORTEST_REST - 1, -1)
                beginnings, ends = [spelling[:length] for length in lengths], [spelling[-length:] for length in lengths]
                for index in range(len(parts) - 1):
                    beginning = next(filter(parts[index].endswith, beginnings), "")
                    parts[index] = parts[index].removesuffix(beginning)
                    end = next(filter(parts[index + 1].startswith, ends), "")
                    parts[index + 1] = parts[index + 1].removeprefix(end)
        return "...".join(parts)

    def _shape_in_text(self, match: re.Match[str], *, secrets_only: bool) -> str:
        kind = Kind[match.lastgroup or ""]
        return match.group() if secrets_only and kind in PRIVATE else self._unnumbered(match.group(), kind)

    def _field_in_text(self, match: re.Match[str]) -> str:
        kind = self.kind_of_field(match["name"])
        value = match["quoted"] if match["quote"] else match["bare"]
        if kind is None or value in ("", "None", "null", "...", "***"):
            return match.group()
        scheme, space, token = _split_scheme(value, kind)
        return f"{match['before']}{match['quote'] or ''}{scheme}{space}{self._unnumbered(token, kind)}"

    def _unnumbered(self, value: str, kind: Kind) -> str:
        """The placeholder of a known value; for an unknown one a placeholder with the number 0."""
        known = self._ever.get(value)
        if known is not None or self._is_placeholder(value):
            return known or value
        return self._new_placeholder(value, kind, 0)

    def _is_placeholder(self, value: str) -> bool:
        """Whether `value` is one of ours; its number is then taken, so that the next new value gets the next number."""
        recognised = recognise(value)
        if recognised is not None:
            kind, number = recognised
            self._numbers[kind] = max(self._numbers[kind], number)
        return recognised is not None

    def _new_placeholder(self, value: str, kind: Kind, number: int) -> str:
        claims = claims_of(value)
        if claims is None:
            return make(value, kind, number)
        # An app token's claims would name the project.
        return make_token(kind, number, self.json(claims) if kind is Kind.ACCESS_TOKEN and number else {})


def _split_scheme(value: str, kind: Kind) -> tuple[str, str, str]:
    """`Bearer`, the space and the token, of a token that has a scheme."""
    return value.rpartition(" ") if kind is Kind.ACCESS_TOKEN else ("", "", value)
