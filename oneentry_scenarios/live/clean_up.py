"""Cancels the orders of live runs, which the API cannot delete: at the end of a run, or later from their list."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.api.exchange import MessageRedactor
from oneentry_scenarios.cassettes.file import Settings
from oneentry_scenarios.live.created_orders import CreatedOrders
from oneentry_scenarios.live.project import Access, signed_in
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile


def clean_up(created: CreatedOrders, profile: Profile, settings: Settings, connect: Callable[[], OneEntry]) -> str:
    """Give the orders of `created` the profile's status for it, and say what became of each; nothing without one."""
    status, orders = profile.orders.status_after_run, created.left()
    if status is None or not orders:
        return ""
    done, failed = [], []
    for number, why in _canceled(orders, status, profile, settings, connect):
        if why:
            failed.append(f"Order {number} could not be canceled: {why}.")
        else:
            created.canceled(number)
            done.append(str(number))
    return "\n".join([*([f"Canceled: {', '.join(done)}."] if done else []), *failed])


def clean_up_later(root: Path) -> str:
    """What `oneentry-scenarios cancel-orders` prints; raises Problem, also if an order could not be canceled."""
    variables = environment(root)
    settings = settings_from(variables)
    file = variables.get("ONEENTRY_PROFILE")
    profile = Profile.read(root / file) if file else Profile()
    if profile.orders.status_after_run is None:
        raise Problem(
            "The profile does not say which status canceled orders get. Add, as it is in your shop:\n"
            '  [orders]\n  status_after_run = "its identifier"'
        )
    redactor = Redactor()
    settings.learn(redactor, profile)
    config = Access(settings, Limits.from_environment(variables)).client_config(MessageRedactor(redactor))
    created = CreatedOrders(root, settings.host)
    said = clean_up(created, profile, settings, partial(OneEntry, config, profile.language))
    if created.left():
        raise Problem(said)
    return said or "No order on the list is left to cancel."


def _canceled(
    orders: Mapping[int, str], status: str, profile: Profile, settings: Settings, connect: Callable[[], OneEntry]
) -> Iterator[tuple[int, str]]:
    """Give `orders`, numbers with their storages, this `status`: each with why it failed, or nothing.

    Each is tried as both test users: the list does not say whose it is.
    """
    why, form = dict.fromkeys(orders, "no test user is set"), profile.sign_in
    for user, password in ((settings.user, settings.password), (settings.other_user, settings.other_password)):
        if not (left := [number for number, reason in why.items() if reason and user]):
            continue
        try:
            fields = (form.user_field, user), (form.password_field, password)
            with connect() as client, signed_in(client, form.provider, fields):
                for number in left:
                    why[number] = _refusal_of(client, orders[number], number, status)
        except OneEntryError as error:
            why |= {number: str(error.args[0]) for number in left if why[number]}
    yield from why.items()


def _refusal_of(client: OneEntry, storage: str, number: int, status: str) -> str:
    """Send an order as it is, with another status: observed to cancel it (service demo, CancelOrderButton)."""
    try:
        order = client.orders.get_order_by_marker_and_id(storage, number)
        client.orders.update_order_by_marker_and_id(
            storage,
            number,
            {
                "formIdentifier": order.form_identifier or "",
                "paymentAccountIdentifier": order.payment_account_identifier or "",
                "formData": [
                    {"type": each.type, "marker": each.marker, "value": each.value} for each in order.form_data
                ],
                "products": [{"productId": each.id, "quantity": each.quantity} for each in order.products],
                "statusIdentifier": status,
            },
        )
    except Refused as refusal:
        return f"{refusal.status} {refusal.reason}"
    return ""
