"""What differs from shop to shop, as data; and the two shops that the mock server offers."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Era(StrEnum):
    """The version of the real server: today's, or that of early 2025, as in the seed document."""

    CURRENT = "current"
    Y2025 = "2025"


@dataclass(frozen=True)
class Provider:
    """A way to sign in: its marker, and the markers of its form's two fields."""

    id: int
    identifier: str
    type: str
    title: str
    form: str | None = None
    login_field: str = ""
    password_field: str = ""


@dataclass(frozen=True)
class User:
    """A registered buyer."""

    id: int
    identifier: str
    password: str
    provider: str
    is_active: bool = True


@dataclass(frozen=True)
class Field:
    """One field of an order form; a text in it has this many characters, blanks around it not counted."""

    marker: str
    type: str
    is_required: bool = True
    shortest: int = 0
    longest: int | None = None


@dataclass(frozen=True)
class Status:
    """A status of orders in a storage; an order's own is on the axis `order`, the only one of the era 2025."""

    id: int
    identifier: str
    title: str
    axis: str = "order"


@dataclass(frozen=True)
class Account:
    """A way to pay. `stripe` has links and client secrets; cash and the like are `custom`."""

    id: int
    identifier: str
    type: str
    title: str
    is_connected: bool = True


@dataclass(frozen=True)
class Storage:
    """An order storage: its form, accounts and statuses, and the status that each payment status leads to."""

    id: int
    identifier: str
    title: str
    form: str
    attribute_set: str
    fields: tuple[Field, ...]
    accounts: tuple[str, ...]
    statuses: tuple[Status, ...]
    default_status: str
    payment_statuses: dict[str, str]


@dataclass(frozen=True)
class Product:
    """A product. `stock` is the number available, `None` if unlimited."""

    id: int
    title: str
    price: Decimal
    stock: int | None = None


@dataclass(frozen=True)
class World:
    """A shop before its first order. Users' data is stored in the first language."""

    app_token: str
    languages: tuple[str, ...]
    currency: str
    providers: tuple[Provider, ...]
    users: tuple[User, ...]
    storages: tuple[Storage, ...]
    accounts: tuple[Account, ...]
    products: tuple[Product, ...]
    first_order: int
    first_session: int

    def localized(self, title: str) -> dict[str, dict[str, str]]:
        """A title in every language: the `localizeInfos` of the wire."""
        return {language: {"title": title} for language in self.languages}


def _following(waiting: str, completed: str, canceled: str, expired: str) -> dict[str, str]:
    return {"waiting": waiting, "completed": completed, "canceled": canceled, "expired": expired}


DEFAULT = World(
    "your-app-token",
    languages=("en_US",),
    currency="USD",
    providers=(
        Provider(1, "email", "email", "Email", "reg", "email_reg", "password_reg"),
        Provider(2, "phone", "phone", "Phone"),
    ),
    users=(
        User(16, "your-user@email.com", "123456", "email"),
        User(17, "other-user@email.com", "654321", "email"),
        User(18, "inactive-user@email.com", "111111", "email", is_active=False),
    ),
    storages=(
        Storage(
            id=1,
            identifier="orders",
            title="Orders",
            form="order",
            attribute_set="order_form",
            fields=(Field("name", "string"), Field("shipping_interval", "timeInterval", is_required=False)),
            accounts=("cash", "stripe", "bank"),
            statuses=(
                Status(1, "inProgress", "In progress"),
                Status(2, "paid_for", "Paid for"),
                Status(3, "canceled", "Canceled"),
                Status(4, "expired", "Expired"),
                Status(5, "inProgress-payment", "Payment in progress", axis="payment"),
            ),
            default_status="inProgress",
            payment_statuses=_following("inProgress", "paid_for", "canceled", "expired"),
        ),
    ),
    accounts=(
        Account(1, "cash", "custom", "Cash"),
        Account(2, "stripe", "stripe", "Stripe"),
        Account(3, "bank", "custom", "Bank transfer", is_connected=False),
        Account(4, "voucher", "custom", "Voucher"),
    ),
    products=(
        Product(1, "Product 1", Decimal("120.00")),
        Product(2, "Product 2", Decimal("10.50")),
        Product(3, "Product 3", Decimal("0.10")),
        Product(4, "Product 4", Decimal("19.99")),
        Product(5, "Product 5", Decimal("75.00"), stock=2),
        Product(14, "Product 14", Decimal("340.00")),
    ),
    first_order=89,
    first_session=46,
)

OTHER = World(
    "other-app-token",
    languages=("de_DE", "fr_FR"),
    currency="EUR",
    providers=(
        Provider(5, "konto", "email", "Konto", "anmeldung", "kennung", "kennwort"),
        Provider(6, "telefon", "phone", "Telefon"),
    ),
    users=(
        User(301, "kundin@example.org", "geheim-1", "konto"),
        User(302, "kunde@example.org", "geheim-2", "konto"),
        User(303, "neukunde@example.org", "geheim-3", "konto", is_active=False),
    ),
    storages=(
        Storage(
            id=21,
            identifier="bestellungen",
            title="Bestellungen",
            form="bestellformular",
            attribute_set="bestelldaten",
            fields=(
                Field("besteller", "string"),
                Field("etage", "integer", is_required=False),
                Field("vermerk", "string", is_required=False),
            ),
            accounts=("rechnung", "karte", "lastschrift"),
            statuses=(
                Status(31, "storniert", "Storniert"),
                Status(32, "offen", "Offen"),
                Status(33, "bezahlt", "Bezahlt"),
            ),
            default_status="offen",
            payment_statuses=_following("offen", "bezahlt", "storniert", "storniert"),
        ),
        Storage(
            id=22,
            identifier="abos",
            title="Abos",
            form="aboformular",
            attribute_set="abodaten",
            fields=(Field("abonnent", "string"),),
            accounts=("karte",),
            statuses=(Status(41, "neu", "Neu"),),
            default_status="neu",
            payment_statuses={},
        ),
    ),
    accounts=(
        Account(11, "rechnung", "custom", "Rechnung"),
        Account(12, "karte", "stripe", "Karte"),
        Account(13, "lastschrift", "custom", "Lastschrift", is_connected=False),
        Account(14, "gutschein", "custom", "Gutschein"),
    ),
    products=(
        Product(501, "Lampe", Decimal("49.00")),
        Product(502, "Kerze", Decimal("3.35")),
        Product(503, "Tisch", Decimal("215.00"), stock=1),
    ),
    first_order=7001,
    first_session=901,
)

WORLDS = {"default": DEFAULT, "other": OTHER}
