"""Personal data: what a field's name or a value's own shape says about a person. What a scenario typed is none."""

import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from oneentry_scenarios.redaction.placeholders import Kind

#: The end of a field's name, its words separated. A plain `name` may be a product's: see `kind_of_field`.
NAMES = re.compile(
    r"""(?x) (?<![a-z]) (?:
        (?P<NAME> surname | (?: first | last | middle | full | family | given | maiden | nick | person | people | user
            | buyer | customer | recipient | contact | owner | payer | (?: card )? holder | billing | shipping
            ) (?: s | _details | _address )? _?name )
      | (?P<PHONE> (?: tele | mobile_? )? phone (?: _? (?: number | no | push | sms ) )? | mobile (?: _?number )?
            | fax | tel )
      | (?P<ADDRESS> street (?: _? (?: name | no | number ) )? | (?<! mail_ ) address (?: _?line )?
            | (?: city | town ) (?: _?name )? | house_? (?: no | number ) | post (?: al )? _?code | zip (?: _?code )? )
      | (?P<CARD> card_? (?: no | number ) | pan )
      | (?P<IBAN> iban | account_? (?: no | number ) )
      | (?P<IP> ip (?: _? (?: address | v[46] ) )? | remote_?addr )
      | (?P<BIRTHDAY> birth_? (?: day | date ) | date_?of_?birth | dob )
    ) s? _? \d? $"""
)

SHAPES: dict[Kind, str] = {
    # By their first digits and lengths: a date in milliseconds or an article's number begins or ends otherwise.
    Kind.CARD: r"(?<![\w.+-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|35\d\d|6\d{3})(?:\d{12,15}|(?:[ -]\d{4}){3})"
    r"|3[47]\d\d[ -]?\d{6}[ -]?\d{5}|3[0689]\d\d[ -]?\d{6}[ -]?\d{4})(?![\w-]|\.\d)",
    Kind.IBAN: r"\b[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b",
    Kind.PHONE: r"(?<![\w+/=])\+[1-9][\d ()./-]{5,18}\d(?![\w-]|\.\d)",
    # "Chrome/120.0.0.0" is a version.
    Kind.IP: r"(?<![\w.:-])(?<![A-Za-z]/)(?:(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)"
    r"|(?:[\da-fA-F]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-fA-F]{0,4})(?![\w:]))",
}


def _is_card(text: str) -> bool:
    digits = [int(digit) for digit in reversed(text) if digit.isdigit()]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_address_of_a_person(text: str) -> bool:
    with suppress(ValueError):
        address = ip_address(text)
        return not address.is_loopback and not address.is_unspecified
    return False


#: What a value of a shape must also satisfy: check digits, or being an address of another machine.
CHECKS: dict[Kind, Callable[[str], bool]] = {
    Kind.CARD: _is_card,
    Kind.IBAN: _is_iban,
    Kind.PHONE: lambda text: 8 <= sum(map(str.isdigit, text)) <= 15,
    Kind.IP: _is_address_of_a_person,
}
