"""What is secret or private, and the placeholder of the same shape that replaces it wherever something is kept.

One :class:`Redactor` serves client errors, cassettes, reports, logs and the terminal. It knows a value in three ways:
because it was configured or received (*known value*), because of the name of the field that carries it (*field name*),
or because it looks like nothing else does (*shape*: a JWT, a refresh token, a client secret, an e-mail).
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from oneentry_scenarios.redaction.placeholders import PRIVATE, claims_of, make, make_token, recognise
from oneentry_scenarios.redaction.placeholders import Kind as Kind
from oneentry_scenarios.redaction.spellings import replace_values, spellings

#: A shorter secret is replaced in the field that carries it, not wherever its letters occur ("123456", "USD").
SHORTEST_VALUE_REPLACED_ANYWHERE = 8

#: Field and header names, lower case without separators, and what they carry.
FIELDS: dict[str, Kind] = {
    "apptoken": Kind.APP_TOKEN,
    "authorization": Kind.ACCESS_TOKEN,
    "accesstoken": Kind.ACCESS_TOKEN,
    "refreshtoken": Kind.REFRESH_TOKEN,
    "clientsecret": Kind.CLIENT_SECRET,
    "paymenturl": Kind.CHECKOUT_LINK,
}
_SEPARATORS = re.compile(r"[^a-z0-9]")
_NEW_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PASSWORD_NAME = re.compile(r"password|passcode|(?<![a-z])(pass(wd|phrase)?|pwd|pin|otp)s?\d?(?![a-z])")
_SECRET_NAME = re.compile(r"(secret|token|apikey|signature|cookie)(key)?s?$|(sessionid|privatekey|accesskey)s?$")
#: Each shape and each field in a text has one of these.
_PUNCTUATION = re.compile(r"[.:=@%_-]")

#: What looks like nothing else does. An access token is a JSON Web Token, of three parts or, encrypted, of five.
SHAPES: dict[Kind, str] = {
    Kind.ACCESS_TOKEN: r"eyJ[\w-]++(?:\.[\w-]*\.[\w-]*+(?:\.[\w-]+\.[\w-]+)?)?",
    Kind.REFRESH_TOKEN: r"\b\d{13}-[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
    Kind.CLIENT_SECRET: r"\bpi_\w+_secret_\w+",
    Kind.CHECKOUT_LINK: r"https?://checkout\.[^\s\"'<>\\]*[^\s\"'<>\\,;:.!?)\]]",
    # User and password in an address, keys of Stripe, and what follows "Bearer".
    Kind.SECRET: r"(?<=://)[^\s/@\"'<>]+(?=@)|\b[rs]k_(?:live|test)_\w+|\bwhsec_[\w+/=]+"
    r"|(?<=[Bb]earer )(?=\S*\d|\S{20})[\w.~+/=-]{8,}",
    Kind.EMAIL: r"(?:(?<![\w.+-])(?<!://)[\w.+-]++|\"[^\"\s]{1,64}\")(?:@|(?:%40|\\u0040|&\#64;)(?!redacted\.invalid))"
    r"(?:[\w-]+(?:\.[\w-]+)+|localhost\b|\[[\da-fA-F:.]+\])",
}
_SHAPE = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in SHAPES.items()))

#: `"name": "value"`, `name='value'`, `name: Bearer value`, `name: 123456`, `?name=value`, `b"name", b"value"`
#: and a form's `"marker": "name", "value": "value"`, in any text; the value may be cut off.
_FIELD = re.compile(
    r"""(?isx) (?: (?P<query> \A | (?<=[?&\#;]) | (?<=%3f) | (?<=%26) ) | (?<![\w-]) )
        (?P<name> [^\W\d][\w-]*+ )
        (?P<between> \\*["']?\]?\s*+ (?:,\s*+\\*["']?value\\*["']?\s*+)? (?:[:=]|%3d|,(?=\s*b["']))\s*+(?:b(?=["']))?)
        (?: (?P<quote> \\*["'] ) (?P<quoted> (?: (?! (?P=quote) ) (?: \\\\\\. | \\. | [^\n] ) )*+ )
          | (?P<bare> (?: bearer | basic ) \s+ [^\s"',;&)\]}<]+ ) | (?P<number> -?\d[\d.]*+ (?![\w-]) )
          | (?P<rest> (?(query) (?: (?!%26) [^&\#\s"'<>] )++ | (?!) ) ) )"""
)


Replace = Callable[[str, Kind], str]


class Redactor:
    """Replaces secrets and private values by placeholders: the same value always by the same one, until :meth:`reset`.

    Placeholders stay as they are, so redacting twice changes nothing, and replay sends and shows what was recorded.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        #: Each spelling of a long value, also from before the last reset; those of secrets also by themselves.
        self._spelled: dict[str, str] = {}
        self._spelled_secrets: dict[str, str] = {}
        self._private: set[str] = set()
        self._numbers: Counter[Kind] = Counter()
        self._password_markers: set[str] = set()
        self._kinds: dict[str, Kind | None] = {}  # of fields: a scenario asks for the same few names all the time

    def reset(self) -> None:
        """Count placeholders from one again, for the next scenario. Values seen before stay known, as a safety net."""
        self._placeholders.clear()
        self._private.clear()
        self._numbers.clear()

    def learn(self, value: str, kind: Kind) -> str:
        """Make `value` known and return its placeholder."""
        if not value or value in self._placeholders or self._is_placeholder(value):
            return self.known(value)
        self._numbers[kind] += 1
        placeholder = self._new_placeholder(value, kind, self._numbers[kind])
        self._placeholders[value] = placeholder
        self._private |= {value} if kind in PRIVATE else set()
        if len(value) >= SHORTEST_VALUE_REPLACED_ANYWHERE:
            spelled = dict.fromkeys(spellings(value), placeholder)
            self._spelled |= spelled
            self._spelled_secrets |= {} if kind in PRIVATE else spelled
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
            plain, words = _SEPARATORS.sub("", name.lower()), _NEW_WORD.sub("_", name).lower()
            is_password = plain in self._password_markers or _PASSWORD_NAME.search(words)
            other = Kind.SECRET if _SECRET_NAME.search(plain) else None
            self._kinds[name] = FIELDS.get(plain.removeprefix("x")) or (Kind.PASSWORD if is_password else other)
        return self._kinds[name]

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Redact header values by header name."""
        return tuple([(name, self.json(value, self.kind_of_field(name))) for name, value in headers])

    def json(self, value: Any, kind: Kind | None = None) -> Any:
        """Redact JSON: by names of fields, form markers (`marker`, `value`), value and shape; all of a `kind`."""
        if isinstance(value, str):
            return self._secret(value, kind) if kind else self.string(value)
        if isinstance(value, list):
            return [self.json(item, kind) for item in value]
        if isinstance(value, Mapping):
            kinds = {name: self.kind_of_field(name) for name in value}
            if isinstance(marker := value.get("marker"), str):
                kinds["value"] = self.kind_of_field(marker)
            return {self.string(name): self.json(item, kinds[name] or kind) for name, item in value.items()}
        return self.learn(str(value), kind) if kind and type(value) in (int, float) else value

    def sweep(self, text: str) -> str:
        """Replace known values in a text that was redacted already: some may have been learned after that."""
        return replace_values(text, self._spelled) if self._spelled else text

    def string(self, text: str) -> str:
        """Redact an address, a body or another text that is kept: by value, field and shape."""
        if text in self._private:
            return self.known(text)  # also a short user name
        return self.text(text, replace=self.learn)

    def text(self, text: str, *, secrets_only: bool = False, replace: Replace | None = None) -> str:
        """Redact free text; `secrets_only` leaves private values (host, e-mails) readable, for the terminal.

        Nothing is learned from it: what a log happens to say first must not change the numbers in a cassette.
        """
        replace = replace or self._unnumbered
        if spelled := self._spelled_secrets if secrets_only else self._spelled:
            text = replace_values(text, spelled)
        if not _PUNCTUATION.search(text):
            return text
        shown = PRIVATE if secrets_only else frozenset()
        return _SHAPE.sub(lambda match: _shape(match, replace, shown), self._fields_in(text, replace))

    def _fields_in(self, text: str, replace: Replace) -> str:
        pieces: list[str] = []
        done = at = 0
        while match := _FIELD.search(text, at):
            kind, group = self.kind_of_field(match["name"]), match.lastgroup or ""
            if kind is None or match[group] in ("", "None", "null", "...", "***"):
                at = match.end("between")  # there may be fields in the value
                continue
            redacted = self._secret(match[group], kind, replace)
            pieces += text[done : match.start(group)], f'"{redacted}"' if group == "number" else redacted
            done = at = match.end()
        return "".join(pieces) + text[done:]

    def _secret(self, value: str, kind: Kind, replace: Replace | None = None) -> str:
        """The placeholder of a field's value, after `Bearer` and a space if it has such a scheme."""
        scheme, space, token = value.rpartition(" ") if kind is Kind.ACCESS_TOKEN else ("", "", value)
        return f"{scheme}{space}{(replace or self.learn)(token, kind)}"

    def _unnumbered(self, value: str, kind: Kind) -> str:
        """The placeholder of a known value; for an unknown one a placeholder with the number 0."""
        if value in self._placeholders or self._is_placeholder(value):
            return self.known(value)
        return self._new_placeholder(value, kind, 0)

    def _is_placeholder(self, value: str) -> bool:
        """Whether `value` is one of ours; its number is then taken, so that the next new value gets the next number."""
        if recognised := recognise(value):
            kind, number = recognised
            self._numbers[kind] = max(self._numbers[kind], number)
        return recognised is not None

    def _new_placeholder(self, value: str, kind: Kind, number: int) -> str:
        claims = claims_of(value)
        if claims is None:
            return make(value, kind, number)
        # An app token's claims would name the project.
        return make_token(kind, number, self.json(claims) if kind is Kind.ACCESS_TOKEN and number else {})


def _shape(match: re.Match[str], replace: Replace, shown: Collection[Kind]) -> str:
    kind, value = Kind[match.lastgroup or ""], match.group()
    return value if kind in shown or (value.startswith("eyJ") and "." not in value) else replace(value, kind)
